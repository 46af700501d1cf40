import { poll, waitForCondition } from 'perdure'

import type { Handlers } from '../handler.ts'

function increment(count: number) {
  return count + 1
}

function fail(): never {
  throw new Error('the service is away')
}

/** Checks every second until the state has come to `threshold`. */
function until(threshold: number) {
  return poll.fixed<number>({ until: (count) => count >= threshold, delay: '1s' })
}

function* countTo(threshold: number) {
  return yield* waitForCondition(increment, { initialState: 0, strategy: until(threshold) })
}

function* satisfiedAtOnce(threshold: number) {
  return yield* waitForCondition((count: number) => count, {
    initialState: 5,
    strategy: until(threshold),
  })
}

function* countByName(threshold: number) {
  return yield* waitForCondition('poll-status', increment, {
    initialState: 0,
    strategy: until(threshold),
  })
}

function* countEveryTwoSeconds(threshold: number) {
  return yield* waitForCondition(increment, {
    initialState: 0,
    strategy: poll.fixed({ until: (count) => count >= threshold, delay: '2s' }),
  })
}

function* giveUpAfterThree() {
  return yield* waitForCondition(increment, {
    initialState: 0,
    strategy: poll.fixed({ until: () => false, delay: '1s', maxAttempts: 3 }),
  })
}

function* failingCheck() {
  return yield* waitForCondition(fail, { initialState: 0, strategy: until(1) })
}

interface Job {
  status: 'PENDING' | 'DONE'
  attempts: number
}

function* awaitJob() {
  return yield* waitForCondition<Job>(
    ({ attempts }) => ({ status: attempts === 1 ? 'DONE' : 'PENDING', attempts: attempts + 1 }),
    {
      initialState: { status: 'PENDING', attempts: 0 },
      strategy: ({ status }) => (status === 'PENDING' ? '1s' : false),
    },
  )
}

function* nothing() {
  return yield* waitForCondition<number | null>(() => null, {
    initialState: 0,
    strategy: () => false,
  })
}

function* twoInSequence() {
  const first = yield* waitForCondition(increment, { initialState: 0, strategy: until(2) })
  return yield* waitForCondition(increment, { initialState: first, strategy: until(4) })
}

export const handlers = {
  '6-1': { workflow: countTo },
  '6-2': { workflow: satisfiedAtOnce },
  '6-3': { workflow: countByName },
  '6-5': { workflow: countEveryTwoSeconds },
  '6-6': { workflow: giveUpAfterThree },
  '6-7': { workflow: failingCheck },
  '6-9': { workflow: awaitJob },
  '6-10': { workflow: nothing },
  '6-13': { workflow: twoInSequence },
} satisfies Handlers
