import type { ErrorRecord } from '../kernel/error-record.ts'
import type { OperationRecord } from '../journal/record.ts'
import type { OperationUpdate } from '../journal/update.ts'
import type { Execution } from './execution.ts'
import type { StoredEvent } from './history.ts'
import { invalid } from './refusal.ts'
import type { ServiceLimits } from './service-limits.ts'
import type { OperationExtras } from './store.ts'
import { settled, transition, type Transition } from './transition.ts'
import { checkUpdates } from './validation.ts'

/** What a checkpoint will change, worked out before anything is changed. */
export interface StagedCheckpoint<T> {
  /** The latest record of each operation it touches, in the order of first touch. */
  readonly operations: Map<string, { record: OperationRecord; extras?: OperationExtras }>
  readonly events: StoredEvent[]
  /** Chained invokes to be carried out. */
  readonly calls: { readonly update: OperationUpdate; readonly callee: T }[]
  /** The update that ends the execution itself. */
  ending?: OperationUpdate
}

/** Where a chained invoke goes: a callee, or the reason why there is none. */
export type Callee<T> =
  | { readonly callee: T; readonly version: string; readonly executionArn: string }
  | { readonly error: ErrorRecord }

export interface CheckpointGround<T> {
  readonly now: number
  readonly limits: ServiceLimits
  newCallbackId(operationId: string): string
  findCallee(update: OperationUpdate): Callee<T>
}

/** Works out a batch of updates, all of them or, by a refusal, none. */
export function stageCheckpoint<T>(
  execution: Execution,
  updates: readonly OperationUpdate[],
  ground: CheckpointGround<T>,
): StagedCheckpoint<T> {
  checkUpdates(updates, ground.limits)
  const staged: StagedCheckpoint<T> = { operations: new Map(), events: [], calls: [] }
  const recordOf = (id: string) => staged.operations.get(id)?.record ?? execution.get(id)
  let size = execution.size

  for (const update of updates) {
    if (update.Type === 'EXECUTION') {
      staged.ending = update
      break
    }
    if (update.ParentId != null && recordOf(update.ParentId)?.Type !== 'CONTEXT') {
      throw invalid('Invalid parent operation id.')
    }
    const record = recordOf(update.Id)
    if (!record) size += 1
    if (size > ground.limits.operationsPerExecution) {
      throw invalid(
        `An execution can have at most ${ground.limits.operationsPerExecution} operations.`,
      )
    }
    stageUpdate(staged, record, update, ground)
  }
  return staged
}

function stageUpdate<T>(
  staged: StagedCheckpoint<T>,
  record: OperationRecord | undefined,
  update: OperationUpdate,
  ground: CheckpointGround<T>,
): void {
  const { now } = ground
  if (update.Type === 'CALLBACK') {
    const callbackId = ground.newCallbackId(update.Id)
    const { TimeoutSeconds, HeartbeatTimeoutSeconds } = update.CallbackOptions ?? {}
    const callback = {
      timeoutSeconds: TimeoutSeconds ?? 0,
      heartbeatSeconds: HeartbeatTimeoutSeconds ?? 0,
      beatAt: now,
    }
    return take(staged, transition(record, update, { now, callbackId }), { callback })
  }
  if (update.Type !== 'CHAINED_INVOKE') return take(staged, transition(record, update, { now }))

  const found = ground.findCallee(update)
  if (!('error' in found)) {
    take(staged, transition(record, update, { now, target: found }))
    staged.calls.push({ update, callee: found.callee })
    return
  }
  const started = transition(record, update, { now })
  take(staged, started)
  if (started.record.Type === 'CHAINED_INVOKE') {
    take(staged, settled(started.record, { status: 'FAILED', error: found.error }, now))
  }
}

function take<T>(
  staged: StagedCheckpoint<T>,
  { record, event }: Transition,
  extras?: OperationExtras,
): void {
  staged.operations.set(record.Id, { record, ...(extras ? { extras } : {}) })
  if (event) staged.events.push(event)
}
