import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict'
import type { ErrorObject, Event } from '@aws-sdk/client-lambda'
import type { TestResult } from '@aws/durable-execution-sdk-js-testing'
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

/** Throws unless its events are numbered from 1, in the order of times that have been. */
export function checkOrder({ events }: Outcome, { from, to }: { from: number; to: number }): void {
  let latest = from
  for (const [index, { EventId, EventTimestamp, WaitStartedDetails }] of events.entries()) {
    strictEqual(EventId, index + 1, 'the number of an event')
    const time = Number(EventTimestamp)
    ok(time >= latest && time <= to, `event ${index + 1} is of ${new Date(time).toISOString()}`)
    latest = time
    if (!WaitStartedDetails) continue
    const { Duration = 0, ScheduledEndTimestamp } = WaitStartedDetails
    strictEqual(Number(ScheduledEndTimestamp), time + Duration * 1000, 'the end of a wait')
  }
}

/** What a runner of the official kit tells, in the same terms; throws where that is not consistent. */
export function outcomeOf(ran: TestResult<unknown>): Outcome {
  const events = ran.getHistoryEvents()
  const ids = new Set(events.flatMap(({ EventType, Id }) => (isOfOperation(EventType) ? [Id] : [])))
  strictEqual(ran.getOperations().length, ids.size, 'the operations that the runner has found')
  for (const operation of ran.getOperations()) match(String(operation.getStatus()), /^[A-Z_]+$/)
  const status = ran.getStatus()
  const told = events.filter(({ EventType }) => EventType === 'InvocationCompleted').length
  strictEqual(ran.getInvocations().length, told, 'the invocations that the runner has found')
  if (status === 'SUCCEEDED') return { status, result: JSON.stringify(ran.getResult()), events }
  const { errorType, errorMessage } = ran.getError()
  return { status, error: { ErrorType: errorType, ErrorMessage: errorMessage }, events }
}

function isOfOperation(type: string | undefined): boolean {
  return !/^(?:Execution|Invocation)/.test(type ?? '')
}
