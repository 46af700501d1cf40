import { flow, judge, judgeTyped, told } from './judge.ts'

judge('no-unyielded-operation', {
  good: {
    'operations that are yielded at once or later': flow(`
const a = step('a', () => 1)
let b
if (order.rich) b = step('b', () => 2)
else b = wait('1s')
const both = yield* all([a, b])
return [both, yield* a, order.c ? yield* wait('1s') : 0]`),
    'operations that are handed on': flow(`
const members = []
for (const item of order.items) members.push(step(item, () => 1))
members[0] = wait('1s')
const named = { first: step('a', () => 1), ...order.more }
const chosen = order.rich ? step('a', () => 1) : wait('1s')
collect(step('b', () => 1))
return yield* all([...members, named.first, chosen])`),
    'what makes operations': `
import { all, map, step, wait } from 'perdure'
const charge = (order) => step('charge', () => order)
function refund(order) { return step('refund', () => order) }
function* flow(orders) {
  yield* map(orders, (order) => { return step('x', () => order) })
  yield* all(orders.map((order) => charge(order)))
  return yield* (orders.length > 0 ? refund(orders[0]) : wait('1s'))
}`,
    'what is said of an operation': flow(`
const a = step('a', () => 1)
log.info(a.name)
return yield* a`),
    'operations outside of workflows': `
import { step } from 'perdure'
it('refuses a bad name', () => { expect(() => { step('', () => 1) }).to.throw() })`,
  },
  bad: {
    statements: {
      code: flow(`step('a', () => 1)
wait('1s')
void step('b', () => 1)
order.rich && step('c', () => 1)
order.rich ? step('d', () => 1) : yield* wait('1s')
helper()
order.items.forEach((item) => step(item, () => 1))
;(() => { wait('1s') })()
function* helper() { yield* wait('1s') }`),
      says: told('dropped', 3, 4, 5, 6, 7, 8, 9, 10),
    },
    'the cancellation of a task': {
      code: flow(`const task = yield* fork(function* () { yield* wait('1s') })
task.cancel()`),
      says: told('dropped', 4),
    },
    'operations in place of their results': {
      code: flow(`const { id } = step('a', () => 1)
const b = step('b', () => 1).total
if (step('c', () => 1)) yield* wait('1s')
const d = step('d', () => 1) + 1
const e = \`\${step('e', () => 1)}\`
const f = step('f', () => 1) ?? 1
for (const one of step('g', () => 1)) log.info(one)
return [id, b, d, e, f]`),
      says: told('value', 3, 4, 5, 6, 7, 8, 9),
    },
    'operations that are returned': {
      code: flow(`if (order.rich) return step('a', () => 1)
yield* childContext('b', function* () { return helper() })
function* helper() { yield* wait('1s') }`),
      says: told('returned', 3, 4),
    },
    'variables that nobody yields': {
      code: flow(`const a = step('a', () => 1)
const payment = step('b', () => 1)
let c
try { c = step('c', () => 1) } catch { log.info('no') }
log.info(payment.id, c.total)`),
      says: told('unused', 3, 4, 6),
    },
  },
})

judgeTyped('no-unyielded-operation', {
  good: {
    'an operation behind an assertion': flow(`return yield* (step('a', () => 1) as any)!`),
  },
  bad: {
    'operations behind assertions': {
      code: flow(`step<number>('a', () => 1)!
const id = (step('b', () => 1) as any).id`),
      says: [
        ['dropped', 3],
        ['value', 4],
      ],
    },
  },
})
