import { deepStrictEqual, match, strictEqual } from 'node:assert/strict'
import type { ErrorObject, Event } from '@aws-sdk/client-lambda'
import type { Ending } from './cases.ts'

/** How an execution has ended, by the word of whoever was asked. */
export interface Outcome {
  readonly status: string | undefined
  /** As the text that the service keeps. */
  readonly result?: string | undefined
  readonly error?: ErrorObject | undefined
  readonly events: readonly Event[]
}

/** Throws unless it has ended as it must. */
export function check({ status, result, error }: Outcome, ends: Ending): void {
  const reason = error ? ` (${String(error.ErrorType)}: ${String(error.ErrorMessage)})` : ''
  strictEqual(status, ends.status, `the status is ${String(status)}${reason}`)
  if (ends.status === 'SUCCEEDED') {
    deepStrictEqual(result === undefined ? undefined : JSON.parse(result), ends.result)
  } else if (ends.status !== 'TIMED_OUT') {
    strictEqual(error?.ErrorType, ends.type)
    if (typeof ends.message === 'string') strictEqual(error.ErrorMessage, ends.message)
    else match(String(error.ErrorMessage), ends.message)
  }
}
