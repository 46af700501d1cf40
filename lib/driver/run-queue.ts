import type { Settled } from '../kernel/settled.ts'
import type { Strand } from './strand.ts'

export interface Turn {
  readonly strand: Strand
  readonly outcome: Settled
}

/** Which strand goes next: first in, first out. */
export class RunQueue {
  #turns: Turn[] = []
  #next = 0

  get isEmpty(): boolean {
    return this.#next === this.#turns.length
  }

  push(strand: Strand, outcome: Settled): void {
    this.#turns.push({ strand, outcome })
  }

  shift(): Turn | undefined {
    const turn = this.#turns[this.#next]
    this.#next += 1
    if (this.#next >= this.#turns.length) {
      this.#turns = []
      this.#next = 0
    }
    return turn
  }
}
