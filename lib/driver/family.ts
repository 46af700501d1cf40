import { failed, succeeded, type Settled } from '../kernel/settled.ts'
import { TaskHandle } from '../operations/task.ts'
import type { Answer, Fork, Gather, Spawn } from './answer.ts'
import { cancelled } from './refusals.ts'
import { Strand } from './strand.ts'
import { Task } from './task.ts'

// Strands that start strands, and how they end.
//
//   F1. A strand ends after all that it has started: what is left below it is cancelled first.
//   F2. A cancelled strand is told by a throw, once those below it have ended; it is told once, and
//       every operation that it asks for afterwards throws the same.
//   F3. What a cancelled strand ends with is heard by nobody but those who joined it as a task.

/** What a family has the machine do with its strands. */
export interface Household {
  /** The strand goes on with this outcome, in its turn. */
  goOn(strand: Strand, outcome: Settled): void
  /** The same, before all others. */
  unwind(strand: Strand, outcome: Settled): void
  apply(strand: Strand, answer: Answer): void
  /** Takes the strand out of wherever it waits. */
  leave(strand: Strand): void
  /** Calls `start` when there is room for what another member may say. */
  whenRoom(start: () => void): void
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

  spawn(strand: Strand, { scope, begin, then }: Spawn): void {
    strand.place = undefined
    const child: Strand = new Strand(scope, begin, {
      strand,
      ended: (outcome) => {
        strand.meets(child)
        this.#house.apply(strand, then(outcome))
      },
    })
    this.#house.goOn(child, succeeded(undefined))
  }

  gather(strand: Strand, gather: Gather): void {
    strand.place = undefined
    const alive = new Set<Strand>()
    // Members do not depend on each other, so none starts from what another has seen.
    const { horizon } = strand
    const met: Strand[] = []
    let next = 0
    let decision: Answer | undefined
    const startSome = (): void => {
      if (strand.isCancelled) return
      while (decision === undefined && alive.size < gather.atOnce && next < gather.count) {
        const outcome = gather.recorded?.(next)
        if (outcome) decide(next, outcome)
        else startOne(next)
        next += 1
      }
      if (decision !== undefined) settle()
    }
    const decide = (index: number, outcome: Settled): void => {
      decision = gather.ended(index, outcome)
      if (decision !== undefined) for (const loser of [...alive]) this.cancel(loser)
    }
    const startOne = (index: number): void => {
      const { scope, begin } = gather.member(index)
      const member: Strand = new Strand(scope, begin, {
        strand,
        inOrder: gather.inOrder,
        ended: (outcome) => {
          alive.delete(member)
          if (decision === undefined) {
            met.push(member)
            decide(index, outcome)
          }
          settle()
        },
        dropped: () => {
          alive.delete(member)
          settle()
        },
      })
      member.horizon = horizon
      alive.add(member)
      this.#house.goOn(member, succeeded(undefined))
    }
    let isSettled = false
    const settle = (): void => {
      if (isSettled) return
      if (decision === undefined) this.#house.whenRoom(startSome)
      else if (alive.size === 0 && !strand.isToUnwind) {
        isSettled = true
        for (const member of met) strand.meets(member)
        this.#house.apply(strand, decision)
      }
    }
    startSome()
  }

  fork(strand: Strand, { id, name, scope, begin }: Fork): void {
    // From here on it matters which of the two goes first: one may end the other.
    strand.isTimed = true
    const child: Strand = new Strand(scope, begin, {
      strand,
      ended: (outcome) => void task.end(outcome),
      dropped: () => void task.end(failed(cancelled())),
    })
    const task = new Task(id, child)
    this.#house.goOn(child, succeeded(undefined))
    this.#house.goOn(strand, succeeded(new TaskHandle(name, task)))
  }

  /** The strand goes on, once the task has ended, with what `read` makes of its outcome. */
  join(strand: Strand, task: Task, read: (outcome: Settled) => Settled): void {
    const place = {}
    strand.place = place
    task.whenEnded((outcome) => {
      if (strand.place !== place) return
      strand.meets(task.strand)
      this.#house.goOn(strand, read(outcome))
    })
  }

  /** Ends a strand before its time: those below it first, then its own code (F2). */
  cancel(strand: Strand): void {
    if (strand.isOver || strand.isCancelled) return
    strand.isCancelled = true
    if (!strand.hasChildren) this.#unwind(strand)
    else this.#cancelChildren(strand)
  }

  /** The code of a strand has ended with this outcome. */
  finish(strand: Strand, outcome: Settled): void {
    if (strand.hasChildren) {
      strand.left = outcome
      strand.place = undefined
      return this.#cancelChildren(strand)
    }
    if (!strand.isCancelled && !this.#house.mayEnd(strand)) return
    strand.isOver = true
    strand.place = undefined
    if (strand.parent === undefined) this.#house.end(outcome)
    else this.#tell(strand, strand.parent.strand, outcome)
  }

  #tell(strand: Strand, above: Strand, outcome: Settled): void {
    above.children.delete(strand)
    if (strand.isCancelled || above.isToUnwind) strand.parent?.dropped?.()
    else strand.parent?.ended(outcome)
    if (above.hasChildren || above.isOver) return
    if (above.left) this.finish(above, above.left)
    else if (above.isToUnwind) this.#unwind(above)
  }

  #cancelChildren(strand: Strand): void {
    for (const child of [...strand.children]) this.cancel(child)
  }

  #unwind(strand: Strand): void {
    this.#house.leave(strand)
    strand.isUnwinding = true
    const outcome = failed(cancelled())
    if (strand.hasBegun) this.#house.unwind(strand, outcome)
    else this.finish(strand, outcome)
  }
}
