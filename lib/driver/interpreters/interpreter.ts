import type { OperationRecord } from '../../journal/record.ts'
import type { Descriptor } from '../../operations/operation.ts'
import type { Answer } from '../answer.ts'
import type { Records } from '../compensations.ts'
import type { Environment } from '../environment.ts'
import type { Position } from '../position.ts'
import type { Scope } from '../scope.ts'

/**
 * Turns what is asked and what is recorded into what becomes of the strand. Never calls the loop; time
 * enters by the clock of the environment alone.
 */
export type Interpreter<D extends Descriptor<unknown>> = (
  operation: D,
  position: Position,
  record: OperationRecord | undefined,
  surroundings: Surroundings,
) => Answer

export interface Surroundings extends Records {
  readonly env: Environment
  /** The record of another operation, for those who know what belongs to them. */
  get(id: string): OperationRecord | undefined
  /** Whether anything is recorded of what is still to be met in a context. */
  holdsRecords(scope: Scope): boolean
  /** Counts a record so read as met. */
  countMet(): void
  /** Whether somebody watches each operation being met. */
  readonly isWatched: boolean
  /** The context in which the operation is met. */
  readonly scope: Scope
}
