import { flow, judge, told } from './judge.ts'

judge('no-captured-write', {
  good: {
    'writes of the workflow itself': flow(`
let total = 0
const ids = []
for (const item of order.items) {
  total += yield* step('a', () => item.price)
  ids.push(item.id)
  order.items.forEach(() => { total++ })
}
order.total = total`),
    'writes to what a body has of its own': flow(`
yield* step('a', (context) => {
  let total = 0
  const list = []
  for (const item of order.items) { total += item.price; list.push(item) }
  context.seen = true
  return { total, list }
})`),
    reads: flow(`yield* step('a', () => !order.done && -order.total + typeof order.id)`),
    'effects on clients': `
import { step } from 'perdure'
import { queue } from './queue.js'
const sent = []
export function flow(cache) {
  return function* (order) {
    const table = connect(order.region)
    yield* step('a', () => { queue.push(order); sent.push(order); cache.set(1, order); cache.last = 1 })
    yield* step('b', () => { table.delete(order.id); table.push(order) })
  }
}`,
    'members that every replay enters': flow(`
let total = 0
yield* all([function* () { total += yield* step('a', () => 1) }])
yield* map(order.items, function* () { total++ }, { nesting: 'flat' })
yield* childContext(function* () { total++ }, { virtual: true })
const task = yield* fork(function* () { total++ })
return [total, yield* task]`),
  },
  bad: {
    'variables that are set': {
      code: flow(`let total = 0, last, rest
yield* step('a', () => { total = 1 })
yield* step('b', () => { total += 1 })
yield* step('c', async () => { total++ })
yield* step('d', () => { [last, ...rest] = order.items })
yield* step('e', () => { ({ last = 1, a: rest } = order) })
yield* step('f', () => { for (last of order.items) send(last) })
yield* step('g', () => order.items.map((item) => (total += item)))
yield* step('h', function () { order = null })`),
      says: told('captured', 4, 5, 6, 7, 7, 8, 8, 9, 10, 11),
    },
    'things that are changed': {
      code: flow(`const list = [], seen = new Set(), byId = new Map(), state = {}
const loaded = yield* step('load', () => [])
yield* step('a', () => { list.push(1) })
yield* step('b', () => seen.add(1))
yield* step('c', () => byId.set(1, 2))
yield* step('d', () => { state.a.b = 1 })
yield* step('e', () => { delete order.id; order['total']++ })
yield* step('f', () => Object.assign(state, { a: 1 }))
yield* step('g', () => order.items.sort())
yield* step('h', () => loaded.splice(0, 1))`),
      says: told('captured', 5, 6, 7, 8, 9, 9, 10, 11, 12),
    },
    'writes in whatever a replay leaves out': {
      code: `import { childContext, map, race, saga, step, waitForCallback, waitForCondition, wait } from 'perdure'
function* flow(order) {
  let a
  yield* waitForCallback('a', (id) => { a = id })
  yield* waitForCondition('b', () => { a = 1 }, { initialState: 1, strategy: () => false })
  yield* step('c', () => 1, { compensate: () => { a = 1 } })
  yield* step('d', local)
  yield* childContext('e', function* () { a = yield* step('f', () => 1) })
  yield* map('g', order.items, function* () { a = 1 })
  yield* race([function* () { a = 1 }, wait('1s')])
  yield* saga(function* () { a = 1 })
  function local() { a = 1 }
}`,
      says: told('captured', 4, 5, 6, 8, 9, 10, 11, 12),
    },
  },
})
