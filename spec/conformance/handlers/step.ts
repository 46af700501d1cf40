import { retry, step, wait, type WorkflowContext } from 'perdure'

import type { Handlers } from '../handler.ts'

class TransientError extends Error {}

/** Fails until the given attempt, and succeeds with `value` then. */
function succeedsAt<T>(attempt: number, value: T) {
  return (context: { attempt: number }) => {
    if (context.attempt < attempt) throw new Error(`attempt ${context.attempt} failed`)
    return value
  }
}

function fail(): never {
  throw new Error('this never works')
}

function* greet(name: string) {
  return yield* step(() => `Hello, ${name}!`)
}

function* greetByName(name: string) {
  return yield* step('custom_step_name', () => `Hello, ${name}!`)
}

function* stepAfterStep() {
  const first = yield* step(() => 'first')
  return yield* step(() => `${first}_second`)
}

function* describePerson({ name, tags }: { name: string; tags: string[] }) {
  return yield* step(() => ({ user: { name, tags }, count: tags.length }))
}

function* nothing() {
  return yield* step(() => null)
}

function* greetAloud(name: string) {
  return yield* step(({ log }) => {
    log.info(`Greeting step started for: ${name}`)
    const greeting = `Hello, ${name}!`
    log.info(`Greeting step completed with: ${greeting}`)
    return greeting
  })
}

function* stepThenWait() {
  const value = yield* step(() => 'computed')
  yield* wait('2s')
  return value
}

function* loggedStepThenWait() {
  const value = yield* step(({ log }) => {
    log.info('step executed')
    return 'cached_value'
  })
  yield* wait('1s')
  return value
}

function* failOnce() {
  return yield* step(succeedsAt(2, 'Operation succeeded'), { retry: retry.fixed({ delay: '1s' }) })
}

function* failFourTimes() {
  return yield* step(fail, { retry: retry.fixed({ delay: '1s', maxAttempts: 4 }) })
}

function* failTwiceByDefault() {
  return yield* step(succeedsAt(3, 'third time lucky'))
}

function* retryTransientErrors() {
  return yield* step(
    ({ attempt }) => {
      if (attempt === 1) throw new TransientError('try again')
      return 'done'
    },
    { retry: retry.fixed({ delay: '1s', retryOn: [TransientError] }) },
  )
}

function* crashAtMostOnce(input: string) {
  return yield* step(
    'at_most_once_flaky_step',
    ({ log }) => {
      log.info(`about to crash with ${input}`)
      process.exit(1)
    },
    { semantics: 'at-most-once', retry: retry.none },
  )
}

function* failForGood() {
  return yield* step(fail, { retry: retry.none })
}

function* fallBack(_input: unknown, { log }: WorkflowContext) {
  try {
    return yield* step(fail, { retry: retry.none })
  } catch (error) {
    log.warn('falling back', { error })
    return yield* step(() => 'fallback_result')
  }
}

export const handlers = {
  '1-1': { workflow: greet },
  '1-2': { workflow: greetByName },
  '1-3': { workflow: stepAfterStep },
  '1-4': { workflow: describePerson },
  '1-5': { workflow: nothing },
  '1-7': { workflow: greetAloud },
  '1-8': { workflow: stepThenWait },
  '1-9': { workflow: loggedStepThenWait },
  '1-11': { workflow: failOnce },
  '1-12': { workflow: failFourTimes },
  '1-13': { workflow: failTwiceByDefault },
  '1-15': { workflow: retryTransientErrors },
  '1-17': { workflow: crashAtMostOnce },
  '1-19': { workflow: failForGood },
  '1-20': { workflow: fallBack },
} satisfies Handlers
