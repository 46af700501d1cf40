import { toErrorRecord, type ErrorClass, type ErrorRecord } from '../kernel/error-record.ts'
import { isPerdureError, PerdureError, reasonOf } from '../kernel/errors.ts'
import {
  CompensationOperation,
  SealOperation,
  ShieldOperation,
} from '../operations/compensation.ts'
import { begin, type Member } from '../operations/member.ts'
import { unwatched } from '../operations/operation.ts'
import type { Coroutine } from '../operations/workflow.ts'
import { cancelled } from './refusals.ts'
import type { Compensation, Compensations, Records } from './compensations.ts'

/** What became of the undoing of one step. */
export interface CompensationStatus {
  /** The id of the step. */
  readonly id: string
  readonly name?: string
  readonly status: 'SUCCEEDED' | 'FAILED'
  readonly error?: ErrorRecord
}

export interface Saga {
  /** For people: `saga "trip"`. */
  readonly words: string
  readonly compensations: Compensations
  readonly classes: readonly ErrorClass[]
  readonly journal: Records
  /** Whether it is on record that it succeeded, or nothing can cancel it: it will not undo on its own. */
  readonly isCertain: boolean
}

/** Runs a body; should it fail, or be cancelled, undoes what it has done, and fails with the account of that. */
export function* undoing<T>(member: Member<T>, saga: Saga): Coroutine<T> {
  const { compensations, classes, journal } = saga
  try {
    const value = yield* begin(member, saga) as Coroutine<T>
    if (saga.isCertain) return value
    // A wait or a callback that ended after the saga was cancelled must not let it go past that.
    if (compensations.hasBegun(journal)) throw cancelled()
    if (!compensations.isEmpty) yield* unwatched(() => new SealOperation())
    return value
  } catch (error) {
    const isNeeded = () => !compensations.isEmpty
    const statuses = yield* unwatched(
      () => new ShieldOperation(() => undoAll(compensations.take(journal), classes), isNeeded),
    )
    if (statuses.length === 0 || isPerdureError(error, 'CANCELLED')) throw error
    throw new PerdureError('SAGA_FAILED', reasonOf(error), {
      errorType: toErrorRecord(error, classes).ErrorType,
      data: { compensations: statuses },
      cause: error,
    })
  }
}

/** Every compensation is tried, also after one that has failed. */
function* undoAll(
  list: readonly Compensation[],
  classes: readonly ErrorClass[],
): Coroutine<CompensationStatus[]> {
  const statuses: CompensationStatus[] = []
  for (const { id, name, undo } of list) {
    const its = name === undefined ? { id } : { id, name }
    try {
      yield* unwatched(() => new CompensationOperation(name, id, undo))
      statuses.push({ ...its, status: 'SUCCEEDED' })
    } catch (error) {
      statuses.push({ ...its, status: 'FAILED', error: toErrorRecord(error, classes) })
    }
  }
  return statuses
}
