import { nextTurn } from '../../../lib/kernel/clock.ts'
import { drawer } from '../../../lib/testing/explore/counted-random.ts'

/**
 * Bodies that are under way and end when they are told to, each in its turn. Whose turn it is, and how
 * many have theirs at once, is drawn from a seed: any order of ends can come up, and the same again.
 */
export class Crowd {
  readonly #waiting: (() => void)[] = []
  /** A whole number from 0 up, below `limit`. */
  readonly draw: (limit: number) => number

  constructor(seed: number) {
    this.draw = drawer(seed)
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** Until it is the turn of the one that asks; for some that is soon, whatever goes on. */
  async wait(): Promise<void> {
    if (this.draw(4) > 0) return new Promise<void>((resolve) => void this.#waiting.push(resolve))
    for (let turns = this.draw(6); turns > 0; turns--) await new Promise<void>(nextTurn)
  }

  /** Lets one of them end, or several in the same turn. */
  release(): void {
    const count = this.draw(3) > 0 ? 1 : 1 + this.draw(this.#waiting.length)
    for (let i = 0; i < count; i++) {
      this.#waiting.splice(this.draw(this.#waiting.length), 1)[0]?.()
    }
  }
}
