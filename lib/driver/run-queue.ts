import type { Settled } from '../kernel/settled.ts'
import type { Strand } from './strand.ts'

export interface Turn {
  readonly strand: Strand
  readonly outcome: Settled
}

export function isTurn(place: unknown): place is Turn {
  return typeof place === 'object' && place !== null && 'outcome' in place
}

interface TimedTurn extends Turn {
  readonly time: number
}

/**
 * Which strand goes next: first in, first out. Turns with a time come after those without, the
 * earliest first, so that a replay keeps the order in which things had happened.
 */
export class RunQueue {
  #turns: Turn[] = []
  #next = 0
  readonly #timed: TimedTurn[] = []
  #waves: (() => void)[] = []

  get isEmpty(): boolean {
    return !this.#hasTurns && this.#waves.length === 0
  }

  get #hasTurns(): boolean {
    return this.#next < this.#turns.length || this.#timed.length > 0
  }

  /** Keeps what makes further strands ready until none is left that could go. */
  pushWave(start: () => void): void {
    this.#waves.push(start)
  }

  /** Makes further strands ready, if none could go. */
  refill(): void {
    if (this.#hasTurns || this.#waves.length === 0) return
    const waves = this.#waves
    this.#waves = []
    for (const start of waves) start()
  }

  push(strand: Strand, outcome: Settled): Turn {
    const turn = { strand, outcome }
    this.#turns.push(turn)
    return turn
  }

  pushAt(time: number, strand: Strand, outcome: Settled): Turn {
    const turn = { strand, outcome, time }
    const last = this.#timed.at(-1)
    if (last === undefined || last.time <= time) this.#timed.push(turn)
    else
      this.#timed.splice(
        this.#timed.findIndex((other) => other.time > time),
        0,
        turn,
      )
    return turn
  }

  shift(): Turn | undefined {
    if (this.#next === this.#turns.length) return this.#timed.shift()
    const turn = this.#turns[this.#next]
    this.#next += 1
    if (this.#next === this.#turns.length) {
      this.#turns = []
      this.#next = 0
    }
    return turn
  }
}
