import type { OperationRecord } from '../journal/record.ts'
import type { StoredEvent } from './history.ts'
import type { OperationExtras } from './store.ts'

export interface Operation {
  readonly sequence: number
  record: OperationRecord
  extras: OperationExtras | undefined
  hidden: boolean
  /** Bytes of the record as JSON; 0 until somebody asks. */
  bytes: number
  children: Operation[] | undefined
}

/** What takes up most of the memory of an execution. */
export interface Content {
  readonly operations: Map<string, Operation>
  readonly order: Operation[]
  readonly events: StoredEvent[]
}

export function emptyContent(): Content {
  return { operations: new Map(), order: [], events: [] }
}

/** Gives an operation its place in the order of starts. */
export function add({ operations, order }: Content, record: OperationRecord): Operation {
  const parent = record.ParentId == null ? undefined : operations.get(record.ParentId)
  const operation: Operation = {
    sequence: order.length,
    record,
    extras: undefined,
    hidden: parent !== undefined && (parent.hidden || hidesChildren(parent.record)),
    bytes: 0,
    children: undefined,
  }
  operations.set(record.Id, operation)
  order.push(operation)
  if (parent) (parent.children ??= []).push(operation)
  return operation
}

/** Whether the handler is not shown what is below the operation. */
export function hidesChildren(record: OperationRecord): boolean {
  return (
    record.Type === 'CONTEXT' &&
    record.Status !== 'STARTED' &&
    record.ContextDetails?.ReplayChildren !== true
  )
}

export function hide(operations: readonly Operation[] | undefined): void {
  for (const operation of operations ?? []) {
    if (operation.hidden) continue
    operation.hidden = true
    hide(operation.children)
  }
}
