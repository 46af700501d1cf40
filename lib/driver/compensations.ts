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
  hasBegun(peek: (id: string) => OperationRecord | undefined): boolean {
    return this.#list.some(({ id }) => peek(positionId('c', id)) !== undefined)
  }

  /** Last first, by when the steps ended; each is handed out once. */
  take(peek: (id: string) => OperationRecord | undefined): Compensation[] {
    const timed = this.#list.splice(0).map((compensation) => {
      return { compensation, end: toEpochMilliseconds(peek(compensation.id)?.EndTimestamp) }
    })
    // A replay comes by concurrent steps in another order than that in which they ended.
    timed.sort((one, other) => (one.end ?? Infinity) - (other.end ?? Infinity) || 0)
    return timed.map(({ compensation }) => compensation).reverse()
  }
}
