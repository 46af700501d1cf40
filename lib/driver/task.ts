import { failed, type Settled } from '../kernel/settled.ts'
import { brokenInvariant } from '../kernel/errors.ts'
import type { TaskState } from '../operations/task.ts'
import { cancelled } from './refusals.ts'
import type { Strand } from './strand.ts'

/** A forked strand as those who join it see it. */
export class Task implements TaskState {
  readonly id: string
  readonly strand: Strand
  #isJoined = false
  #isCancelled = false
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

  /**
   * From now on nobody learns more of it than that: how far it had come by itself is not on record.
   * Who has learned it before goes on to.
   */
  cancel(): void {
    if (!this.#isJoined) this.#isCancelled = true
  }

  /** What those who join it get to know of its outcome. */
  joined(outcome: Settled): Settled {
    if (this.#isCancelled) return failed(cancelled())
    this.#isJoined = true
    return outcome
  }

  /** Calls `tell` with the outcome: at once, if there is one. */
  whenEnded(tell: (outcome: Settled) => void): void {
    if (this.#outcome) tell(this.#outcome)
    else this.#waiting.push(tell)
  }
}

/** Whether a strand waits for the end of a task. */
export function isJoining(place: unknown): place is { readonly task: Task } {
  return typeof place === 'object' && place !== null && 'task' in place
}

/** The task that a workflow holds a handle of. */
export function taskOf(state: TaskState): Task {
  if (state instanceof Task) return state
  throw brokenInvariant(`a task ${state.id} is no task of this driver`)
}
