import { positionId } from '../journal/ids.ts'
import type { OperationRecord } from '../journal/record.ts'
import { toEpochMilliseconds } from '../journal/time.ts'
import type { StepContext } from '../operations/workflow.ts'

/** How one completed step is undone. */
export interface Compensation {
  /** The id of the step. */
  readonly id: string
  readonly name: string | undefined
  readonly undo: (context: StepContext) => unknown
}

/** The journal, as far as undoing looks into it. */
export interface Records {
  get(id: string): OperationRecord | undefined
  records(): Iterable<OperationRecord>
}

/** What a saga has to undo, should it fail: the compensations of its completed steps. */
export class Compensations {
  readonly #list: Compensation[] = []

  get isEmpty(): boolean {
    return this.#list.length === 0
  }

  add(compensation: Compensation): void {
    this.#list.push(compensation)
  }

  /** Whether any of these steps has begun to be undone. */
  hasBegun(journal: Records): boolean {
    return this.#list.some(({ id }) => journal.get(undoingOf(id)) !== undefined)
  }

  /**
   * Last first, each handed out once. A replay comes by concurrent steps in another order than that in
   * which they ended, so it goes by their times; those of one millisecond, by which was undone first.
   */
  take(journal: Records): Compensation[] {
    const begun = [...journal.records()].map(({ Id }) => Id).filter((id) => id.startsWith('c-'))
    const timed = this.#list
      .splice(0)
      .reverse()
      .map((compensation) => {
        const { id } = compensation
        const end = toEpochMilliseconds(journal.get(id)?.EndTimestamp) ?? latest
        const place = begun.indexOf(undoingOf(id))
        return { compensation, end, place: place < 0 ? begun.length : place }
      })
    timed.sort((one, other) => other.end - one.end || one.place - other.place)
    return timed.map(({ compensation }) => compensation)
  }
}

/** Later than any time on record: what has ended and is not yet acknowledged. */
const latest = Number.MAX_SAFE_INTEGER

function undoingOf(step: string): string {
  return positionId('c', step)
}
