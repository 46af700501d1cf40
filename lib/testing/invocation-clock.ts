import type { Clock, Timer } from '../kernel/clock.ts'

/**
 * The clock of one invocation. Real work may go on in it at any time, so it holds the clock below;
 * only while the driver itself sleeps, and no body runs, may time jump. When the invocation dies, so
 * do its timers.
 */
export class InvocationClock implements Clock {
  readonly #below: Clock
  readonly #timers = new Set<Timer>()
  #bodies = 0
  #release: (() => void) | undefined
  #over = false

  constructor(below: Clock) {
    this.#below = below
    this.#adjust()
  }

  now(): number {
    return this.#below.now()
  }

  startTimer(milliseconds: number, fire: () => void): Timer {
    if (this.#over) return { cancel() {} }
    const inner = this.#below.startTimer(milliseconds, () => {
      this.#drop(timer)
      fire()
    })
    const timer: Timer = {
      cancel: () => {
        inner.cancel()
        this.#drop(timer)
      },
    }
    this.#timers.add(timer)
    this.#adjust()
    return timer
  }

  hold(): () => void {
    this.#bodies += 1
    this.#adjust()
    let held = true
    return () => {
      if (!held) return
      held = false
      this.#bodies -= 1
      this.#adjust()
    }
  }

  /** Ends all that the invocation has going on. */
  end(): void {
    this.#over = true
    for (const timer of [...this.#timers]) timer.cancel()
    this.#adjust()
  }

  #drop(timer: Timer): void {
    this.#timers.delete(timer)
    this.#adjust()
  }

  #adjust(): void {
    const sleeping = this.#bodies === 0 && this.#timers.size > 0
    if (!this.#over && !sleeping) {
      this.#release ??= this.#below.hold?.()
      return
    }
    this.#release?.()
    this.#release = undefined
  }
}
