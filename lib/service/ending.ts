import type { ErrorRecord } from '../kernel/error-record.ts'
import { event, eventData, type StoredEvent } from './history.ts'
import type { ServiceLimits } from './service-limits.ts'
import type { Settlement } from './transition.ts'

/** How an execution ends. */
export type Ending =
  | { readonly status: 'SUCCEEDED'; readonly result?: string | undefined }
  | {
      readonly status: 'FAILED' | 'TIMED_OUT' | 'STOPPED'
      readonly error?: ErrorRecord | undefined
    }

/** The last event of an execution. */
export function endEvent(ending: Ending, now: number, id: string): StoredEvent {
  if (ending.status === 'SUCCEEDED') {
    return event('ExecutionSucceeded', now, { Result: eventData(ending.result) }, { Id: id })
  }
  const types = {
    FAILED: 'ExecutionFailed',
    TIMED_OUT: 'ExecutionTimedOut',
    STOPPED: 'ExecutionStopped',
  } as const
  return event(types[ending.status], now, { Error: eventData(ending.error) }, { Id: id })
}

/** The end of an execution as the end of the chained invoke that started it. */
export function settlementOf(ending: Ending, seconds: number, limits: ServiceLimits): Settlement {
  if (ending.status === 'SUCCEEDED') return calleeResult(ending.result, limits)
  if (ending.status !== 'TIMED_OUT') return { status: ending.status, error: ending.error ?? {} }
  const ErrorMessage = `CHAINED_INVOKE timed out after ${seconds} seconds.`
  return { status: 'TIMED_OUT', error: { ErrorType: 'ChainedInvoke.Timeout', ErrorMessage } }
}

/** A callee's result as the operation's, if it is not too large to be one. */
export function calleeResult(result: string | undefined, limits: ServiceLimits): Settlement {
  const most = limits.operationPayloadBytes
  if (result === undefined || Buffer.byteLength(result) <= most) {
    return { status: 'SUCCEEDED', result }
  }
  const ErrorMessage = `CHAINED_INVOKE output payload size must be less than or equal to ${most} bytes.`
  return {
    status: 'FAILED',
    error: { ErrorType: 'InvalidParameterValueException', ErrorMessage },
  }
}

export function functionNotFound(name: string): ErrorRecord {
  return { ErrorType: 'ResourceNotFoundException', ErrorMessage: `Function not found: ${name}` }
}

export function executionTimeout(seconds: number): ErrorRecord {
  const ErrorMessage = `Execution timed out after ${seconds} seconds.`
  return { ErrorType: 'Execution.Timeout', ErrorMessage }
}

export const callbackTimeout: ErrorRecord = {
  ErrorType: 'Callback.Timeout',
  ErrorMessage: 'Callback timed out',
}

export const heartbeatTimeout: ErrorRecord = {
  ErrorType: 'Callback.Heartbeat',
  ErrorMessage: 'Callback timed out on heartbeat',
}
