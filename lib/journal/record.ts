import type { ErrorRecord } from '../kernel/error-record.ts'

// What the service keeps for each operation, in the shapes of `@aws-sdk/client-lambda`, so that an
// event's records are read where they lie and never copied.

export const operationTypes = [
  'EXECUTION',
  'CONTEXT',
  'STEP',
  'WAIT',
  'CALLBACK',
  'CHAINED_INVOKE',
] as const
export type OperationType = (typeof operationTypes)[number]

export const operationStatuses = [
  'STARTED',
  'PENDING',
  'READY',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
  'TIMED_OUT',
  'STOPPED',
] as const
export type OperationStatus = (typeof operationStatuses)[number]

/** ISO text in the invocation event, a `Date` from the AWS client, epoch milliseconds in between. */
export type Timestamp = Date | string | number

interface RecordBase {
  readonly Id: string
  readonly ParentId?: string | undefined
  readonly Name?: string | undefined
  readonly SubType?: string | undefined
  readonly StartTimestamp: Timestamp
  readonly EndTimestamp?: Timestamp | undefined
  readonly Status: OperationStatus
}

export interface ExecutionRecord extends RecordBase {
  readonly Type: 'EXECUTION'
  readonly ExecutionDetails?: { readonly InputPayload?: string | undefined } | undefined
}

export interface ContextRecord extends RecordBase {
  readonly Type: 'CONTEXT'
  readonly ContextDetails?:
    | {
        readonly ReplayChildren?: boolean | undefined
        readonly Result?: string | undefined
        readonly Error?: ErrorRecord | undefined
      }
    | undefined
}

export interface StepRecord extends RecordBase {
  readonly Type: 'STEP'
  readonly StepDetails?:
    | {
        /** Attempts that have ended; the running one is `Attempt + 1`. */
        readonly Attempt?: number | undefined
        readonly NextAttemptTimestamp?: Timestamp | undefined
        readonly Result?: string | undefined
        readonly Error?: ErrorRecord | undefined
      }
    | undefined
}

export interface WaitRecord extends RecordBase {
  readonly Type: 'WAIT'
  readonly WaitDetails?: { readonly ScheduledEndTimestamp?: Timestamp | undefined } | undefined
}

export interface CallbackRecord extends RecordBase {
  readonly Type: 'CALLBACK'
  readonly CallbackDetails?:
    | {
        readonly CallbackId?: string | undefined
        readonly Result?: string | undefined
        readonly Error?: ErrorRecord | undefined
      }
    | undefined
}

export interface InvokeRecord extends RecordBase {
  readonly Type: 'CHAINED_INVOKE'
  readonly ChainedInvokeDetails?:
    { readonly Result?: string | undefined; readonly Error?: ErrorRecord | undefined } | undefined
}

export type OperationRecord =
  ExecutionRecord | ContextRecord | StepRecord | WaitRecord | CallbackRecord | InvokeRecord

const settledStatuses: ReadonlySet<string> = new Set<OperationStatus>([
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
  'TIMED_OUT',
  'STOPPED',
])

/** Whether the operation is over. A status that a later service may add is not: it is waited for. */
export function isSettled(record: OperationRecord | undefined): boolean {
  return record !== undefined && settledStatuses.has(record.Status)
}
