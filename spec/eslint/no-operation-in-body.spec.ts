import { flow, judge, told } from './judge.ts'

judge('no-operation-in-body', {
  good: {
    'operations in child contexts and members': flow(`
yield* childContext('a', function* () { yield* step('b', () => 1) })
yield* map(order.items, (item) => step(item, () => 1))
yield* race({ a: () => step('a', () => 1), late: wait('1s') })`),
    'functions of that name from elsewhere': `
import { step } from 'perdure'
import { map, now } from './lists.js'
function* flow() { yield* step('a', () => map([now()], () => 1)) }`,
    'steps that return what a plain generator gives': `
import { step } from 'perdure'
function* numbers() { yield 1 }
function* flow() { yield* step('a', () => [...numbers()]) }`,
  },
  bad: {
    'operations in bodies of every kind': {
      code: `import { step, wait, waitForCallback, waitForCondition } from 'perdure'
const send = async () => { await wait('1s') }
function* helper() { yield* wait('1s') }
function other() { wait('1s') }
function* flow(order) {
  yield* step('a', () => step('b', () => 1))
  yield* step('c', async () => { if (1) wait('1s') })
  yield* waitForCallback('d', (id) => step('e', () => id))
  yield* waitForCondition('f', () => wait('1s'), { initialState: 0, strategy: () => false })
  yield* step('g', () => 1, { compensate: (it) => step('h', () => it) })
  yield* step('i', send)
  yield* step('j', order.rich ? other : 0)
  yield* step('j', () => helper())
  yield* step('k', () => [1].map(() => wait('1s')))
}`,
      says: told('operation', 2, 4, 6, 7, 8, 9, 10, 13, 14),
    },
    'what is drawn': {
      code: flow(`yield* step('a', () => [now(), uuid(), random()])`),
      says: told('drawn', 3, 3, 3),
    },
    'generators as bodies, once': {
      code: `import { step } from 'perdure'
function* flow() {
  yield* step('a', function* () { yield* step('b', () => 1) })
  yield* step('c', helper)
}
function* helper() { yield* step('d', () => 1) }`,
      says: told('generator', 3, 6),
    },
  },
})
