import type { Settled } from '../kernel/settled.ts'
import type { Descriptor } from '../operations/operation.ts'
import type { Position } from './position.ts'

/** Is told what a machine does, as it happens; what it answers is ignored. */
export interface Observer {
  /** The workflow's code built an operation. */
  built?(operation: Descriptor<unknown>): void
  /** An operation was met; `recorded` when the journal could answer it at once. */
  met?(operation: Descriptor<unknown>, position: Position | undefined, recorded: boolean): void
  /** The attempt of a body begins, counted from 1. */
  attempting?(position: Position, attempt: number): void
  /** The attempt of a body has ended. */
  attempted?(position: Position, attempt: number, outcome: Settled): void
  /** Nothing can go on before one of these things happens outside. */
  suspended?(reasons: readonly string[]): void
}
