import type { Timer } from '../kernel/clock.ts'
import type { CheckpointResponse } from './api.ts'
import type { Execution } from './execution.ts'
import type { Scheduler } from './scheduler.ts'
import type { TokenChain } from './token.ts'

/** An execution, with what is known of it only while this process lives. */
export interface Live {
  readonly execution: Execution
  readonly scheduler: Scheduler
  /** Of the invocation in flight. */
  tokens?: TokenChain
  deadline?: Timer
  /** The last checkpoint, should its answer have been lost on the way. */
  last?: { readonly key: string; readonly at: number; readonly response: CheckpointResponse }
  /** Callees to be started when the invocation in flight is over. */
  readonly soon: Set<() => void>
  /** Those who asked to be told of the end. */
  readonly waiting: (() => void)[]
}
