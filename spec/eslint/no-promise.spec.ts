import { flow, judge, told } from './judge.ts'

judge('no-promise', {
  good: {
    'promises in the body of a step': flow(`
yield* step('a', () => Promise.all([order.a(), new Promise((go) => go(1)).then(() => 2)]))`),
    'the combinators of perdure': flow(`yield* all([wait('1s'), wait('2s')])`),
    'promises outside of workflows': `import 'perdure'; Promise.all([]).then(() => 1)`,
  },
  bad: {
    combinators: {
      code: flow(`Promise.all([step('a', () => 1), wait('1s')])
Promise.race(order.items.map((item) => step(item, () => 1)))
Promise['allSettled']([])
Promise.any([])`),
      says: told('combinator', 3, 4, 5, 6),
    },
    'other promises': {
      code: flow(`yield* wait('1s')
new Promise(() => 1)
Promise.resolve(1)
order.load().then(() => 1)`),
      says: told('promise', 4, 5, 6),
    },
  },
})
