import type { CallbackRecord, OperationRecord } from '../../journal/record.ts'
import { toSeconds } from '../../kernel/duration.ts'
import { limits } from '../../kernel/limits.ts'
import { lenientJson } from '../../kernel/serdes.ts'
import { failed, succeeded } from '../../kernel/settled.ts'
import {
  CallbackResultOperation,
  type CallbackOperation,
  type CallbackOptions,
} from '../../operations/callback.ts'
import { unwatched } from '../../operations/operation.ts'
import { replay, resume, type Answer } from '../answer.ts'
import { failure } from '../failure.ts'
import { decode } from '../payload.ts'
import type { Interpreter } from './interpreter.ts'

/** Have the service make a callback, and hand over its id, however it has ended by now. */
export const interpretCallback: Interpreter<CallbackOperation<unknown>> = (
  operation,
  position,
  found,
  around,
) => {
  const record = found as CallbackRecord | undefined
  const id = record?.CallbackDetails?.CallbackId
  if (typeof id === 'string') {
    const { name, options } = operation
    return replay(
      succeeded(
        Object.freeze({
          id,
          result: unwatched(() => new CallbackResultOperation(name, position.id, options)),
        }),
      ),
    )
  }
  const stay = {
    next: 'pend',
    id: position.id,
    words: `the id of ${position.words}`,
    on: (next) => ({
      ...interpretCallback(operation, position, next, around),
      handedOver: false,
    }),
  } as const satisfies Answer
  if (record !== undefined) return stay
  return {
    ...stay,
    updates: [position.update('START', { CallbackOptions: timeouts(operation.options) })],
  }
}

/** Stay until the outside world has answered; takes no number. */
export const interpretCallbackResult: Interpreter<CallbackResultOperation<unknown>> = (
  operation,
  position,
  found,
  around,
) => {
  const record = found as CallbackRecord | undefined
  const { env } = around
  const details = record?.CallbackDetails
  switch (record?.Status) {
    case 'SUCCEEDED': {
      const { serdes = lenientJson, schema } = operation.options ?? {}
      return decode(position, env, details?.Result, { serdes, schema }, resume)
    }
    case 'FAILED':
    case 'CANCELLED':
    case 'STOPPED':
      return resume(
        failed(failure('CALLBACK_FAILED', details?.Error, env.errors, 'Callback failed')),
      )
    case 'TIMED_OUT':
      return resume(failed(timedOut(record, around.env.errors)))
    default:
      return {
        next: 'pend',
        id: position.id,
        words: position.words,
        on: (next: OperationRecord) => interpretCallbackResult(operation, position, next, around),
      }
  }
}

function timedOut(record: CallbackRecord, classes: Parameters<typeof failure>[2]): Error {
  const error = record.CallbackDetails?.Error
  // The service's own words for the two kinds of time-out.
  return error?.ErrorType === 'Callback.Heartbeat'
    ? failure('CALLBACK_HEARTBEAT_TIMED_OUT', error, classes, 'Callback timed out on heartbeat')
    : failure('CALLBACK_TIMED_OUT', error, classes, 'Callback timed out')
}

function timeouts(options: CallbackOptions<unknown> | undefined) {
  const { timeout, heartbeatTimeout } = options ?? {}
  const longest = limits.longestCallbackTimeoutSeconds
  return {
    ...(timeout && { TimeoutSeconds: toSeconds(timeout, 'timeout', longest) }),
    ...(heartbeatTimeout && {
      HeartbeatTimeoutSeconds: toSeconds(heartbeatTimeout, 'heartbeatTimeout', longest),
    }),
  }
}
