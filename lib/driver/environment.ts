import type { Clock } from '../kernel/clock.ts'
import type { ErrorClass } from '../kernel/error-record.ts'
import type { Log } from '../kernel/logger.ts'
import type { Random } from '../kernel/random.ts'
import type { RetryStrategy } from '../kernel/retry.ts'
import type { Serdes } from '../kernel/serdes.ts'
import type { WorkflowContext } from '../operations/workflow.ts'
import type { Check } from './check.ts'
import type { Position } from './position.ts'
import type { StandIn } from './stand-in.ts'

/**
 * When updates travel. `'batched'`: an operation's end goes with the start of the next, and nothing
 * with an effect begins before what it could depend on is durable. `'eager'`: nothing at all goes on
 * before it is. `'optimistic'`: at-least-once steps do not wait, so a crash may run several again.
 */
export type Checkpointing = 'eager' | 'batched' | 'optimistic'

/** What all interpreters of one invocation may know. */
export interface Environment {
  readonly executionArn: string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- it serves operations of any result
  readonly serdes: Serdes<any>
  readonly retry: RetryStrategy
  readonly errors: readonly ErrorClass[]
  readonly checkpointing: Checkpointing
  readonly determinism: 'off' | 'check'
  readonly check?: Check | undefined
  readonly clock: Clock
  readonly standIn?: StandIn | undefined
  /** Whether somebody outside answers a new operation as a whole, by its record, so that it is not carried out. */
  readonly isAnsweredWhole?: ((position: Position) => boolean) | undefined
  readonly random: Random
  readonly context: WorkflowContext
  /** The author's logger, never silenced, carrying these fields. */
  log(fields: object): Log
}
