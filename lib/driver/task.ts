import { failed, type Settled } from '../kernel/settled.ts'
import { brokenInvariant, reasonOf } from '../kernel/errors.ts'
import type { TaskState } from '../operations/task.ts'
import type { Environment } from './environment.ts'
import { cancelled } from './refusals.ts'
import type { Hearable, Strand } from './strand.ts'
import { describeTask } from './words.ts'

/** A forked strand as those who join it see it. */
export class Task implements TaskState {
  readonly id: string
  readonly name: string | undefined
  readonly strand: Strand
  #isJoined = false
  #isCancelled = false
  #outcome: Settled | undefined
  #waiting: ((outcome: Settled) => void)[] = []

  constructor(id: string, name: string | undefined, strand: Strand) {
    this.id = id
    this.name = name
    this.strand = strand
  }

  /** Whether anybody has come to know how it ended, or did not want to. */
  get isHeard(): boolean {
    return this.#isJoined || this.#isCancelled
  }

  /** Whether it was ended by hand before anybody had joined it. */
  get isCancelled(): boolean {
    return this.#isCancelled
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

/** Says in the log that a task has failed and nobody will come to know. */
export function warnOfLost({ id, name }: Hearable, error: unknown, env: Environment): void {
  env
    .log({ operationId: id, error })
    .warn(
      `${describeTask(name)} failed, and nobody joined it, so its failure is lost: ${reasonOf(error)}. ` +
        'Join it by `yield* task`, or catch what it throws inside the task.',
    )
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
