import type { ErrorRecord } from '../kernel/error-record.ts'
import type { OperationRecord } from '../journal/record.ts'
import type { StoredEvent } from './history.ts'

/** What is fixed when an execution starts. Plain data, like all that is stored. */
export interface ExecutionFacts {
  readonly arn: string
  /** The id of the execution, and of its own operation. */
  readonly id: string
  /** Executions are counted from 1 in the order of their start. */
  readonly ordinal: number
  readonly name: string
  readonly functionName: string
  readonly version: string
  readonly functionArn: string
  readonly startedAt: number
  readonly timeoutSeconds: number
  readonly retentionDays: number
  readonly input?: string
  readonly tenantId?: string
  /** The chained invoke that this execution answers. */
  readonly parent?: { readonly executionArn: string; readonly operationId: string }
}

/** How far an execution has come. */
export interface ExecutionProgress {
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'STOPPED'
  readonly endedAt?: number
  readonly result?: string
  readonly error?: ErrorRecord
  /** The invocation in flight. */
  readonly invocation?: { readonly requestId: string; readonly startedAt: number }
  /** Invocations in a row, up to now, that crashed, threw, or answered PENDING with nothing pending. */
  readonly crashes: number
  readonly errors: number
  readonly idle: number
  /** How many checkpoint calls were taken, empty ones included. */
  readonly checkpoints: number
  /** When an invocation that failed is tried again. */
  readonly retryAt?: number
}

/** What is kept of an operation besides its record. */
export interface OperationExtras {
  /** Of a callback: its timeouts, and when its last heartbeat came. */
  readonly callback?: {
    readonly timeoutSeconds: number
    readonly heartbeatSeconds: number
    readonly beatAt: number
  }
  /** Of a chained invoke of a plain function: what is called, and with what. */
  readonly call?: {
    readonly functionName: string
    readonly version: string
    readonly payload?: string
    readonly tenantId?: string
  }
}

/** An operation at its place in the order of starts; the execution's own is at 0. */
export interface StoredOperation {
  readonly sequence: number
  readonly record: OperationRecord
  readonly extras?: OperationExtras
}

/** What one verb changed in one execution. */
export interface ExecutionChange {
  readonly arn: string
  /** Only when the execution is new. */
  readonly facts?: ExecutionFacts
  readonly progress: ExecutionProgress
  /** Those that are new or have changed. */
  readonly operations: readonly StoredOperation[]
  /** Those to append to the history. */
  readonly events: readonly StoredEvent[]
}

/** All that is known of one execution. */
export interface StoredExecution {
  readonly facts: ExecutionFacts
  readonly progress: ExecutionProgress
  readonly operations: readonly StoredOperation[]
  readonly events: readonly StoredEvent[]
}

/**
 * The port to what outlives the process. A verb answers after `save` has returned, so a keeper must
 * have written by then; all changes of one call belong together.
 */
export interface Store {
  /** Every execution kept, in the order of their start; a member may be read when asked for. */
  load(): Iterable<StoredExecution>
  /** One of them. A store that can read again lets go of the memory that ended executions take. */
  read?(arn: string): StoredExecution | undefined
  save(changes: readonly ExecutionChange[]): void
  remove(arn: string): void
}
