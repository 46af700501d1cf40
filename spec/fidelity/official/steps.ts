import {
  createRetryStrategy,
  createWaitStrategy,
  JitterStrategy,
  retryPresets,
  StepSemantics,
  withRetry,
} from '@aws/durable-execution-sdk-js'
import { crashOnce, untilStarted } from '../crash-once.ts'
import { fail } from '../errors.ts'
import type { Programs } from './program.ts'

const thrice = createRetryStrategy({
  maxAttempts: 3,
  initialDelay: { seconds: 2 },
  backoffRate: 2,
  jitter: JitterStrategy.NONE,
})

const once = { retryStrategy: retryPresets.noRetry }

const until = (threshold: number, maxAttempts: number) =>
  createWaitStrategy<number>({
    shouldContinuePolling: (count) => count < threshold,
    maxAttempts,
    initialDelay: { seconds: 3 },
    backoffRate: 1,
    jitter: JitterStrategy.NONE,
  })

export const steps: Programs = {
  step: async (name: string, context) => {
    const greeting = await context.step('greet', async () => `Hello, ${name}!`)
    return context.step(async () => ({ greeting, letters: greeting.length }))
  },
  stepOfNothing: async (_input, context) => context.step('nothing', async () => undefined),
  stepRetried: async (_input, context) =>
    context.step(
      'flaky',
      async ({ attempt }) => (attempt < 3 ? fail(`attempt ${attempt}`) : `attempt ${attempt}`),
      { retryStrategy: thrice },
    ),
  stepExhausted: async (_input, context) =>
    context.step('hopeless', async () => fail(), { retryStrategy: thrice }),
  stepCaught: async (_input, context) => {
    try {
      return await context.step('charge', async () => fail(), once)
    } catch (error) {
      return context.step('fall back', async () => `caught ${(error as Error).message}`)
    }
  },
  stepCrashed: async (_input, context) =>
    context.step('crashes once', async () => {
      await untilStarted()
      crashOnce(context.executionContext.durableExecutionArn)
      return 'survived'
    }),
  atMostOnceCrashed: async (_input, context) => {
    try {
      return await context.step('charge', async () => process.exit(1), {
        ...once,
        semantics: StepSemantics.AtMostOncePerRetry,
      })
    } catch {
      return 'interrupted'
    }
  },
  atMostOnceRetried: async (_input, context) =>
    context.step(
      'charge',
      async ({ attempt }) => {
        if (attempt === 1) process.exit(1)
        return `attempt ${attempt}`
      },
      { semantics: StepSemantics.AtMostOncePerRetry, retryStrategy: thrice },
    ),
  wait: async (_input, context) => {
    await context.wait('an hour', { hours: 1 })
    await context.wait({ days: 2 })
    return 'waited'
  },
  stepsAroundWait: async (_input, context) => {
    const before = await context.step('before', async () => 1)
    await context.wait('pause', { minutes: 5 })
    return context.step('after', async () => before + 1)
  },
  condition: async (threshold: number, context) =>
    context.waitForCondition('count', async (count: number) => count + 1, {
      initialState: 0,
      waitStrategy: until(threshold, 10),
    }),
  conditionFailed: async (_input, context) =>
    context.waitForCondition('count', async (): Promise<number> => fail(), {
      initialState: 0,
      waitStrategy: until(3, 10),
    }),
  conditionExhausted: async (_input, context) =>
    context.waitForCondition('count', async (count: number) => count + 1, {
      initialState: 0,
      waitStrategy: until(5, 2),
    }),
  withRetry: async (_input, context) =>
    withRetry(
      context,
      'pay',
      async (inner, attempt) =>
        inner.step(
          'charge',
          async () => (attempt < 2 ? fail() : `paid at attempt ${attempt}`),
          once,
        ),
      { retryStrategy: thrice },
    ),
}
