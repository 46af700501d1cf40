import type { ErrorRecord } from '../kernel/error-record.ts'
import type { OperationRecord } from '../journal/record.ts'
import type { OperationUpdate } from '../journal/update.ts'
import type { HistoryEvent } from './history.ts'
import type { PageRequest } from './paging.ts'
import type { ExecutionProgress } from './store.ts'

// Requests and answers of the service, by the API's names; times are `Date`s.

export type ExecutionStatus = ExecutionProgress['status']

export interface InvokeRequest {
  readonly FunctionName: string
  readonly Qualifier?: string | undefined
  readonly InvocationType?: 'RequestResponse' | 'Event' | 'DryRun' | undefined
  readonly DurableExecutionName?: string | undefined
  readonly TenantId?: string | undefined
  /** JSON text about the caller, for a plain function's context. */
  readonly ClientContext?: string | undefined
  /** JSON text. */
  readonly Payload?: string | undefined
}

export interface InvokeResponse {
  readonly StatusCode: number
  readonly ExecutedVersion: string
  readonly DurableExecutionArn?: string
  /** The result, or the error as JSON where `FunctionError` says so. */
  readonly Payload?: string
  readonly FunctionError?: string
  /** Of the invocation that gave the answer. */
  readonly RequestId?: string
}

/** What is known of a synchronous call as soon as its execution has begun. */
export type StartedExecution = Required<
  Pick<InvokeResponse, 'ExecutedVersion' | 'DurableExecutionArn'>
>

export interface CheckpointRequest {
  readonly DurableExecutionArn: string
  readonly CheckpointToken: string
  readonly ClientToken?: string | undefined
  readonly Updates?: readonly OperationUpdate[] | undefined
}

export interface CheckpointResponse {
  /** Absent when the checkpoint has ended the execution. */
  readonly CheckpointToken?: string
  readonly NewExecutionState: { readonly Operations: OperationRecord[] }
}

export interface StateRequest extends PageRequest {
  readonly DurableExecutionArn: string
  readonly CheckpointToken: string
}

export interface StateResponse {
  readonly Operations: OperationRecord[]
  readonly NextMarker?: string
}

export interface GetExecutionRequest {
  readonly DurableExecutionArn: string
  readonly IncludeExecutionData?: boolean | undefined
}

export interface ExecutionSummary {
  readonly DurableExecutionArn: string
  readonly DurableExecutionName: string
  readonly FunctionArn: string
  readonly Status: ExecutionStatus
  readonly StartTimestamp: Date
  readonly EndTimestamp?: Date
}

export interface ExecutionDescription extends ExecutionSummary {
  readonly Version: string
  readonly InputPayload?: string
  readonly Result?: string
  readonly Error?: ErrorRecord
  readonly ExecutionDataIncluded: boolean
  readonly DurableConfig: {
    readonly ExecutionTimeout: number
    readonly RetentionPeriodInDays: number
  }
}

export interface HistoryRequest extends PageRequest {
  readonly DurableExecutionArn: string
  /** True when left out. */
  readonly IncludeExecutionData?: boolean | undefined
  /** Newest first. */
  readonly ReverseOrder?: boolean | undefined
}

export interface HistoryResponse {
  readonly Events: HistoryEvent[]
  readonly NextMarker?: string
}

export interface ListRequest extends PageRequest {
  readonly FunctionName: string
  readonly Qualifier?: string | undefined
  readonly DurableExecutionName?: string | undefined
  readonly Statuses?: readonly ExecutionStatus[] | undefined
  readonly StartedAfter?: Date | undefined
  readonly StartedBefore?: Date | undefined
  /** Oldest first. */
  readonly ReverseOrder?: boolean | undefined
}

export interface ListResponse {
  readonly DurableExecutions: ExecutionSummary[]
  readonly NextMarker?: string
}

export interface CallbackSuccessRequest {
  readonly CallbackId: string
  readonly Result?: string | undefined
}

export interface CallbackFailureRequest {
  readonly CallbackId: string
  readonly Error?: ErrorRecord | undefined
}

export interface CallbackHeartbeatRequest {
  readonly CallbackId: string
}

export interface StopRequest {
  readonly DurableExecutionArn: string
  readonly Error?: ErrorRecord | undefined
}

export interface StopResponse {
  readonly StopTimestamp: Date
}

export interface ForkRequest {
  readonly DurableExecutionArn: string
  readonly OperationId: string
  /** Of the new execution; a name of its own is made up where it is left out. */
  readonly DurableExecutionName?: string | undefined
  /** Whether the operation has the answer below; without one it begins anew. */
  readonly IsAnswered?: boolean | undefined
  readonly Result?: string | undefined
  readonly Error?: ErrorRecord | undefined
}

export interface ForkResponse {
  readonly DurableExecutionArn: string
}
