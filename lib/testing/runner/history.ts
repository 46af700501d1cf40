import type { OperationStatus, OperationType } from '../../journal/record.ts'
import { toEpochMilliseconds } from '../../journal/time.ts'
import type { ErrorRecord } from '../../kernel/error-record.ts'
import type { HistoryEvent } from '../../service/history.ts'

/** What is known of an operation besides how it stands, as the events of its type tell it. */
export interface OperationDetails {
  /** Of a callback. */
  readonly callbackId?: string
  readonly timeoutSeconds?: number
  readonly heartbeatSeconds?: number
  /** Of a wait. */
  readonly seconds?: number
  /** Of a wait and of a step that is tried again: when it goes on. */
  readonly until?: Date
  /** Of a chained invoke: what was called, with which JSON, and as which execution. */
  readonly functionName?: string
  readonly input?: string
  readonly executionArn?: string
}

/** An operation as the history tells of it. */
export interface HistoryOperation {
  readonly id: string
  readonly name: string | undefined
  readonly parent: HistoryOperation | undefined
  readonly type: OperationType
  readonly subType: string | undefined
  readonly status: OperationStatus
  /** Attempts that have begun; of steps and checks. */
  readonly attempts: number
  /** As text. */
  readonly result: string | undefined
  readonly error: ErrorRecord | undefined
  readonly startedAt: Date
  readonly endedAt: Date | undefined
  readonly details: OperationDetails
  readonly children: readonly HistoryOperation[]
}

type Draft = { -readonly [K in keyof HistoryOperation]: HistoryOperation[K] } & {
  children: HistoryOperation[]
}

/** The end of an execution. */
export interface HistoryEnd {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'STOPPED'
  /** As text. */
  readonly result: string | undefined
  readonly error: ErrorRecord | undefined
}

const typeOf: Readonly<Record<string, OperationType>> = {
  Context: 'CONTEXT',
  Step: 'STEP',
  Wait: 'WAIT',
  Callback: 'CALLBACK',
  ChainedInvoke: 'CHAINED_INVOKE',
}

const endings = {
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
  TimedOut: 'TIMED_OUT',
  Stopped: 'STOPPED',
  Cancelled: 'CANCELLED',
} as const

/** What an event's details may hold, whatever its type. */
interface AnyDetails {
  readonly Result?: { readonly Payload?: string }
  readonly Error?: { readonly Payload?: ErrorRecord }
  readonly Input?: { readonly Payload?: string }
  readonly RetryDetails?: {
    readonly CurrentAttempt?: number
    readonly NextAttemptDelaySeconds?: number
  }
  readonly CallbackId?: string
  readonly Timeout?: number
  readonly HeartbeatTimeout?: number
  readonly Duration?: number
  readonly ScheduledEndTimestamp?: Date | string | number
  readonly FunctionName?: string
  readonly DurableExecutionArn?: string
}

/** The events of one execution, and the operations that they tell of. */
export class History {
  readonly events: HistoryEvent[] = []
  /** In the order of their start. */
  readonly operations: HistoryOperation[] = []
  end: HistoryEnd | undefined
  readonly #byId = new Map<string, Draft>()

  /** Takes in the next event; answers the operation that it is about, if it is about one. */
  add(event: HistoryEvent): HistoryOperation | undefined {
    this.events.push(event)
    const [, kind = '', what = ''] =
      /^(Execution|Context|Step|Wait|Callback|ChainedInvoke)(\w+)$/.exec(event.EventType) ?? []
    const details = detailsOf(event)
    if (kind === 'Execution') {
      if (what !== 'Started') this.end = endOf(what as keyof typeof endings, details)
      return undefined
    }
    const type = typeOf[kind]
    if (type === undefined || event.Id === undefined) return undefined
    const operation = this.#byId.get(event.Id) ?? this.#begin(event, event.Id, type)
    if (what === 'Started') started(operation, details)
    else ended(operation, what as keyof typeof endings, event, details)
    return operation
  }

  get(id: string): HistoryOperation | undefined {
    return this.#byId.get(id)
  }

  #begin(event: HistoryEvent, id: string, type: OperationType): Draft {
    const parent = event.ParentId === undefined ? undefined : this.#byId.get(event.ParentId)
    const operation: Draft = {
      id,
      name: event.Name,
      parent,
      type,
      subType: event.SubType,
      status: 'STARTED',
      attempts: 0,
      result: undefined,
      error: undefined,
      startedAt: dateOf(event.EventTimestamp),
      endedAt: undefined,
      details: {},
      children: [],
    }
    this.#byId.set(id, operation)
    this.operations.push(operation)
    parent?.children.push(operation)
    return operation
  }
}

/** Whether the operation can still move. */
export function isOpen({ status }: Pick<HistoryOperation, 'status'>): boolean {
  return status === 'STARTED' || status === 'PENDING' || status === 'READY'
}

/** How a callback is called: by its own name, or that of the `waitForCallback` around it, or an id. */
export function callbackName({ id, name, parent }: HistoryOperation): string {
  if (name !== undefined) return name
  return parent?.subType === 'WaitForCallback' ? (parent.name ?? parent.id) : id
}

function started(operation: Draft, details: AnyDetails): void {
  operation.status = 'STARTED'
  if (operation.type === 'STEP') operation.attempts += 1
  operation.details = known({
    callbackId: details.CallbackId,
    timeoutSeconds: details.Timeout,
    heartbeatSeconds: details.HeartbeatTimeout,
    seconds: details.Duration,
    until: details.ScheduledEndTimestamp && dateOf(details.ScheduledEndTimestamp),
    functionName: details.FunctionName,
    input: details.Input?.Payload,
    executionArn: details.DurableExecutionArn,
  })
}

function ended(
  operation: Draft,
  how: keyof typeof endings,
  event: HistoryEvent,
  { Result, Error, RetryDetails }: AnyDetails,
): void {
  operation.result = Result?.Payload
  operation.error = Error?.Payload
  const at = dateOf(event.EventTimestamp)
  const { CurrentAttempt, NextAttemptDelaySeconds: delay } = RetryDetails ?? {}
  if (CurrentAttempt !== undefined) operation.attempts = CurrentAttempt
  if (delay != null) {
    operation.status = 'PENDING'
    operation.details = { until: new Date(at.getTime() + delay * 1000) }
    return
  }
  if (operation.type === 'STEP') operation.details = {}
  operation.status = endings[how]
  operation.endedAt = at
}

function endOf(how: keyof typeof endings, { Result, Error }: AnyDetails): HistoryEnd {
  return {
    status: endings[how] as HistoryEnd['status'],
    result: Result?.Payload,
    error: Error?.Payload,
  }
}

function detailsOf(event: HistoryEvent): AnyDetails {
  const members = event as unknown as Readonly<Record<string, AnyDetails | undefined>>
  return members[`${event.EventType}Details`] ?? {}
}

function known(details: Record<string, unknown>): OperationDetails {
  const its: Record<string, unknown> = {}
  for (const member of Object.keys(details)) {
    const value = details[member]
    if (value !== undefined && value !== '') its[member] = value
  }
  return its
}

function dateOf(time: Date | string | number): Date {
  return new Date(toEpochMilliseconds(time) ?? NaN)
}
