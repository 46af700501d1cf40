import type { Clock, Timer } from '../kernel/clock.ts'
import type { Machine } from './machine.ts'

/** Milliseconds between questions after what the service does not say a time for, at first and at most. */
const firstPause = 1_000
const longestPause = 10_000

/** While bodies run, asks the service for news of what else is waited for: when it is due, or now and then. */
export class Refresher {
  readonly #clock: Clock
  #timer: Timer | undefined
  #asked = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Has `ask` called when something may have fallen due, unless that is arranged for already. */
  arm(machine: Machine, ask: () => void): void {
    if (this.#timer || !machine.isWaitingBesideWork) return
    const now = this.#clock.now()
    const pauses = machine.reasons.map(({ until }) =>
      until === undefined
        ? Math.min(longestPause, firstPause * (this.#asked + 1))
        : Math.max(1, until - now),
    )
    this.#timer = this.#clock.startTimer(Math.min(...pauses), () => {
      this.#timer = undefined
      this.#asked += 1
      ask()
    })
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }
}
