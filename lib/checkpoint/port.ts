import type { OperationRecord } from '../journal/record.ts'
import type { OperationUpdate } from '../journal/update.ts'

/** What the engine asks of the durable service: two calls, shaped as in `@aws-sdk/client-lambda`. */
export interface DurableService {
  checkpoint(request: CheckpointRequest): Promise<CheckpointResponse>
  getExecutionState(request: StateRequest): Promise<StateResponse>
}

export interface CheckpointRequest {
  readonly DurableExecutionArn: string
  readonly CheckpointToken: string
  /** Marks a request that is sent again as the same one. */
  readonly ClientToken?: string
  readonly Updates?: readonly OperationUpdate[]
}

export interface CheckpointResponse {
  /** Absent when the execution has ended, or when this invocation has to stop. */
  readonly CheckpointToken?: string | undefined
  readonly NewExecutionState?:
    | {
        readonly Operations?: readonly OperationRecord[] | undefined
        readonly NextMarker?: string | undefined
      }
    | undefined
}

export interface StateRequest {
  readonly DurableExecutionArn: string
  readonly CheckpointToken: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number
}

export interface StateResponse {
  readonly Operations?: readonly OperationRecord[] | undefined
  readonly NextMarker?: string | undefined
}
