import { aboveTheResponse, largeInput } from './sizes.ts'

/** What somebody outside does to an execution while nothing of it runs. */
export interface Outside {
  succeed(result?: string): Promise<void>
  fail(error: { ErrorType?: string; ErrorMessage?: string; ErrorData?: string }): Promise<void>
  heartbeat(): Promise<void>
  stop(error?: { ErrorType?: string; ErrorMessage?: string }): Promise<void>
  /** Lets so many seconds pass. */
  sleep(seconds: number): Promise<void>
}

/** One run of a program of either SDK, and what must come of it. */
export interface Case {
  readonly program: string
  /** The names of functions in it are those of the SDK that runs the program. */
  readonly input?: unknown
  /** Another function than the usual one. */
  readonly host?: 'brief' | 'hasty'
  readonly outside?: (execution: Outside) => Promise<void>
  readonly ends: Ending
  /** Where perdure has another name for what went wrong, by one of the differences that are allowed. */
  readonly perdure?: Ending
}

export type Ending =
  | { readonly status: 'SUCCEEDED'; readonly result?: unknown }
  | {
      readonly status: 'FAILED' | 'STOPPED'
      readonly type: string
      readonly message: string | RegExp
    }
  | { readonly status: 'TIMED_OUT' }

const gives = (result: unknown): Ending => ({ status: 'SUCCEEDED', result })

const fails = (type: string, message: string | RegExp): Ending => ({
  status: 'FAILED',
  type,
  message,
})

/** Names of functions that programs call; `SDK` stands for the one that runs them. */
export const callees = {
  durable: 'SDK',
  brief: 'SDK-brief',
  plain: 'plain',
  failing: 'failing',
}

const batch = (results: readonly unknown[], facts: object = {}): Ending => ({
  status: 'SUCCEEDED',
  result: {
    completionReason: 'ALL_COMPLETED',
    status: 'SUCCEEDED',
    successCount: results.length,
    failureCount: 0,
    totalCount: results.length,
    results,
    ...facts,
  },
})

export const cases: readonly Case[] = [
  { program: 'step', input: 'Ada', ends: gives({ greeting: 'Hello, Ada!', letters: 11 }) },
  { program: 'stepOfNothing', ends: gives(undefined) },
  { program: 'stepRetried', ends: gives('attempt 3') },
  { program: 'stepExhausted', ends: fails('StepError', 'no funds') },
  { program: 'stepCaught', ends: gives('caught no funds') },
  { program: 'stepCrashed', ends: gives('survived') },
  { program: 'atMostOnceCrashed', ends: gives('interrupted') },
  { program: 'atMostOnceRetried', ends: gives('attempt 2') },
  { program: 'wait', ends: gives('waited') },
  { program: 'stepsAroundWait', ends: gives(2) },
  { program: 'condition', input: 3, ends: gives(3) },
  {
    program: 'conditionFailed',
    ends: fails('StepError', 'no funds'),
    perdure: fails('WaitForConditionError', 'no funds'),
  },
  {
    program: 'conditionExhausted',
    ends: fails('StepError', /exceeded maximum attempts/),
    perdure: fails('WaitForConditionError', /still false after 2 checks/),
  },
  { program: 'withRetry', ends: gives('paid at attempt 2') },

  {
    program: 'callback',
    outside: (execution) => execution.succeed('yes'),
    ends: gives('answered: yes'),
  },
  {
    program: 'callbackFailed',
    outside: (execution) => execution.fail({ ErrorType: 'Refused', ErrorMessage: 'no' }),
    ends: fails('CallbackExternalError', 'no'),
  },
  { program: 'callbackTimedOut', ends: fails('CallbackTimeoutError', /./) },
  {
    program: 'callbackHeartbeat',
    outside: async (execution) => {
      await execution.sleep(50)
      await execution.heartbeat()
      await execution.sleep(50)
      await execution.succeed('alive')
    },
    ends: gives('alive'),
  },
  { program: 'callbackSilent', ends: fails('CallbackTimeoutError', /heartbeat/i) },
  {
    program: 'callbackAfterStep',
    outside: (execution) => execution.succeed('"quoted"'),
    ends: gives('"quoted"'),
  },
  {
    program: 'waitForCallback',
    outside: (execution) => execution.succeed('{"ok":true}'),
    ends: gives('{"ok":true}'),
  },
  {
    program: 'waitForCallbackFailed',
    outside: (execution) => execution.fail({ ErrorType: 'Refused', ErrorMessage: 'no' }),
    ends: fails('CallbackExternalError', 'no'),
  },
  { program: 'waitForCallbackTimedOut', ends: fails('CallbackTimeoutError', /./) },
  { program: 'waitForCallbackNotSubmitted', ends: fails('CallbackSubmitterError', 'no funds') },
  {
    program: 'invokeDurable',
    input: callees,
    ends: gives({ greeting: 'Hello, Ada!', letters: 11 }),
  },
  {
    program: 'invokePlain',
    input: callees,
    ends: gives({ event: { say: 'hello' }, tenant: null }),
  },
  { program: 'invokeFailed', input: callees, ends: fails('InvokeError', 'no funds') },
  { program: 'invokePlainFailed', input: callees, ends: fails('InvokeError', 'out of stock') },
  { program: 'invokeCaught', input: callees, ends: gives('caught out of stock') },
  { program: 'invokeMissing', ends: fails('InvokeError', /nobody/) },
  { program: 'invokeTimedOut', input: callees, ends: fails('InvokeError', /timed out/) },
  { program: 'invokeForTenant', input: callees, ends: gives({ event: 'hello', tenant: 'blue' }) },

  { program: 'child', ends: gives(2) },
  { program: 'childFailed', ends: fails('ChildContextError', 'no funds') },
  { program: 'childThrew', ends: fails('ChildContextError', 'no funds') },
  { program: 'childLarge', ends: gives(300_000) },
  { program: 'map', input: [1, 2, 3], ends: batch([1, 4, 9]) },
  { program: 'mapWaiting', input: [3, 1, 2], ends: batch([3, 1, 2]) },
  {
    program: 'mapFailed',
    input: [1, 2, 3],
    ends: batch([1], {
      completionReason: 'FAILURE_TOLERANCE_EXCEEDED',
      status: 'FAILED',
      failureCount: 1,
      totalCount: 2,
    }),
  },
  {
    program: 'mapTolerant',
    input: [1, 2, 3],
    ends: batch([1, 3], { status: 'FAILED', failureCount: 1, totalCount: 3 }),
  },
  { program: 'mapOfNothing', ends: batch([]) },
  { program: 'mapFlat', input: [1, 2], ends: batch([1, 4]) },
  { program: 'mapLarge', input: [1, 2, 3], ends: gives([100_000, 100_000, 100_000]) },
  { program: 'parallel', ends: batch(['A', 'B']) },
  {
    program: 'parallelEnough',
    ends: batch(['a', 'c'], {
      completionReason: 'MIN_SUCCESSFUL_REACHED',
      status: 'FAILED',
      failureCount: 1,
      totalCount: 3,
    }),
  },
  { program: 'parallelThrown', ends: fails('ChildContextError', 'no funds') },
  {
    program: 'parallelInvalid',
    ends: fails('Error', /Invalid maxConcurrency/),
    perdure: fails('InvalidOptionError', /`maxConcurrency`/),
  },
  { program: 'all', ends: gives([1, 2]) },
  {
    program: 'allFailed',
    ends: fails('PromiseCombinatorError', 'no funds'),
    perdure: fails('StepError', 'no funds'),
  },
  { program: 'allSettled', ends: gives(['fulfilled', 'rejected']) },
  { program: 'any', ends: gives(2) },
  { program: 'anyFailed', ends: gives('none') },
  { program: 'race', ends: gives('over') },

  { program: 'echo', input: { a: [1, null, 'é'] }, ends: gives({ a: [1, null, 'é'] }) },
  { program: 'nothing', ends: gives(undefined) },
  { program: 'thrown', ends: fails('PaymentError', 'no funds') },
  { program: 'thrownAfterStep', ends: fails('TypeError', 'not what was expected') },
  { program: 'largeInput', input: largeInput, ends: gives(largeInput.length) },
  { program: 'largeResult', ends: gives(aboveTheResponse) },
  {
    program: 'tooLargeResult',
    ends: fails('Runtime.NodeJsExit', /nothing can settle/),
    perdure: fails('PayloadTooLargeError', /6400002 bytes/),
  },
  { program: 'crashed', ends: gives('survived') },
  { program: 'crashing', ends: fails('Runtime.ExitError', /exit status 1/) },
  { program: 'endless', host: 'hasty', ends: fails('Sandbox.Timedout', /timed out/) },
  { program: 'wait', host: 'brief', ends: { status: 'TIMED_OUT' } },
  {
    program: 'stopped',
    outside: (execution) => execution.stop({ ErrorType: 'Operator', ErrorMessage: 'enough' }),
    ends: { status: 'STOPPED', type: 'Operator', message: 'enough' },
  },
]
