import type { Settled } from '../kernel/settled.ts'
import { brokenInvariant } from '../kernel/errors.ts'
import type { TaskState } from '../operations/task.ts'
import type { Strand } from './strand.ts'

/** A forked strand as those who join it see it. */
export class Task implements TaskState {
  readonly id: string
  readonly strand: Strand
  #outcome: Settled | undefined
  #waiting: ((outcome: Settled) => void)[] = []

  constructor(id: string, strand: Strand) {
    this.id = id
    this.strand = strand
  }

  end(outcome: Settled): void {
    this.#outcome = outcome
    const waiting = this.#waiting
    this.#waiting = []
    for (const tell of waiting) tell(outcome)
  }

  /** Calls `tell` with the outcome: at once, if there is one. */
  whenEnded(tell: (outcome: Settled) => void): void {
    if (this.#outcome) tell(this.#outcome)
    else this.#waiting.push(tell)
  }
}

/** The task that a workflow holds a handle of. */
export function taskOf(state: TaskState): Task {
  if (state instanceof Task) return state
  throw brokenInvariant(`a task ${state.id} is no task of this driver`)
}
