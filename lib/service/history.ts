import type { ErrorRecord } from '../kernel/error-record.ts'
import type { OperationRecord, Timestamp } from '../journal/record.ts'

/** A payload in an event, or the note that it was left out. */
export interface EventData<T> {
  readonly Payload?: T
  readonly Truncated: boolean
}

interface RetryDetails {
  /** Attempts that have ended, the one of this event included. */
  readonly CurrentAttempt: number
  /** Absent when no further attempt follows. */
  readonly NextAttemptDelaySeconds?: number
}

type Nothing = Readonly<Record<string, never>>
type WithResult = { readonly Result: EventData<string> }
type WithError = { readonly Error: EventData<ErrorRecord> }

/** What each type of event tells, by the API's names. */
export interface EventDetails {
  ExecutionStarted: { readonly Input: EventData<string>; readonly ExecutionTimeout: number }
  ExecutionSucceeded: WithResult
  ExecutionFailed: WithError
  ExecutionTimedOut: WithError
  ExecutionStopped: WithError
  ContextStarted: Nothing
  ContextSucceeded: WithResult
  ContextFailed: WithError
  WaitStarted: { readonly Duration: number; readonly ScheduledEndTimestamp: Timestamp }
  WaitSucceeded: { readonly Duration: number }
  WaitCancelled: Partial<WithError>
  StepStarted: Nothing
  StepSucceeded: WithResult & { readonly RetryDetails: RetryDetails }
  StepFailed: WithError & { readonly RetryDetails: RetryDetails }
  ChainedInvokeStarted: {
    readonly FunctionName: string
    readonly TenantId?: string
    readonly Input: EventData<string>
    readonly ExecutedVersion: string
    readonly DurableExecutionArn: string
  }
  ChainedInvokeSucceeded: WithResult
  ChainedInvokeFailed: WithError
  ChainedInvokeTimedOut: WithError
  ChainedInvokeStopped: WithError
  CallbackStarted: {
    readonly CallbackId: string
    readonly HeartbeatTimeout?: number
    readonly Timeout?: number
  }
  CallbackSucceeded: WithResult
  CallbackFailed: WithError
  CallbackTimedOut: WithError
  InvocationCompleted: {
    readonly StartTimestamp: Timestamp
    readonly EndTimestamp: Timestamp
    readonly RequestId: string
    readonly Error?: EventData<ErrorRecord>
  }
}

export type EventType = keyof EventDetails

/** The operation that an event is about. */
type Subject = Pick<OperationRecord, 'Id' | 'Name' | 'ParentId' | 'SubType'>

/** An event as the service keeps it: plain data, times in milliseconds since 1970. */
export interface StoredEvent {
  readonly type: EventType
  readonly at: number
  readonly subject?: Subject
  readonly details: EventDetails[EventType]
}

/** An event as the API shows it, its details under a member named for its type. */
export type HistoryEvent = EventHeader & {
  readonly [T in EventType as `${T}Details`]?: EventDetails[T]
}

interface EventHeader {
  readonly EventId: number
  readonly EventType: EventType
  readonly EventTimestamp: Date
  readonly Id?: string
  readonly Name?: string
  readonly ParentId?: string
  readonly SubType?: string
}

export function event<T extends EventType>(
  type: T,
  at: number,
  details: EventDetails[T],
  subject?: Subject,
): StoredEvent {
  return { type, at, details, ...(subject ? { subject: identityOf(subject) } : {}) }
}

/** A payload as an event carries it. */
export function eventData<T>(payload: T | undefined): EventData<T> {
  return payload === undefined ? { Truncated: false } : { Payload: payload, Truncated: false }
}

/** The event as the API shows it; without payloads unless `includeData`. */
export function shownEvent(stored: StoredEvent, id: number, includeData: boolean): HistoryEvent {
  const details: Record<string, unknown> = { ...stored.details }
  for (const member of Object.keys(details)) {
    if (member.endsWith('Timestamp')) details[member] = new Date(details[member] as number)
    else if (!includeData && ['Input', 'Result', 'Error'].includes(member)) {
      details[member] = { Truncated: true }
    }
  }
  return {
    EventId: id,
    EventType: stored.type,
    EventTimestamp: new Date(stored.at),
    ...stored.subject,
    [`${stored.type}Details`]: details,
  } as HistoryEvent
}

function identityOf({ Id, Name, ParentId, SubType }: Subject): Subject {
  return {
    Id,
    ...(Name === undefined ? {} : { Name }),
    ...(ParentId === undefined ? {} : { ParentId }),
    ...(SubType === undefined ? {} : { SubType }),
  }
}
