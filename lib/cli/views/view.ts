import type { OperationStatus, OperationType } from '../../journal/record.ts'

// What `--json` prints of an execution. Times are ISO texts, spans are milliseconds, and what is not
// known is left out. Payloads are cut to a length, with `…` at the end of one that was.

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'STOPPED'

export interface ErrorView {
  readonly type?: string
  readonly message: string
}

/** The execution as a whole. */
export interface ExecutionFacts {
  readonly arn?: string
  readonly name?: string
  /** Name and qualifier of the function: `checkout:$LATEST`. */
  readonly function?: string
  readonly status: ExecutionStatus
  readonly startedAt?: string
  readonly endedAt?: string
  /** From the start to the end, or to now. */
  readonly milliseconds?: number
  readonly timeoutSeconds?: number
  /** When it times out, should it still run then. */
  readonly timesOutAt?: string
  readonly retentionDays?: number
  readonly input?: string
  readonly result?: string
  readonly error?: ErrorView
}

/** One go at the body of a step, a submitter or a check. */
export interface AttemptView {
  /** Counted from 1. */
  readonly number: number
  readonly startedAt: string
  readonly endedAt?: string
  readonly milliseconds?: number
  readonly status: 'STARTED' | 'SUCCEEDED' | 'FAILED'
  readonly result?: string
  readonly error?: ErrorView
  /** When the next one is due, where there is to be one. */
  readonly nextAt?: string
}

export interface CallbackView {
  /** By which the outside answers it. */
  readonly id: string
  /** Its own name, that of the `waitForCallback` around it, or its operation's id. */
  readonly name: string
  readonly timesOutAt?: string
  readonly timeoutSeconds?: number
  /** How often a sign of life is due; when the last one came, no history tells. */
  readonly heartbeatSeconds?: number
}

export interface InvokeView {
  readonly functionName: string
  readonly input?: string
  /** The execution that the invoked function is, if it is a durable one. */
  readonly executionArn?: string
  readonly tenantId?: string
}

export interface OperationView {
  readonly id: string
  readonly name?: string
  /** As people name it: `step "charge"`. */
  readonly words: string
  readonly type: OperationType
  readonly subType?: string
  readonly status: OperationStatus
  /** `left`: open on record, and nobody will look at it again: what is around it is over. */
  readonly standing: 'open' | 'over' | 'left'
  readonly startedAt: string
  readonly endedAt?: string
  /** From its start to its end, or to now where it is open. */
  readonly milliseconds?: number
  /** When the service itself will move it on: the end of a wait, the next attempt of a step. */
  readonly dueAt?: string
  /** Of steps and checks. */
  readonly attempts: readonly AttemptView[]
  readonly result?: string
  readonly error?: ErrorView
  readonly callback?: CallbackView
  readonly invoke?: InvokeView
  readonly children: readonly OperationView[]
}

export interface InvocationView {
  readonly number: number
  readonly requestId?: string
  readonly startedAt: string
  readonly endedAt: string
  readonly milliseconds: number
  readonly error?: ErrorView
}

/** How an execution that is not over goes on, as far as its history tells. */
export type Activity =
  /** An invocation is under way; `isSure` when it has written something since the last one ended. */
  | {
      readonly kind: 'running'
      readonly invocation: number
      readonly since: string
      readonly isSure: boolean
    }
  /** None is, until something that is waited for happens. */
  | { readonly kind: 'suspended'; readonly since: string }
  /** The last `failures` invocations failed, and the next is to come. */
  | {
      readonly kind: 'failing'
      readonly failures: number
      readonly since: string
      readonly error: ErrorView
    }

export interface Totals {
  /** The operations on record, the execution itself not counted. */
  readonly operations: number
  readonly attempts: number
  readonly events: number
  /** The least number of checkpoint calls that the times in the history can come of. */
  readonly leastCheckpointCalls: number
  /** Of inputs, results and errors on record. */
  readonly payloadBytes: number
  /** Whether some payloads were left out of the history, so that there are more bytes. */
  readonly isDataLeftOut: boolean
}

/** One execution, as all that is shown of it is made from. */
export interface ExecutionView {
  readonly execution: ExecutionFacts
  readonly operations: readonly OperationView[]
  readonly invocations: readonly InvocationView[]
  readonly activity?: Activity
  readonly totals: Totals
  /** When this was so. */
  readonly asOf: string
}

/** All operations of a tree, each before those in it. */
export function* flat(operations: readonly OperationView[]): Generator<OperationView> {
  // Not by recursion: contexts may lie deeper than generators can.
  const left = [...operations].reverse()
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    yield one
    for (const child of one.children.toReversed()) left.push(child)
  }
}
