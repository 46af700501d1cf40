import type { ErrorRecord } from '../../kernel/error-record.ts'
import type { OperationRecord, OperationStatus, OperationType } from '../../journal/record.ts'
import { Details, placeOf } from './event-details.ts'
import type { Plain } from './pages.ts'
import { misfit } from './refusal.ts'
import { replayChildren } from './replay-children.ts'
import { timeIn } from './times.ts'

// The events of one execution, oldest first, folded into the records that the service had made them of.
//
//   H1. An event tells of a record all but `ReplayChildren`, and nothing of a retry that has fallen due:
//       both are inferred, the first by `replayChildren`, the second from the time of the last event.
//   H2. A payload that was left out is refused, never taken for none (`Details` sees to it).

/** What a history tells of an operation's request, and records do not. */
export interface Asked {
  readonly seconds?: number
  readonly functionName?: string
  readonly tenantId?: string
  /** The payload of an invoke; `null` where it had none. */
  readonly payload?: string | null
  /** 0 for none. */
  readonly timeoutSeconds?: number
  readonly heartbeatSeconds?: number
}

/** How an execution ended. */
export interface RecordedEnd {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'STOPPED'
  /** The result's payload, as text. */
  readonly result?: string
  readonly error?: ErrorRecord
}

export interface Folded {
  /** In the order of starts, the execution's own first. */
  readonly records: OperationRecord[]
  readonly asked: ReadonlyMap<string, Asked>
  readonly end: RecordedEnd | undefined
}

type Draft = { -readonly [K in keyof OperationRecord]: OperationRecord[K] } & Record<
  string,
  unknown
> & { Status: OperationStatus }

/** Events that begin an operation, events that end it, and those that end an attempt of it. */
const eventName =
  /^(Execution|Context|Wait|Step|ChainedInvoke|Callback)(Started|Succeeded|Failed|TimedOut|Stopped|Cancelled)$/

const types: Readonly<Record<string, OperationType>> = {
  Execution: 'EXECUTION',
  Context: 'CONTEXT',
  Wait: 'WAIT',
  Step: 'STEP',
  ChainedInvoke: 'CHAINED_INVOKE',
  Callback: 'CALLBACK',
}

const statuses: Readonly<Record<string, OperationStatus>> = {
  Started: 'STARTED',
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
  TimedOut: 'TIMED_OUT',
  Stopped: 'STOPPED',
  Cancelled: 'CANCELLED',
}

export function fold(events: readonly Plain[]): Folded {
  const drafts = new Map<string, Draft>()
  const asked = new Map<string, Asked>()
  let end: RecordedEnd | undefined
  let now = 0
  for (const event of events) {
    const { EventType: name, Id } = event
    if (typeof name !== 'string') throw misfit(`\`EventType\` of ${placeOf(event)}`, 'text', name)
    now = Math.max(now, timeIn(event['EventTimestamp'], `\`EventTimestamp\` of ${placeOf(event)}`))
    const [, kind = '', what = ''] = eventName.exec(name) ?? []
    const type = types[kind]
    const status = statuses[what]
    // An event of a kind that a later service may add tells of no record that is known here.
    if (type === undefined || status === undefined) continue
    const id = Id ?? (type === 'EXECUTION' ? 'execution' : undefined)
    if (typeof id !== 'string') throw misfit(`\`Id\` of ${placeOf(event)}`, 'text', id)
    const details = new Details(event, `${name}Details`)
    const draft = drafts.get(id) ?? begun(event, id, type, now)
    drafts.set(id, draft)
    if (status === 'STARTED') start(draft, details, asked)
    else if (type === 'STEP') endAttempt(draft, details, status, now)
    else {
      draft.Status = status
      draft['EndTimestamp'] = now
      const outcome = details.outcome(status)
      if (type === 'EXECUTION') end = endOf(status, outcome)
      else if (type !== 'WAIT') endWith(draft, type, outcome)
    }
  }
  for (const draft of drafts.values()) fallDue(draft, now)
  const records = [...drafts.values()] as unknown as OperationRecord[]
  return { records: replayChildren(records), asked, end }
}

function begun(event: Plain, id: string, type: OperationType, now: number): Draft {
  const draft: Record<string, unknown> = { Id: id, Type: type }
  for (const member of type === 'EXECUTION' ? [] : ['Name', 'ParentId', 'SubType']) {
    if (event[member] != null) draft[member] = event[member]
  }
  draft['StartTimestamp'] = now
  draft['Status'] = 'STARTED'
  return draft as Draft
}

function start(draft: Draft, details: Details, asked: Map<string, Asked>): void {
  draft.Status = 'STARTED'
  switch (draft.Type) {
    case 'EXECUTION': {
      const input = details.textPayload('Input')
      draft['ExecutionDetails'] = input === undefined ? {} : { InputPayload: input }
      return
    }
    case 'STEP': {
      const { NextAttemptTimestamp: _due, ...kept } = detailsOf(draft, 'StepDetails')
      draft['StepDetails'] = { Attempt: 0, ...kept }
      return
    }
    case 'WAIT':
      draft['WaitDetails'] = { ScheduledEndTimestamp: details.time('ScheduledEndTimestamp') }
      asked.set(draft.Id, { seconds: details.number('Duration') })
      return
    case 'CALLBACK':
      draft['CallbackDetails'] = { CallbackId: details.text('CallbackId') }
      asked.set(draft.Id, {
        timeoutSeconds: details.number('Timeout', 0),
        heartbeatSeconds: details.number('HeartbeatTimeout', 0),
      })
      return
    case 'CHAINED_INVOKE': {
      draft['ChainedInvokeDetails'] = {}
      const tenantId = details.text('TenantId', '')
      asked.set(draft.Id, {
        functionName: details.text('FunctionName'),
        payload: details.textPayload('Input', true) ?? null,
        ...(tenantId === '' ? {} : { tenantId }),
      })
      return
    }
    case 'CONTEXT':
      return
  }
}

function endAttempt(draft: Draft, details: Details, status: OperationStatus, now: number): void {
  const { attempt, delay } = details.retry(detailsOf(draft, 'StepDetails')['Attempt'])
  const outcome = details.outcome(status)
  if (delay === undefined) {
    draft.Status = status
    draft['EndTimestamp'] = now
    draft['StepDetails'] = { Attempt: attempt, ...outcome }
    return
  }
  // The state of a poll outlives an attempt that failed.
  const { Result } = detailsOf(draft, 'StepDetails')
  draft.Status = 'PENDING'
  draft['StepDetails'] = {
    Attempt: attempt,
    NextAttemptTimestamp: now + delay * 1000,
    ...(status === 'FAILED' && Result !== undefined ? { Result } : {}),
    ...outcome,
  }
}

function endWith(draft: Draft, type: OperationType, outcome: object): void {
  if (type === 'CONTEXT') draft['ContextDetails'] = outcome
  else if (type === 'CHAINED_INVOKE') draft['ChainedInvokeDetails'] = outcome
  else draft['CallbackDetails'] = { ...detailsOf(draft, 'CallbackDetails'), ...outcome }
}

function endOf(status: OperationStatus, outcome: { Result?: string; Error?: ErrorRecord }) {
  const { Result: result, Error: error } = outcome
  return {
    status: status as RecordedEnd['status'],
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error }),
  }
}

/** A retry that was due before the last event has been let go: no event says so. */
function fallDue(draft: Draft, now: number): void {
  const { NextAttemptTimestamp: due, ...kept } = detailsOf(draft, 'StepDetails')
  if (draft.Status !== 'PENDING' || (due as number) > now) return
  draft.Status = 'READY'
  draft['StepDetails'] = kept
}

function detailsOf(draft: Draft, member: string): Record<string, unknown> {
  return (draft[member] ?? {}) as Record<string, unknown>
}
