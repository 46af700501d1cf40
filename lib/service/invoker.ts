import type { ErrorRecord } from '../kernel/error-record.ts'

/** One call of a function. */
export interface InvocationRequest {
  readonly functionName: string
  readonly version: string
  readonly functionArn: string
  readonly requestId: string
  readonly tenantId?: string
  /** JSON about the caller, of a plain function's caller that sent it. */
  readonly clientContext?: string
  /** When the function's time is over, in milliseconds since 1970 by the clock of invocations. */
  readonly deadline: number
  /** How many times in a row, this one included, the service has tried to make this call. */
  readonly attempt: number
  /** The invocation envelope of a durable function; the parsed payload of any other. */
  readonly event: unknown
  readonly durable: boolean
  readonly executionArn?: string
}

/**
 * The port by which the service calls functions. Resolves to what the handler returned; rejects
 * with an `InvocationFailure`, or with anything else the handler threw.
 */
export interface Invoker {
  /**
   * Whether it counts the function's time itself, and fails with `Sandbox.Timedout` when that is over:
   * one that keeps calls waiting for a free process starts counting later than the service could know.
   */
  readonly keepsTime?: boolean
  invoke(request: InvocationRequest): Promise<unknown>
}

export interface FailureDetails {
  readonly errorData?: string | undefined
  readonly stackTrace?: readonly string[] | undefined
  readonly cause?: unknown
}

/** An invocation that ended without an answer, under Lambda's name for why. */
export class InvocationFailure extends Error {
  override readonly name = 'InvocationFailure'
  /** `Runtime.ExitError`, `Sandbox.Timedout`, or the type of the error that the handler threw. */
  readonly errorType: string
  readonly errorData?: string
  readonly stackTrace?: readonly string[]

  constructor(errorType: string, message: string, details: FailureDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.errorType = errorType
    if (details.errorData !== undefined) this.errorData = details.errorData
    if (details.stackTrace !== undefined) this.stackTrace = details.stackTrace
  }
}

/** The failure of an invocation whose function was given `seconds` and took more. */
export function timedOut(now: number, requestId: string, seconds: number): InvocationFailure {
  const at = new Date(now).toISOString()
  const text = `${at} ${requestId} Task timed out after ${seconds.toFixed(2)} seconds`
  return new InvocationFailure('Sandbox.Timedout', text)
}

/** A failed invocation as the service writes it down. */
export function failureRecord(thrown: unknown): ErrorRecord {
  if (thrown instanceof InvocationFailure) {
    return {
      ErrorType: thrown.errorType,
      ErrorMessage: thrown.message,
      ...(thrown.errorData === undefined ? {} : { ErrorData: thrown.errorData }),
      ...(thrown.stackTrace === undefined ? {} : { StackTrace: thrown.stackTrace }),
    }
  }
  if (!(thrown instanceof Error)) return { ErrorType: 'Error', ErrorMessage: String(thrown) }
  const own = thrown.constructor.name
  return {
    ErrorType: thrown.name === 'Error' && own !== '' ? own : thrown.name,
    ErrorMessage: thrown.message,
  }
}

/** Whether the runtime itself broke down, and not the code in it: such a call is made again at once. */
export function isCrash(error: ErrorRecord): boolean {
  const type = error.ErrorType ?? ''
  return type !== 'Sandbox.Timedout' && /^(?:Runtime|Sandbox|Extension)\./.test(type)
}
