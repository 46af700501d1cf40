import type { OperationUpdate } from '../journal/update.ts'
import { isPerdureError } from '../kernel/errors.ts'
import { failed, succeeded, type Settled } from '../kernel/settled.ts'
import { TaskHandle } from '../operations/task.ts'
import type { Answer, Fork, Gather, Spawn } from './answer.ts'
import { Gathering } from './gathering.ts'
import { cancelled } from './refusals.ts'
import { Strand, type Hearable } from './strand.ts'
import { Task } from './task.ts'

// Strands that start strands, and how they end.
//
//   F1. A strand ends after all that it has started: what is left below it is cancelled first.
//   F2. A cancelled strand goes on with what is there for it, and is told by a throw where it would
//       begin something or have to wait, once those below it have ended. So where it is told depends
//       on the records alone, and a replay tells it there again.
//   F3. It is told once, and every operation that it asks for afterwards throws the same.
//   F4. What a strand that was told ends with is heard by nobody but those who joined it as a task.

/** What a family has the machine do with its strands. */
export interface Household {
  /** The strand goes on with this outcome, in its turn. */
  goOn(strand: Strand, outcome: Settled): void
  /** The same, before all others, and taken out of wherever it waits. */
  unwind(strand: Strand, outcome: Settled): void
  /** What is above has come to its end by itself, and this is what that comes to. */
  conclude(strand: Strand, answer: Answer): void
  /** Whether the strand stands at something that has not ended. */
  isHeldUp(strand: Strand): boolean
  /** Calls `start` when no strand is left that could go on. */
  inNextWave(start: () => void): void
  /** Calls `start` when there is room for what another member may say. */
  whenRoom(start: () => void): void
  /** A task of the strand has failed, and nobody has joined it by the strand's end. */
  lost(strand: Strand, task: Hearable, error: unknown): void
  /** The strand's code has ended, and nothing is left below it; answers whether that may be. */
  mayEnd(strand: Strand): boolean
  /** The workflow itself has ended. */
  end(outcome: Settled): void
}

export class Family {
  readonly #house: Household

  constructor(house: Household) {
    this.#house = house
  }

  /** Ends all strands below this one, and calls `then` when that is done. */
  clear(strand: Strand, then: () => void): void {
    if (!strand.hasChildren) return then()
    strand.place = undefined
    strand.whenCleared = then
    this.#cancelChildren(strand)
  }

  spawn(
    strand: Strand,
    { scope, begin, then, isShielded = false, isRecorded = false }: Spawn,
  ): void {
    strand.place = undefined
    const child = new Strand(scope, begin, {
      strand,
      ended: (outcome, child) => {
        strand.meetsAt(child.horizon, isRecorded ? undefined : child.timeline)
        this.#house.conclude(strand, then(outcome))
      },
    })
    child.isShielded = isShielded
    this.#house.goOn(child, succeeded(undefined))
    if (strand.isToUnwind) this.cancel(child)
  }

  gather(strand: Strand, gather: Gather): void {
    strand.place = undefined
    new Gathering(strand, gather, {
      goOn: (member) => void this.#house.goOn(member, succeeded(undefined)),
      cancel: (member) => void this.cancel(member),
      inNextWave: (start) => void this.#house.inNextWave(start),
      whenRoom: (start) => void this.#house.whenRoom(start),
      decided: (answer) => void this.#house.conclude(strand, answer),
    }).start()
    this.tell(strand)
  }

  fork(strand: Strand, { id, name, scope, begin }: Fork): void {
    // From here on it matters which of the two goes first: one may end the other.
    strand.isTimed = true
    const child: Strand = new Strand(scope, begin, {
      strand,
      ended: (outcome) => {
        task.end(outcome)
        if (!outcome.ok) strand.hasFailed(task, outcome.error)
      },
      dropped: () => void task.end(failed(cancelled())),
    })
    const task = new Task(id, name, child)
    this.#house.goOn(child, succeeded(undefined))
    this.#house.goOn(strand, succeeded(new TaskHandle(name, task)))
    if (scope.rebuilding || strand.isToUnwind) this.cancel(child)
  }

  /** The strand goes on, once the task has ended, with what `read` makes of its outcome. */
  join(strand: Strand, task: Task, read: (outcome: Settled) => Settled): void {
    const place = { task }
    strand.place = place
    task.whenEnded((outcome) => {
      if (strand.place !== place) return
      // How far one that was cancelled had come is not on record, so nobody has seen anything of it.
      strand.meetsAt(task.strand.horizon, task.isCancelled ? undefined : task.strand.timeline)
      this.#house.goOn(strand, read(outcome))
    })
    this.tell(strand)
  }

  /** Ends a strand before its time: those below it first, then its own code (F2). */
  cancel(strand: Strand): void {
    if (strand.isOver || strand.isCancelled || strand.isShielded) return
    strand.isCancelled = true
    this.#cancelChildren(strand)
    this.tell(strand)
  }

  /** Tells a strand that it is cancelled, if it is and can be told by now (F2). */
  tell(strand: Strand): void {
    if (!strand.isToUnwind || strand.isOver || strand.left) return
    if (strand.hasChildren || !this.#house.isHeldUp(strand)) return
    strand.isUnwinding = true
    const outcome = failed(cancelled())
    this.#house.unwind(strand, outcome)
    if (!strand.hasBegun) this.finish(strand, outcome)
  }

  /** What is still to be kept of the decisions that have ended a strand, before it undoes anything. */
  marks(strand: Strand): OperationUpdate[] {
    const marks: OperationUpdate[] = []
    for (let { parent } = strand; parent !== undefined; { parent } = parent.strand) {
      marks.push(...(parent.mark?.() ?? []))
    }
    return marks
  }

  /** The code of a strand has ended with this outcome. */
  finish(strand: Strand, outcome: Settled): void {
    strand.place = undefined
    if (strand.hasChildren) {
      strand.left = outcome
      return this.#cancelChildren(strand)
    }
    if (!strand.isCancelled && !this.#house.mayEnd(strand)) return
    strand.isOver = true
    for (const { task, error } of strand.unheard) {
      if (!task.isHeard) this.#house.lost(strand, task, error)
    }
    if (strand.parent === undefined) this.#house.end(outcome)
    else this.#report(strand, strand.parent.strand, outcome)
  }

  #report(strand: Strand, above: Strand, outcome: Settled): void {
    above.children.delete(strand)
    if (wasEnded(strand, outcome)) strand.parent?.dropped?.(strand)
    else strand.parent?.ended(outcome, strand)
    if (above.hasChildren || above.isOver) return
    const { whenCleared, left } = above
    above.whenCleared = undefined
    if (whenCleared) whenCleared()
    else if (left) this.finish(above, left)
    else this.tell(above)
  }

  #cancelChildren(strand: Strand): void {
    if (!strand.hasChildren) return
    for (const child of [...strand.children]) this.cancel(child)
  }
}

/** Whether a strand was told that it is cancelled, be it by a task that it waited for and that was, too. */
function wasEnded({ isUnwinding, isCancelled }: Strand, outcome: Settled): boolean {
  return isUnwinding || (isCancelled && !outcome.ok && isPerdureError(outcome.error, 'CANCELLED'))
}
