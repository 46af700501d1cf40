import type { StepContext } from '../operations/workflow.ts'

/** How one completed step is undone. */
export interface Compensation {
  /** The id of the step. */
  readonly id: string
  readonly name: string | undefined
  readonly undo: (context: StepContext) => unknown
}

/** What a saga has to undo, should it fail: the compensations of its completed steps, in their order. */
export class Compensations {
  readonly #list: Compensation[] = []

  get isEmpty(): boolean {
    return this.#list.length === 0
  }

  add(compensation: Compensation): void {
    this.#list.push(compensation)
  }

  /** Last first; each is handed out once. */
  take(): Compensation[] {
    return this.#list.splice(0).reverse()
  }
}
