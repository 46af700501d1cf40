import type { ErrorRecord } from '../kernel/error-record.ts'
import type {
  CallbackRecord,
  ContextRecord,
  InvokeRecord,
  OperationRecord,
  StepRecord,
  WaitRecord,
} from '../journal/record.ts'
import type { OperationUpdate } from '../journal/update.ts'
import { event, eventData, type StoredEvent } from './history.ts'
import { invalid } from './refusal.ts'
import { checkConsistent } from './validation.ts'

// The state machine of one operation: its record, an update and the time give the next record and
// the event to write down, or a refusal. Nothing here changes anything.

export interface Transition<R extends OperationRecord = OperationRecord> {
  readonly record: R
  /** Absent where the history does not tell of it. */
  readonly event?: StoredEvent
}

/** What an update needs besides the record, found out by the service beforehand. */
export interface Given {
  readonly now: number
  /** For a callback that starts. */
  readonly callbackId?: string
  /** For a chained invoke that starts. */
  readonly target?: { readonly version: string; readonly executionArn: string }
}

/** What an update of the handler makes of an operation. `record` is absent before its first one. */
export function transition(
  record: OperationRecord | undefined,
  update: OperationUpdate,
  given: Given,
): Transition {
  if (record) checkConsistent(record, update)
  switch (update.Type) {
    case 'CONTEXT':
      return context(record as ContextRecord | undefined, update, given.now)
    case 'STEP':
      return step(record as StepRecord | undefined, update, given.now)
    case 'WAIT':
      return wait(record as WaitRecord | undefined, update, given.now)
    case 'CALLBACK':
      return callback(record as CallbackRecord | undefined, update, given)
    case 'CHAINED_INVOKE':
      return chainedInvoke(record as InvokeRecord | undefined, update, given)
    case 'EXECUTION':
      throw invalid('Invalid action for the given operation type.')
  }
}

function context(record: ContextRecord | undefined, update: OperationUpdate, now: number) {
  if (update.Action === 'START') {
    if (record) throw invalid('Cannot start a CONTEXT that already exist.')
    const started: ContextRecord = { ...identity(update, now), Type: 'CONTEXT', Status: 'STARTED' }
    return { record: started, event: event('ContextStarted', now, {}, started) }
  }
  if (record && record.Status !== 'STARTED') {
    throw invalid('Invalid current CONTEXT state to close.')
  }
  const succeeded = update.Action === 'SUCCEED'
  const closed: ContextRecord = {
    ...(record ?? { ...identity(update, now), Type: 'CONTEXT' }),
    Status: succeeded ? 'SUCCEEDED' : 'FAILED',
    EndTimestamp: now,
    ContextDetails: {
      ...(update.ContextOptions?.ReplayChildren ? { ReplayChildren: true } : {}),
      ...outcome(update),
    },
  }
  return { record: closed, event: closing('Context', closed, update, now) }
}

function step(record: StepRecord | undefined, update: OperationUpdate, now: number): Transition {
  const status = record?.Status
  if (update.Action === 'START') {
    if (record && status !== 'READY') throw invalid('Invalid current STEP state to start.')
    const started: StepRecord = {
      // A poll's state, and the error of the attempt before, stay until the attempt that starts has
      // ended: a crash in the middle of it resumes from there.
      ...(record ?? { ...identity(update, now), Type: 'STEP', StepDetails: { Attempt: 0 } }),
      Status: 'STARTED',
    }
    return { record: started, event: event('StepStarted', now, {}, started) }
  }
  const isRetry = update.Action === 'RETRY'
  if (status !== undefined && status !== 'STARTED' && status !== 'READY') {
    throw invalid(`Invalid current STEP state to ${isRetry ? 're-attempt' : 'close'}.`)
  }
  const base = record ?? { ...identity(update, now), Type: 'STEP' as const }
  const attempt = (record?.StepDetails?.Attempt ?? 0) + 1
  if (isRetry) return retried(base, update, attempt, now)

  const closed: StepRecord = {
    ...base,
    Status: update.Action === 'SUCCEED' ? 'SUCCEEDED' : 'FAILED',
    EndTimestamp: now,
    StepDetails: { Attempt: attempt, ...outcome(update) },
  }
  return { record: closed, event: attemptEvent(closed, update, attempt, now) }
}

function retried(
  base: Omit<StepRecord, 'Status'>,
  update: OperationUpdate,
  attempt: number,
  now: number,
): Transition<StepRecord> {
  const delay = update.StepOptions?.NextAttemptDelaySeconds ?? 0
  const kept = update.Error === undefined ? undefined : base.StepDetails?.Result
  const pending: StepRecord = {
    ...base,
    Status: 'PENDING',
    StepDetails: {
      Attempt: attempt,
      NextAttemptTimestamp: now + delay * 1000,
      ...(kept === undefined ? {} : { Result: kept }),
      ...outcome(update),
    },
  }
  return { record: pending, event: attemptEvent(pending, update, attempt, now, delay) }
}

function wait(record: WaitRecord | undefined, update: OperationUpdate, now: number) {
  if (update.Action === 'CANCEL') {
    if (record?.Status !== 'STARTED') {
      throw invalid('Cannot cancel a WAIT that does not exist or has already completed.')
    }
    const cancelled: WaitRecord = { ...record, Status: 'CANCELLED', EndTimestamp: now }
    const details = update.Error === undefined ? {} : { Error: eventData(update.Error) }
    return { record: cancelled, event: event('WaitCancelled', now, details, cancelled) }
  }
  if (record) throw invalid('Cannot start a WAIT that already exist.')
  const seconds = update.WaitOptions?.WaitSeconds ?? 0
  const end = now + seconds * 1000
  const started: WaitRecord = {
    ...identity(update, now),
    Type: 'WAIT',
    Status: 'STARTED',
    WaitDetails: { ScheduledEndTimestamp: end },
  }
  const details = { Duration: seconds, ScheduledEndTimestamp: end }
  return { record: started, event: event('WaitStarted', now, details, started) }
}

function callback(record: CallbackRecord | undefined, update: OperationUpdate, given: Given) {
  if (record) throw invalid('Cannot start a CALLBACK that already exist.')
  const { now, callbackId = '' } = given
  const { TimeoutSeconds, HeartbeatTimeoutSeconds } = update.CallbackOptions ?? {}
  const started: CallbackRecord = {
    ...identity(update, now),
    Type: 'CALLBACK',
    Status: 'STARTED',
    CallbackDetails: { CallbackId: callbackId },
  }
  const details = {
    CallbackId: callbackId,
    ...(HeartbeatTimeoutSeconds ? { HeartbeatTimeout: HeartbeatTimeoutSeconds } : {}),
    ...(TimeoutSeconds ? { Timeout: TimeoutSeconds } : {}),
  }
  return { record: started, event: event('CallbackStarted', now, details, started) }
}

function chainedInvoke(record: InvokeRecord | undefined, update: OperationUpdate, given: Given) {
  if (record) throw invalid('Cannot start an INVOKE that already exist.')
  const { now, target } = given
  const options = update.ChainedInvokeOptions
  const started: InvokeRecord = {
    ...identity(update, now),
    Type: 'CHAINED_INVOKE',
    Status: 'STARTED',
    ChainedInvokeDetails: {},
  }
  const details = {
    FunctionName: options?.FunctionName ?? '',
    ...(options?.TenantId === undefined ? {} : { TenantId: options.TenantId }),
    Input: eventData(update.Payload),
    ExecutedVersion: target?.version ?? '',
    // A plain function has no execution of its own; the member is there all the same.
    DurableExecutionArn: target?.executionArn ?? '',
  }
  return { record: started, event: event('ChainedInvokeStarted', now, details, started) }
}

/** What the passing of time makes of a wait or a retry that is due. */
export function elapsed(record: WaitRecord | StepRecord, now: number): Transition {
  if (record.Type === 'STEP') {
    const { NextAttemptTimestamp: _due, ...details } = record.StepDetails ?? {}
    return { record: { ...record, Status: 'READY', StepDetails: details } }
  }
  const ended: WaitRecord = { ...record, Status: 'SUCCEEDED', EndTimestamp: now }
  const end = record.WaitDetails?.ScheduledEndTimestamp as number
  const details = { Duration: (end - (record.StartTimestamp as number)) / 1000 }
  return { record: ended, event: event('WaitSucceeded', now, details, ended) }
}

/** How a callback or a chained invoke ended, as somebody outside reports it. */
export type Settlement =
  | { readonly status: 'SUCCEEDED'; readonly result?: string | undefined }
  | { readonly status: 'FAILED' | 'TIMED_OUT' | 'STOPPED'; readonly error: ErrorRecord }

export function settled(
  record: CallbackRecord | InvokeRecord,
  settlement: Settlement,
  now: number,
): Transition {
  const { status } = settlement
  const end =
    status === 'SUCCEEDED'
      ? settlement.result === undefined
        ? {}
        : { Result: settlement.result }
      : { Error: settlement.error }
  const ended: CallbackRecord | InvokeRecord =
    record.Type === 'CALLBACK'
      ? {
          ...record,
          Status: status,
          EndTimestamp: now,
          CallbackDetails: { ...record.CallbackDetails, ...end },
        }
      : { ...record, Status: status, EndTimestamp: now, ChainedInvokeDetails: end }
  const kind = record.Type === 'CALLBACK' ? 'Callback' : 'ChainedInvoke'
  if (status === 'SUCCEEDED') {
    const details = { Result: eventData(settlement.result) }
    return { record: ended, event: event(`${kind}Succeeded`, now, details, ended) }
  }
  const suffix = { FAILED: 'Failed', TIMED_OUT: 'TimedOut', STOPPED: 'Stopped' } as const
  const type = `${kind}${suffix[status]}` as `ChainedInvoke${(typeof suffix)[typeof status]}`
  return { record: ended, event: event(type, now, { Error: eventData(settlement.error) }, ended) }
}

/** What a record takes over from the update that creates it. */
function identity(update: OperationUpdate, now: number) {
  return {
    Id: update.Id,
    ...(update.ParentId == null ? {} : { ParentId: update.ParentId }),
    ...(update.Name == null ? {} : { Name: update.Name }),
    ...(update.SubType == null ? {} : { SubType: update.SubType }),
    StartTimestamp: now,
  }
}

function outcome(update: OperationUpdate): { Result?: string; Error?: ErrorRecord } {
  return {
    ...(update.Payload == null ? {} : { Result: update.Payload }),
    ...(update.Error == null ? {} : { Error: update.Error }),
  }
}

function closing(kind: 'Context', record: OperationRecord, update: OperationUpdate, now: number) {
  return update.Action === 'SUCCEED'
    ? event(`${kind}Succeeded`, now, { Result: eventData(update.Payload) }, record)
    : event(`${kind}Failed`, now, { Error: eventData(update.Error) }, record)
}

/** An attempt of a step ended: by failing, or by handing back a result or the state of a poll. */
function attemptEvent(
  record: StepRecord,
  update: OperationUpdate,
  attempt: number,
  now: number,
  delay?: number,
): StoredEvent {
  const RetryDetails = {
    CurrentAttempt: attempt,
    ...(delay === undefined ? {} : { NextAttemptDelaySeconds: delay }),
  }
  return update.Action === 'FAIL' || update.Error != null
    ? event('StepFailed', now, { Error: eventData(update.Error), RetryDetails }, record)
    : event('StepSucceeded', now, { Result: eventData(update.Payload), RetryDetails }, record)
}
