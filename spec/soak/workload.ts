/** What an execution of the soak is given. */
export interface Input {
  /** Its name as well, by which it can be started again without harm. */
  readonly id: string
  readonly kind: Kind
}

export type Kind = keyof typeof results | 'callee'

/** What an execution of each kind may end with; `endless` ends by being stopped. */
export const results = {
  steps: [7],
  waits: [3],
  charge: ['charged', 'interrupted'],
  approval: [['yes', 'yes']],
  chain: [330],
  fanOut: [120],
  polling: [3],
  endless: [],
} as const satisfies Record<string, readonly unknown[]>

export const kinds = Object.keys(results) as (keyof typeof results)[]

/** Chance that is the same for each seed. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** From 0 up to, but not including, 1. */
  fraction(): number {
    // The top bits of a linear congruential generator are the good ones.
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0
    return (this.#state >>> 4) / 2 ** 28
  }

  /** A whole number from `from` up to, but not including, `to`. */
  between(from: number, to: number): number {
    return from + Math.floor(this.fraction() * (to - from))
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length)] as T
  }
}
