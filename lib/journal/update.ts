import type { ErrorRecord } from '../kernel/error-record.ts'
import type { OperationType } from './record.ts'

export const operationActions = ['START', 'SUCCEED', 'FAIL', 'RETRY', 'CANCEL'] as const
export type OperationAction = (typeof operationActions)[number]

/** Has a context's inside be kept, for a replay to walk it again. */
export const replayChildren = { ContextOptions: { ReplayChildren: true } } as const

/** What the engine reports of one operation, in the shape that a checkpoint call carries. */
export interface OperationUpdate {
  readonly Id: string
  readonly Type: OperationType
  readonly Action: OperationAction
  readonly ParentId?: string | undefined
  readonly Name?: string | undefined
  readonly SubType?: string | undefined
  readonly Payload?: string | undefined
  readonly Error?: ErrorRecord | undefined
  readonly ContextOptions?: { readonly ReplayChildren?: boolean | undefined } | undefined
  readonly StepOptions?: { readonly NextAttemptDelaySeconds?: number | undefined } | undefined
  readonly WaitOptions?: { readonly WaitSeconds?: number | undefined } | undefined
  readonly CallbackOptions?:
    | {
        readonly TimeoutSeconds?: number | undefined
        readonly HeartbeatTimeoutSeconds?: number | undefined
      }
    | undefined
  readonly ChainedInvokeOptions?:
    { readonly FunctionName: string; readonly TenantId?: string | undefined } | undefined
}
