import { toMilliseconds, type Duration } from '../../kernel/duration.ts'
import { toErrorRecord, type ErrorClass } from '../../kernel/error-record.ts'
import { PerdureError } from '../../kernel/errors.ts'
import type { Deserializer, SerdesContext, Serializer } from '../../kernel/serdes.ts'
import { isPromiseLike } from '../../kernel/settled.ts'
import type { CallbackOptions } from '../../operations/callback.ts'
import type { InvokeOptions } from '../../operations/invoke.ts'
import type { Descriptor } from '../../operations/operation.ts'
import { callbackTimeout, heartbeatTimeout } from '../../service/ending.ts'
import type { Settlement } from '../../service/transition.ts'
import type { Sight } from './encounters.ts'
import { asyncSerdes, StepperError } from './misuse.ts'

export interface AnswerOptions {
  /** How much time passes before the answer is there; a millisecond when left out. */
  readonly after?: Duration | undefined
}

export interface SuccessOptions extends AnswerOptions {
  /** Whether a poll is over with that state, even if its strategy would go on; false when left out. */
  readonly met?: boolean | undefined
}

export interface FailureOptions extends AnswerOptions {
  /** Whether only the attempt fails, and the retry strategy decides; false when left out. */
  readonly retry?: boolean | undefined
}

export interface TimeoutOptions {
  /** Whether only the attempt is out of time, and the retry strategy decides; false when left out. */
  readonly retry?: boolean | undefined
  /** Whether a callback that has both timeouts misses its heartbeat; false when left out. */
  readonly heartbeat?: boolean | undefined
}

/** How an operation was answered, as data, so that a run can be walked again. */
export type Answer =
  | { readonly how: 'succeed'; readonly value: unknown; readonly options: SuccessOptions }
  | { readonly how: 'fail'; readonly error: unknown; readonly options: FailureOptions }
  | { readonly how: 'timeout'; readonly options: TimeoutOptions }

/** What the world around a run needs to know of it to answer from outside. */
export interface Outside {
  readonly executionArn: string
  readonly settings: {
    readonly serdes: Deserializer<unknown>
    readonly errors: readonly ErrorClass[]
  }
}

type AnyOptions = CallbackOptions<unknown> & InvokeOptions<unknown, unknown>

/** How a callback or a chained invoke ends by an answer, as the service would tell of it. */
export function settlementOf(answer: Answer, sight: Sight, outside: Outside): Settlement {
  const { id, words, operation } = sight
  const { settings, executionArn } = outside
  const isInvoke = operation.kind === 'invoke'
  switch (answer.how) {
    case 'succeed': {
      const { serdes, resultSerdes } = optionsOf(operation)
      const reader = isInvoke ? (resultSerdes ?? settings.serdes) : serdes
      const context = { operationId: id, executionArn }
      return { status: 'SUCCEEDED', result: textFor(answer.value, reader, words, context) }
    }
    case 'fail':
      return { status: 'FAILED', error: toErrorRecord(answer.error, settings.errors) }
    case 'timeout':
      if (isInvoke) return { status: 'TIMED_OUT', error: invokeTimeout }
      return {
        status: 'TIMED_OUT',
        error: isHeartbeat(answer.options, operation) ? heartbeatTimeout : callbackTimeout,
      }
  }
}

/** As long as a plain function may take. */
const longestInvoke = 900

const invokeTimeout = {
  ErrorType: 'ChainedInvoke.Timeout',
  ErrorMessage: `CHAINED_INVOKE timed out after ${longestInvoke} seconds.`,
}

function isHeartbeat({ heartbeat = false }: TimeoutOptions, operation: Descriptor<unknown>) {
  const { timeout, heartbeatTimeout } = optionsOf(operation)
  return heartbeatTimeout !== undefined && (heartbeat || timeout === undefined)
}

/** A value as the text that whoever reads it will understand. */
function textFor(
  value: unknown,
  reader: Deserializer<unknown> | undefined,
  words: string,
  context: SerdesContext,
): string | undefined {
  if (value === undefined) return undefined
  if (reader === undefined) return JSON.stringify(value)
  const { serialize } = reader as Partial<Serializer<unknown>>
  if (serialize === undefined) {
    if (typeof value === 'string') return value
    throw new StepperError(
      'CANNOT_ANSWER',
      `The answer to ${words} is read by a deserializer, and nothing says how it is written: ` +
        'give the text that it is to read.',
    )
  }
  const text: unknown = serialize.call(reader, value, context)
  if (isPromiseLike(text)) throw asyncSerdes(words)
  return text as string
}

/** In how many milliseconds an operation, begun at `startedAt`, is out of time. */
export function dueOf({ words, operation }: Sight, options: TimeoutOptions, since: Since): number {
  const { timeout } = optionsOf(operation)
  const { now, startedAt } = since
  switch (operation.kind) {
    case 'invoke':
      return now + longestInvoke * 1000
    case 'callback':
    case 'wait-for-callback': {
      const beat = optionsOf(operation).heartbeatTimeout
      if (isHeartbeat(options, operation) && beat) return now + toMilliseconds(beat)
      if (timeout) return startedAt + toMilliseconds(timeout)
      break
    }
    case 'condition':
      if (timeout) return startedAt + toMilliseconds(timeout)
      break
    case 'step':
      if (timeout) return now + toMilliseconds(timeout)
  }
  const advice = operation.kind === 'wait' ? 'let it pass with next()' : 'give it a `timeout`'
  throw new StepperError('CANNOT_TIME_OUT', `${words} cannot time out: ${advice}.`)
}

export interface Since {
  readonly now: number
  readonly startedAt: number
}

/** What the attempt of a body ends with that is out of time. */
export function attemptTimeout({ id, words, operation }: Sight, attempt: number): PerdureError {
  const { timeout } = optionsOf(operation)
  const seconds = timeout ? toMilliseconds(timeout) / 1000 : 0
  if (operation.kind === 'condition') {
    return new PerdureError(
      'CONDITION_EXHAUSTED',
      `${words} was still unmet when its time, ${seconds} seconds, was over.`,
    )
  }
  return new PerdureError(
    'STEP_TIMED_OUT',
    `Attempt ${attempt} of ${words} (operation ${id}) was not done within ${seconds} seconds.`,
  )
}

/** When a callback that was begun at `startedAt` is out of time, if ever. */
export function callbackDue(operation: Descriptor<unknown>, startedAt: number): number | undefined {
  const { timeout } = optionsOf(operation)
  return timeout && startedAt + toMilliseconds(timeout)
}

function optionsOf(operation: Descriptor<unknown>): AnyOptions {
  return (operation as { readonly options?: AnyOptions }).options ?? {}
}
