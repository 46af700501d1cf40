import { flow, judge, told } from './judge.ts'

judge('yield-star', {
  good: {
    'yield*, of whatever it may be': flow(`
const task = yield* fork(function* () { return yield* wait('1s') })
const { id, result } = yield* createCallback()
yield* task.cancel()
return [yield* task, yield* result, yield* order.anything(), id]`),
    'generators that are no workflows': `
import { step } from 'perdure'
function* numbers() { yield 1 }
function* flow() { yield* step('a', () => [...numbers()]) }`,
  },
  bad: {
    'an operation': {
      code: flow(`return yield step('a', () => 1)`),
      says: told('star', 3),
      fixed: flow(`return yield* step('a', () => 1)`),
    },
    'operations by name, helpers, tasks and results': {
      code: flow(`
const first = step('a', () => 1)
const callback = yield* createCallback()
const { result } = callback
const task = yield* fork(first)
yield first
yield helper()
yield callback.result
yield result
yield task
yield task.cancel()
return (yield/* here */now())
function* helper() { yield* wait('1s') }`),
      says: told('star', 8, 9, 10, 11, 12, 13, 14),
      fixed: flow(`
const first = step('a', () => 1)
const callback = yield* createCallback()
const { result } = callback
const task = yield* fork(first)
yield* first
yield* helper()
yield* callback.result
yield* result
yield* task
yield* task.cancel()
return (yield*/* here */now())
function* helper() { yield* wait('1s') }`),
    },
    'what may be an operation or not': {
      code: flow(`yield* wait('1s')
yield order.anything()`),
      says: told('unknown', 4),
      suggested: flow(`yield* wait('1s')
yield* order.anything()`),
    },
    'an empty yield': {
      code: flow(`yield* wait('1s')
yield`),
      says: told('nothing', 4),
    },
    'a list of operations': {
      code: flow(`yield* [step('a', () => 1), step('b', () => 2)]`),
      says: told('list', 3),
    },
  },
})
