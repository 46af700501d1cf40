import type { PerdureError } from '../kernel/errors.ts'
import type { Descriptor } from '../operations/operation.ts'

/**
 * What looks for mistakes of the workflow's code while it is walked, under `determinism: 'check'`. Made
 * by lib/driver/checking, which is loaded only then.
 */
export interface Check {
  /** The first one that no run is to survive. */
  readonly mistake: PerdureError | undefined
  /** What is carried out where the code yielded `operation`: the same, its bodies checked as they are walked. */
  paired(operation: Descriptor<unknown>): Descriptor<unknown>
  /** A body threw this. */
  threw(error: unknown): void
  /** Code that had been told of its cancellation asked for this. */
  refused(operation: Descriptor<unknown>): void
  /** All that was asked for so. */
  readonly refusals: readonly Refusal[]
  /** Has the code walked, which may go through many yields: what is set up for each is set up once. */
  walking<T>(walk: () => T): T
}

/** What cancelled code has asked for, in vain, and on which line. */
export interface Refusal {
  readonly operation: Descriptor<unknown>
  readonly line: string | undefined
}

/** Tells copies of this package apart, should a process have loaded two. */
export const thisCopy: object = {}
