/** The port through which time enters: the only way anything here reads a clock or sets a timer. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls `fire` once, `milliseconds` from now, unless the timer is cancelled first. */
  startTimer(milliseconds: number, fire: () => void): Timer
  /**
   * Tells a clock that jumps over idle time that real work is going on: it must not jump until the
   * returned function is called. A clock that only ticks has no need of it.
   */
  hold?(): () => void
}

export interface Timer {
  cancel(): void
}

/** Longer timers overflow in Node and fire at once. */
const longestTimer = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  startTimer(milliseconds, fire) {
    let handle = setTimeout(next, Math.min(milliseconds, longestTimer))
    let left = milliseconds - longestTimer
    function next() {
      if (left <= 0) return void fire()
      handle = setTimeout(next, Math.min(left, longestTimer))
      left -= longestTimer
    }
    return { cancel: () => clearTimeout(handle) }
  },
}

/** Calls `then` in the next turn of the event loop, when all that is under way in this one is done. */
export function nextTurn(then: () => void): void {
  setImmediate(then)
}

/** A promise for the moment `milliseconds` from now. */
export function sleep(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => void clock.startTimer(milliseconds, resolve))
}
