import type { ErrorRecord } from '../kernel/error-record.ts'
import type { OperationRecord } from '../journal/record.ts'
import type { Execution } from './execution.ts'
import { event, eventData, type EventDetails, type StoredEvent } from './history.ts'
import { invalid, notFound } from './refusal.ts'
import type { OperationExtras } from './store.ts'
import { elapsed, settled, type Transition } from './transition.ts'

// What an execution knew at one of its operations, for a new execution that goes on from there.
//
//   F1. The order of events decides what was known, not their times.
//   F2. What had ended by then is taken over as it is, times included: code that read them on the way
//       takes the same way again.
//   F3. Of what was open, contexts and waits stay open, callbacks get an id of their own, and steps and
//       invokes are left out, so that they begin anew: nobody else is at work on them for this one.

/** What the operation is to have come to instead. */
export type ForkAnswer =
  | { readonly status: 'SUCCEEDED'; readonly result?: string | undefined }
  | { readonly status: 'FAILED'; readonly error: ErrorRecord }

export interface ForkPoint {
  readonly operationId: string
  /** Without one the operation begins anew. */
  readonly answer?: ForkAnswer | undefined
}

export interface ForkGround {
  readonly now: number
  newCallbackId(operationId: string): string
}

/** Operations in the order of their starts, and their events in order. */
export interface ForkedState {
  readonly operations: { readonly record: OperationRecord; readonly extras?: OperationExtras }[]
  readonly events: StoredEvent[]
}

/** What `source` knew when it came to the operation. Refuses one that it never came to. */
export function forkedState(source: Execution, point: ForkPoint, ground: ForkGround): ForkedState {
  const { operationId, answer } = point
  const spans = spansOf(source.events)
  const span = spans.get(operationId)
  const target = source.get(operationId)
  if (!span || !target || target.Type === 'EXECUTION') {
    throw notFound(`The execution has no operation ${operationId}.`)
  }
  const cut = answer ? (span.end ?? source.events.length) : span.start
  const state: ForkedState = { operations: [], events: [] }
  const opened = new Map<string, OperationRecord>()
  const left = new Set<string>()
  for (const record of source.records()) {
    const { start = Infinity, end = Infinity } = spans.get(record.Id) ?? {}
    if (record.Type === 'EXECUTION' || start >= cut) continue
    if (record.Id === operationId && answer) opened.set(record.Id, record)
    else if (end < cut) state.operations.push(keptOf(source, record))
    else {
      const open = openedAgain(source, record, ground)
      if (open) {
        opened.set(record.Id, open.record)
        state.operations.push(open)
      } else left.add(record.Id)
    }
  }
  for (const one of source.events.slice(0, cut)) {
    const id = one.subject?.Id
    if (id === undefined || id === source.facts.id || !spans.has(id) || left.has(id)) continue
    state.events.push(toldAgain(one, opened.get(id)))
  }
  if (answer) {
    const { record, event: told } = answered(target, answer, ground.now)
    state.operations.push({ record })
    if (told) state.events.push(told)
  }
  return state
}

interface Span {
  readonly start: number
  end?: number
}

/** Where in the history each operation begins, and where it ends. */
function spansOf(events: readonly StoredEvent[]): Map<string, Span> {
  const spans = new Map<string, Span>()
  events.forEach(({ type, subject, details }, place) => {
    if (!subject) return
    const span = spans.get(subject.Id) ?? { start: place }
    spans.set(subject.Id, span)
    if (!type.endsWith('Started') && !isRetried(details)) span.end = place
  })
  return spans
}

function isRetried(details: StoredEvent['details']): boolean {
  const { RetryDetails } = details as Partial<EventDetails['StepFailed']>
  return RetryDetails?.NextAttemptDelaySeconds !== undefined
}

function keptOf(source: Execution, record: OperationRecord) {
  const extras = source.extrasOf(record.Id)
  return { record, ...(extras ? { extras } : {}) }
}

/** An operation that was open, as the new execution finds it (F3); nothing where it begins anew. */
function openedAgain(source: Execution, record: OperationRecord, ground: ForkGround) {
  const { EndTimestamp: _end, ...open } = record
  switch (record.Type) {
    case 'WAIT':
      return { record: { ...open, Status: 'STARTED' } as OperationRecord }
    case 'CONTEXT': {
      const { ContextDetails: _details, ...context } = open as typeof record
      return { record: { ...context, Status: 'STARTED' } as OperationRecord }
    }
    case 'CALLBACK': {
      const StartTimestamp = ground.now
      const CallbackDetails = { CallbackId: ground.newCallbackId(record.Id) }
      const callback = source.extrasOf(record.Id)?.callback
      return {
        record: { ...open, Status: 'STARTED', StartTimestamp, CallbackDetails } as OperationRecord,
        ...(callback ? { extras: { callback: { ...callback, beatAt: ground.now } } } : {}),
      }
    }
    default:
      return undefined
  }
}

/** The event, with the new id where it tells of a callback that has got one. */
function toldAgain(one: StoredEvent, opened: OperationRecord | undefined): StoredEvent {
  if (one.type !== 'CallbackStarted' || opened?.Type !== 'CALLBACK') return one
  const CallbackId = opened.CallbackDetails?.CallbackId ?? ''
  return { ...one, details: { ...(one.details as EventDetails['CallbackStarted']), CallbackId } }
}

function answered(record: OperationRecord, answer: ForkAnswer, now: number): Transition {
  const { EndTimestamp: _end, ...open } = { ...record, Status: 'STARTED' }
  switch (record.Type) {
    case 'WAIT':
      if (answer.status === 'FAILED') throw invalid('A WAIT cannot fail.')
      return elapsed(open as typeof record, now)
    case 'CALLBACK':
    case 'CHAINED_INVOKE':
      return settled(
        record.Type === 'CALLBACK'
          ? { ...(open as typeof record), CallbackDetails: idOnly(record.CallbackDetails) }
          : { ...(open as typeof record), ChainedInvokeDetails: {} },
        answer,
        now,
      )
    case 'CONTEXT':
    case 'STEP':
      return closed(open as typeof record, answer, now)
    case 'EXECUTION':
      throw invalid('Invalid action for the given operation type.')
  }
}

function idOnly(details: { readonly CallbackId?: string | undefined } | undefined) {
  return details?.CallbackId === undefined ? {} : { CallbackId: details.CallbackId }
}

function closed(
  open: Extract<OperationRecord, { Type: 'CONTEXT' | 'STEP' }>,
  answer: ForkAnswer,
  now: number,
): Transition {
  const succeeded = answer.status === 'SUCCEEDED'
  const outcome = succeeded
    ? answer.result === undefined
      ? {}
      : { Result: answer.result }
    : { Error: answer.error }
  const end = { Status: answer.status, EndTimestamp: now } as const
  const data = succeeded
    ? ({ Result: eventData(answer.result) } as const)
    : ({ Error: eventData(answer.error) } as const)
  if (open.Type === 'CONTEXT') {
    const record = { ...open, ...end, ContextDetails: outcome }
    const type = succeeded ? 'ContextSucceeded' : 'ContextFailed'
    return { record, event: event(type, now, data as never, record) }
  }
  const Attempt = Math.max(open.StepDetails?.Attempt ?? 0, 1)
  const record = { ...open, ...end, StepDetails: { Attempt, ...outcome } }
  const details = { ...data, RetryDetails: { CurrentAttempt: Attempt } }
  return {
    record,
    event: event(succeeded ? 'StepSucceeded' : 'StepFailed', now, details as never, record),
  }
}
