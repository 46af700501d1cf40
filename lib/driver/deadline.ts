/** When an invocation has to come to its end. */
export class Deadline {
  readonly #remaining: () => number
  readonly #margin: number
  #isNear = false

  /** `margin` in milliseconds; a fifth of the time there is, and at most five seconds, when left out. */
  constructor(remaining: () => number, margin?: number) {
    this.#remaining = remaining
    this.#margin = margin ?? Math.min(longestMargin, remaining() / 5)
  }

  /** Whether nothing new is to be begun; once it is so, it stays so. */
  get isNear(): boolean {
    this.#isNear ||= this.#remaining() <= this.#margin
    return this.#isNear
  }
}

const longestMargin = 5_000
