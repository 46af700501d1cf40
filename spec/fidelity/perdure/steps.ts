import { childContext, poll, retry, step, wait, waitForCondition } from '../../../lib/index.ts'
import { crashOnce, untilStarted } from '../crash-once.ts'
import { fail } from '../errors.ts'
import type { Programs } from './program.ts'

const thrice = retry.exponential({
  maxAttempts: 3,
  initialDelay: '2s',
  backoffRate: 2,
  jitter: 'none',
})

const once = { retry: retry.none }

const until = (threshold: number, maxAttempts: number) =>
  poll.fixed<number>({ until: (count) => count >= threshold, maxAttempts, delay: '3s' })

export const steps: Programs = {
  *step(name: string) {
    const greeting = yield* step('greet', () => `Hello, ${name}!`)
    return yield* step(() => ({ greeting, letters: greeting.length }))
  },
  *stepOfNothing() {
    return yield* step('nothing', () => undefined)
  },
  *stepRetried() {
    return yield* step(
      'flaky',
      ({ attempt }) => (attempt < 3 ? fail(`attempt ${attempt}`) : `attempt ${attempt}`),
      { retry: thrice },
    )
  },
  *stepExhausted() {
    return yield* step('hopeless', () => fail(), { retry: thrice })
  },
  *stepCaught() {
    try {
      return yield* step('charge', () => fail(), once)
    } catch (error) {
      return yield* step('fall back', () => `caught ${(error as Error).message}`)
    }
  },
  *stepCrashed() {
    return yield* step('crashes once', async ({ executionArn }) => {
      await untilStarted()
      crashOnce(executionArn)
      return 'survived'
    })
  },
  *atMostOnceCrashed() {
    try {
      return yield* step('charge', () => process.exit(1), { ...once, semantics: 'at-most-once' })
    } catch {
      return 'interrupted'
    }
  },
  *atMostOnceRetried() {
    return yield* step(
      'charge',
      ({ attempt }) => {
        if (attempt === 1) process.exit(1)
        return `attempt ${attempt}`
      },
      { semantics: 'at-most-once', retry: thrice },
    )
  },
  *wait() {
    yield* wait('an hour', '1h')
    yield* wait('2d')
    return 'waited'
  },
  *stepsAroundWait() {
    const before = yield* step('before', () => 1)
    yield* wait('pause', '5m')
    return yield* step('after', () => before + 1)
  },
  *condition(threshold: number) {
    return yield* waitForCondition('count', (count: number) => count + 1, {
      initialState: 0,
      strategy: until(threshold, 10),
    })
  },
  *conditionFailed() {
    return yield* waitForCondition('count', (): number => fail(), {
      initialState: 0,
      strategy: until(3, 10),
    })
  },
  *conditionExhausted() {
    return yield* waitForCondition('count', (count: number) => count + 1, {
      initialState: 0,
      strategy: until(5, 2),
    })
  },
  // What the official `withRetry` does, spelled out.
  *withRetry() {
    return yield* childContext('pay', function* () {
      for (let attempt = 1; ; attempt++) {
        try {
          return yield* step(
            'charge',
            () => (attempt < 2 ? fail() : `paid at attempt ${attempt}`),
            once,
          )
        } catch (error) {
          const delay = thrice(error, attempt)
          if (delay === false) throw error
          yield* wait(`pay-backoff-${attempt}`, delay)
        }
      }
    })
  },
}
