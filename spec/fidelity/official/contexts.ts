import { type BatchResult, NestingType, retryPresets } from '@aws/durable-execution-sdk-js'
import { fail } from '../errors.ts'
import type { Programs } from './program.ts'

const once = { retryStrategy: retryPresets.noRetry }
const itemNamer = (item: unknown) => `item ${String(item)}`
const inTurn = { maxConcurrency: 1, itemNamer }

function facts(batch: BatchResult<unknown>) {
  const { completionReason, status, successCount, failureCount, totalCount } = batch
  const results = batch.getResults()
  return { completionReason, status, successCount, failureCount, totalCount, results }
}

export const contexts: Programs = {
  child: async (_input, context) =>
    context.runInChildContext('outer', async (outer) => {
      const one = await outer.step('one', async () => 1)
      return outer.runInChildContext('inner', async (inner) => {
        await inner.wait('pause', { minutes: 1 })
        return inner.step('two', async () => one + 1)
      })
    }),
  childFailed: async (_input, context) =>
    context.runInChildContext('outer', async (outer) =>
      outer.step('charge', async () => fail(), once),
    ),
  childThrew: async (_input, context) => context.runInChildContext('outer', async () => fail()),
  childLarge: async (_input, context) => {
    const large = await context.runInChildContext('outer', async (outer) => {
      const letter = await outer.step('letter', async () => 'x')
      return letter.repeat(300_000)
    })
    await context.wait('pause', { minutes: 1 })
    return large.length
  },
  map: async (items: number[], context) => {
    const square = async (inner: typeof context, item: number) =>
      inner.step('square', async () => item * item)
    return facts(await context.map('squares', items, square, inTurn))
  },
  mapWaiting: async (items: number[], context) =>
    facts(
      await context.map(
        'naps',
        items,
        async (inner, item) => {
          await inner.wait('nap', { minutes: item })
          return inner.step('wake', async () => item)
        },
        { itemNamer },
      ),
    ),
  mapFailed: async (items: number[], context) => {
    const unlessTwo = async (_inner: typeof context, item: number) => (item === 2 ? fail() : item)
    return facts(await context.map('fussy', items, unlessTwo, inTurn))
  },
  mapTolerant: async (items: number[], context) => {
    const unlessTwo = async (_inner: typeof context, item: number) => (item === 2 ? fail() : item)
    const completionConfig = { toleratedFailureCount: 1 }
    return facts(await context.map('fussy', items, unlessTwo, { ...inTurn, completionConfig }))
  },
  mapOfNothing: async (_input, context) =>
    facts(await context.map('none', [], async () => 1, inTurn)),
  mapFlat: async (items: number[], context) => {
    const square = async (inner: typeof context, item: number) =>
      inner.step(`square ${item}`, async () => item * item)
    return facts(await context.map('flat', items, square, { ...inTurn, nesting: NestingType.FLAT }))
  },
  mapLarge: async (items: number[], context) => {
    const long = async (_inner: typeof context, item: number) => String(item).repeat(100_000)
    const batch = await context.map('long', items, long, inTurn)
    await context.wait('pause', { minutes: 1 })
    return batch.getResults().map((result) => result.length)
  },
  parallel: async (_input, context) =>
    facts(
      await context.parallel(
        'both',
        [
          { name: 'first', func: async (inner) => inner.step('a', async () => 'A') },
          { name: 'second', func: async (inner) => inner.step('b', async () => 'B') },
        ],
        { maxConcurrency: 1 },
      ),
    ),
  parallelEnough: async (_input, context) =>
    facts(
      await context.parallel(
        'enough',
        [async () => 'a', async () => fail(), async () => 'c', async () => 'd'],
        { maxConcurrency: 1, completionConfig: { minSuccessful: 2 } },
      ),
    ),
  parallelThrown: async (_input, context) => {
    const batch = await context.parallel('both', [async () => fail(), async () => 'b'], {
      maxConcurrency: 1,
    })
    batch.throwIfError()
    return 'unreachable'
  },
  parallelInvalid: async (_input, context) =>
    facts(await context.parallel('none at a time', [async () => 'a'], { maxConcurrency: 0 })),
  all: async (_input, context) => {
    const one = context.step('one', async () => 1)
    const two = context.step('two', async () => 2)
    return context.promise.all('both', [one, two])
  },
  allFailed: async (_input, context) => {
    const one = context.step('one', async () => 1)
    const two = context.step('two', async () => fail(), once)
    return context.promise.all('both', [one, two])
  },
  allSettled: async (_input, context) => {
    const one = context.step('one', async () => 1)
    const two = context.step('two', async (): Promise<number> => fail(), once)
    const settled = await context.promise.allSettled('both', [one, two])
    return settled.map(({ status }) => status)
  },
  any: async (_input, context) => {
    const one = context.step('one', async (): Promise<number> => fail(), once)
    const two = context.step('two', async () => 2)
    return context.promise.any('either', [one, two])
  },
  anyFailed: async (_input, context) => {
    const one = context.step('one', async () => fail('one'), once)
    const two = context.step('two', async () => fail('two'), once)
    try {
      return await context.promise.any('either', [one, two])
    } catch {
      return 'none'
    }
  },
  race: async (_input, context) => {
    const slow = context.wait('slow', { minutes: 10 })
    const fast = context.wait('fast', { minutes: 1 })
    await context.promise.race('first', [slow, fast])
    return 'over'
  },
}
