import { childContext, retry, step, wait, type WorkflowContext } from 'perdure'

import type { Handlers } from '../handler.ts'

function fail(): never {
  throw new Error('this never works')
}

function* stepInChild(input: string) {
  return yield* childContext(() => step(() => input))
}

function* namedChild({ name, value }: { name: string; value: string }) {
  return yield* childContext(name, () => step(() => value))
}

function* twoStepsInChild(input: string) {
  return yield* childContext('two-steps', function* () {
    const first = yield* step(() => input)
    return yield* step(() => first)
  })
}

function* failInChild() {
  return yield* childContext('failing', () => step(fail, { retry: retry.none }))
}

function* recoverFromChild(input: string) {
  try {
    return yield* childContext(() => step(fail, { retry: retry.none }))
  } catch {
    return yield* step(() => input)
  }
}

function* childInChild(input: string) {
  return yield* childContext('outer', function* () {
    const value = yield* step(() => input)
    return yield* childContext('inner', () => step(() => value))
  })
}

function* exhaustRetriesInChild() {
  return yield* childContext('exhausted', () =>
    step(fail, { retry: retry.fixed({ delay: '1s', maxAttempts: 2 }) }),
  )
}

function* stepAndWaitInChild(input: string) {
  return yield* childContext('step-and-wait', function* () {
    const value = yield* step(() => input)
    yield* wait('1s')
    return value
  })
}

/** More than a checkpoint takes, so the child's body runs again on replay. */
const largeSize = 300 * 1024

function* largeResultOfChild(input: string, { log }: WorkflowContext) {
  const large = yield* childContext('large', function* () {
    log.info(`building the large result of ${input}`)
    const letter = yield* step(() => 'x')
    return letter.repeat(largeSize)
  })
  yield* wait('1s')
  return large.length
}

function* waitInChild(input: string) {
  const value = yield* childContext('waiting', function* () {
    yield* wait('1s')
    return input
  })
  return yield* step(() => value)
}

function* throwInChild(): Generator<never, never> {
  throw new Error('nothing to be done')
}

function* childWithoutOperations() {
  return yield* childContext('throwing', throwInChild)
}

function* nothingFromChild() {
  return yield* childContext('nothing', function* () {
    return null
  })
}

function* logInChild(input: string, { log }: WorkflowContext) {
  const value = yield* childContext('logging', function* () {
    log.info(`the child saw ${input}`)
    return input
  })
  yield* wait('1s')
  return value
}

export const handlers = {
  '3-1': { workflow: stepInChild },
  '3-2': { workflow: namedChild },
  '3-3': { workflow: twoStepsInChild },
  '3-4': { workflow: failInChild },
  '3-5': { workflow: recoverFromChild },
  '3-6': { workflow: childInChild },
  '3-8': { workflow: exhaustRetriesInChild },
  '3-10': { workflow: stepAndWaitInChild },
  '3-11': { workflow: largeResultOfChild, options: { replayLogs: 'all' } },
  '3-13': { workflow: waitInChild },
  '3-15': { workflow: childWithoutOperations },
  '3-16': { workflow: nothingFromChild },
  '3-17': { workflow: logInChild, options: { replayLogs: 'all' } },
} satisfies Handlers
