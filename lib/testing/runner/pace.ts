import type { Clock, Timer } from '../../kernel/clock.ts'
import { toMilliseconds } from '../../kernel/duration.ts'
import { limits } from '../../kernel/limits.ts'
import { VirtualClock } from '../virtual-clock.ts'
import type { RunOptions } from './options.ts'

/** Just before the longest an execution may take: when time gets there, nothing else was due. */
const endOfTime = limits.longestDelaySeconds * 1000 - 1000
const defaultPatience = 10_000

/**
 * Lets time pass for a run, and finds out when it leads nowhere: when virtual time comes to its end, or
 * when somebody waits and for long nothing happens in real time, as when a body hangs.
 */
export class Pace {
  readonly clock: VirtualClock
  readonly #realClock: Clock
  readonly #isOwn: boolean
  readonly #patience: number
  readonly #onStuck: () => void
  readonly #endOfTime: Timer
  #resume: (() => void) | undefined
  #realTimer: Timer | undefined
  #isAlive = false

  constructor({ clock, patience }: RunOptions, realClock: Clock, onStuck: () => void) {
    this.#realClock = realClock
    // All that goes on holds the clock of the run, so one turn of the event loop tells.
    this.clock = clock ?? new VirtualClock({ quietTurns: 1 })
    this.#isOwn = clock === undefined
    this.#patience =
      patience === false
        ? Infinity
        : patience
          ? toMilliseconds(patience, 'patience')
          : defaultPatience
    this.#onStuck = onStuck
    if (this.#isOwn) this.#resume = this.clock.pause()
    this.#endOfTime = this.clock.startTimer(endOfTime, onStuck)
  }

  /** Time passes while somebody waits. A clock that others share, or move, is left to them. */
  demand(isWanted: boolean): void {
    if (isWanted) {
      this.#resume?.()
      this.#resume = undefined
      this.#arm()
    } else {
      if (this.#isOwn) this.#resume = this.clock.pause()
      this.#disarm()
    }
  }

  /** Something happened. */
  sign(): void {
    this.#isAlive = true
  }

  /** The run is over. */
  end(): void {
    this.#endOfTime.cancel()
    this.#disarm()
  }

  #arm(): void {
    if (this.#patience === Infinity) return
    this.#isAlive = false
    this.#realTimer = this.#realClock.startTimer(this.#patience, () => {
      if (this.#isAlive) this.#arm()
      else this.#onStuck()
    })
  }

  #disarm(): void {
    this.#realTimer?.cancel()
    this.#realTimer = undefined
  }
}
