import { disown } from './settled.ts'

/**
 * Every stable code, with the error type that it goes by on the wire. Types without a note are those
 * of the official SDKs, so that histories read alike; codes may share one.
 */
export const wireTypes = {
  STEP_FAILED: 'StepError',
  STEP_TIMED_OUT: 'StepTimeoutError',
  STEP_INTERRUPTED: 'StepInterruptedError',
  CALLBACK_FAILED: 'CallbackExternalError',
  CALLBACK_TIMED_OUT: 'CallbackTimeoutError',
  CALLBACK_HEARTBEAT_TIMED_OUT: 'CallbackTimeoutError',
  CALLBACK_SUBMIT_FAILED: 'CallbackSubmitterError',
  INVOKE_FAILED: 'InvokeError',
  INVOKE_TIMED_OUT: 'InvokeError',
  INVOKE_STOPPED: 'InvokeError',
  CHILD_CONTEXT_FAILED: 'ChildContextError',
  CONDITION_FAILED: 'WaitForConditionError',
  CONDITION_EXHAUSTED: 'WaitForConditionError',
  BATCH_FAILED: 'BatchCompletionError',
  ALL_FAILED: 'PromiseCombinatorError',
  SAGA_FAILED: 'SagaError',
  CANCELLED: 'CancelledError',
  SERDES_FAILED: 'SerdesError',
  INVALID_OPTION: 'InvalidOptionError',
  REPLAY_DIVERGED: 'NonDeterministicExecutionError',
  FORGOTTEN_YIELD: 'ForgottenYieldError',
  NOT_AN_OPERATION: 'NotAnOperationError',
  INVALID_INPUT: 'InvalidInputError',
  INVALID_ENVELOPE: 'InvalidEnvelopeError',
  PAYLOAD_TOO_LARGE: 'PayloadTooLargeError',
  LIMIT_EXCEEDED: 'LimitExceededError',
  CHECKPOINT_FAILED: 'CheckpointError',
  EXECUTION_STUCK: 'ExecutionStuckError',
  NEVER_HAPPENED: 'NeverHappenedError',
  RUN_TIMED_OUT: 'RunTimedOutError',
  SERVICE_CALL_FAILED: 'ServiceCallError',
  CANNOT_LISTEN: 'ListenError',
  MODULE_UNUSABLE: 'ModuleUnusableError',
  STORE_LOCKED: 'StoreLockedError',
  STORE_TOO_NEW: 'StoreTooNewError',
  STORE_UNUSABLE: 'StoreUnusableError',
  STORE_FAILED: 'StoreFailedError',
} as const

export type ErrorCode = keyof typeof wireTypes

export interface ErrorFacts {
  /** The name under which the failure was reported: a user's error class, or the service's word. */
  readonly errorType?: string | undefined
  /** What travelled with the error: the own fields of a thrown error, or the sender's data. */
  readonly data?: unknown
  readonly cause?: unknown
}

/** Known to every copy of this package: a tool may walk a workflow that was bundled with one of its own. */
const mark: unique symbol = Symbol.for('perdure.error')

/**
 * Whatever goes wrong at, or is refused by, perdure. Branch on `code`; the message is for people.
 * One that a workflow catches is rebuilt from the record, so first run and replay see the same.
 */
export class PerdureError extends Error {
  override readonly name = 'PerdureError'
  readonly code: ErrorCode
  // Declared only, so that an error has no member for a fact that it was not given.
  declare readonly errorType?: string
  declare readonly data?: unknown

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(message, 'cause' in facts ? { cause: facts.cause } : undefined)
    this.code = code
    if (facts.errorType !== undefined) this.errorType = facts.errorType
    if (facts.data !== undefined) this.data = facts.data
  }

  get [mark](): true {
    return true
  }
}

/** Whether `error` is perdure's, and, where a `code` is given, whether it is that one. */
export function isPerdureError(error: unknown, code?: string): error is PerdureError {
  if (!(error instanceof Error) || !(mark in error)) return false
  return code === undefined || (error as PerdureError).code === code
}

/** An error for an option that cannot be meant: what was expected, and what came instead. */
export function invalidOption(option: string, expected: string, found: unknown): PerdureError {
  disown(found)
  return new PerdureError(
    'INVALID_OPTION',
    `Expected \`${option}\` to be ${expected}, got ${describe(found)}.`,
  )
}

/** An error for something that cannot happen unless perdure itself is wrong. */
export function brokenInvariant(fact: string): Error {
  return new Error(
    `perdure broke a rule of its own: ${fact}. Please report this with the workflow.`,
  )
}

/** A value as an error message shows it: short, with its type. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'string') return `${JSON.stringify(cut(value))} (string)`
  if (typeof value === 'function') return `${value.name || 'an anonymous function'} (function)`
  if (['number', 'bigint', 'boolean', 'symbol'].includes(typeof value)) {
    return `${(value as number).toString()} (${typeof value})`
  }
  if (typeof value !== 'object') return typeof value
  if (Array.isArray(value)) return `an array of ${value.length}`
  // Its constructor has no name: a workflow that was called is found here.
  if (isGenerator(value)) return 'a generator'
  const maker = (value as { constructor?: { name?: unknown } | null }).constructor?.name
  if (typeof maker === 'string' && maker !== 'Object' && maker !== '') return `a ${maker}`
  try {
    return `${cut(JSON.stringify(value))} (object)`
  } catch {
    return 'an object'
  }
}

function isGenerator(value: object): boolean {
  return /^\[object (Async)?Generator\]$/.test(Object.prototype.toString.call(value))
}

/** What a thrown value says of itself. Never throws, whatever was thrown. */
export function reasonOf(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown
  const said: unknown = thrown instanceof Error ? thrown.message : undefined
  return typeof said === 'string' ? said : describe(thrown)
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
