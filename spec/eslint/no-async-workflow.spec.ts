import { flow, judge, told } from './judge.ts'

judge('no-async-workflow', {
  good: {
    'async bodies of steps': flow(`return yield* step('a', async () => await order.load())`),
    'an async generator as a body, of which another rule tells': `
import { step, wait } from 'perdure'
function* flow() { yield* step('a', async function* () { yield* wait('1s') }) }`,
    'async code that is handed operations': `
import { step } from 'perdure'
it('plays', async () => { await play(flow).expect(step('a', () => 1)) })
function* flow() { yield* step('a', () => 1) }`,
    'async generators that have nothing to do with workflows': `
import { step } from 'perdure'
async function* lines() { yield 'a' }
function* flow() { yield* step('a', async () => { for await (const line of lines()) send(line) }) }`,
  },
  bad: {
    'async workflows and members': {
      code: `import { all, childContext, driver, map, wait } from 'perdure'
async function* flow() { yield* wait('1s') }
driver.lambdaHandler(async function (order) { return order })
function* other(order) {
  yield* childContext('a', async () => 1)
  yield* map(order.items, async (item) => item)
  yield* all([async () => 1])
}`,
      says: told('async', 2, 3, 5, 6, 7),
    },
    'operations that are awaited': {
      code: `import { step } from 'perdure'
export const handler = async () => {
  const a = await step('a', () => 1)
  const later = step('b', () => 1)
  return [a, await later]
}`,
      says: told('await', 3, 5),
    },
  },
})
