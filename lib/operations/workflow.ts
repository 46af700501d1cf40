import type { Log } from '../kernel/logger.ts'
import type { Operation } from './operation.ts'

/** The generator that a workflow's body runs as, for those who want to annotate it. */
export type Coroutine<T> = Generator<Operation<unknown>, T, unknown>

/** A function from input to coroutine: `function* (input: Order, context: WorkflowContext) { … }`. */
export type Workflow<I = unknown, O = unknown> = (
  input: I,
  context: WorkflowContext,
) => Coroutine<O>

export interface WorkflowContext {
  /** Silent while the workflow replays, unless the driver's `replayLogs` says otherwise. */
  readonly log: Log
  readonly executionArn: string
  readonly executionName: string
  /** Whether the code that asks has run before, in an earlier invocation. */
  readonly isReplaying: boolean
  /** The Lambda context of the current invocation; another one on every replay. */
  readonly lambda: object
  readonly startedAt: Date
}

/** What the bodies of steps, submitters and checks are handed. */
export interface StepContext {
  /** Counted from 1. */
  readonly attempt: number
  /** Aborted when the attempt's time is over, or when nobody waits for it any longer. */
  readonly signal: AbortSignal
  readonly log: Log
  readonly operationId: string
  readonly name?: string
  readonly executionArn: string
  /** The same for every attempt of this operation in this execution, and for no other. */
  readonly idempotencyKey: string
}
