import type { Execution } from './execution.ts'
import type { RegisteredFunction } from './functions.ts'
import type { InvocationRequest } from './invoker.ts'
import { marker } from './paging.ts'
import type { ServiceLimits } from './service-limits.ts'
import { envelopeRecords } from './shown-record.ts'

/** What sets one invocation of an execution apart from the others. */
export interface InvocationStart {
  readonly requestId: string
  readonly token: string
  /** By the clock of invocations. */
  readonly now: number
  /** The operations that something befell since the last invocation. */
  readonly updated: readonly string[]
}

/** The call that invokes a durable function, with as much of the state as fits its event. */
export function invocationRequest(
  execution: Execution,
  callee: RegisteredFunction,
  limits: ServiceLimits,
  { requestId, token, now, updated }: InvocationStart,
): InvocationRequest {
  const { tenantId } = execution.facts
  const { crashes, errors, idle } = execution.progress
  const { records, next } = execution.page(0, limits.envelopeItems, limits.envelopeBytes, false)
  return {
    functionName: callee.name,
    version: callee.version,
    functionArn: callee.arn,
    requestId,
    ...(tenantId === undefined ? {} : { tenantId }),
    deadline: now + callee.timeoutSeconds * 1000,
    attempt: crashes + errors + idle + 1,
    event: {
      DurableExecutionArn: execution.arn,
      CheckpointToken: token,
      InitialExecutionState: {
        Operations: envelopeRecords(records),
        NextMarker: next === undefined ? '' : marker(next),
      },
      UpdatedOperationIds: updated,
    },
    durable: true,
    executionArn: execution.arn,
  }
}
