import { systemClock, type Clock, type Timer } from '../../kernel/clock.ts'
import { invalidOption } from '../../kernel/errors.ts'
import { TimerHeap, type Pending } from './heap.ts'
import type { ClockKeeper, ClockReading } from './reading.ts'

/**
 * How time goes: as it does outside; so many times as fast; or not at all, until it is moved. A real
 * and a scaled clock can be moved as well, and go on from there.
 */
export type ClockMode =
  | { readonly kind: 'real' }
  | { readonly kind: 'scaled'; readonly factor: number }
  | { readonly kind: 'hand' }

export interface LocalClockOptions {
  readonly mode?: ClockMode | undefined
  /** Where the reading is kept from one process to the next; nowhere when left out. */
  readonly keeper?: ClockKeeper | undefined
  /** The clock that this one goes by. */
  readonly real?: Clock | undefined
}

// The clock of the local service.
//
//   C1. It never goes back: not when it is moved, not when the real clock is set back, and not
//       between one process and the next that keeps its reading in the same place.
//   C2. Between two processes time goes on as if the first had never ended.
//   C3. Timers fire in the order of due time, then of starting. Each sees the time at which it was
//       due, or a later one; one that is started meanwhile has its turn with the others.
//   C4. A new reading is kept before anything happens by it.

export class LocalClock implements Clock {
  readonly #keeper: ClockKeeper | undefined
  readonly #real: Clock
  readonly #timers = new TimerHeap()
  readonly #mode: ClockMode['kind']
  readonly #factor: number
  #anchor: ClockReading
  #latest: number
  #started = 0
  #isFiring = false
  #isClosed = false
  #armed: { readonly due: number; readonly timer: Timer } | undefined

  constructor({ mode = { kind: 'real' }, keeper, real = systemClock }: LocalClockOptions = {}) {
    this.#keeper = keeper
    this.#real = real
    this.#mode = mode.kind
    this.#factor = factorOf(mode)
    const kept = keeper?.read()
    const now = real.now()
    const resumed = kept ? at(kept, now) : now
    // A clock that goes as the real one has no reason to be behind it.
    const time = mode.kind === 'real' ? Math.max(resumed, now) : resumed
    this.#latest = time
    this.#anchor = this.#keep(time)
  }

  now(): number {
    this.#latest = Math.max(this.#latest, at(this.#anchor, this.#real.now())) // C1
    return this.#latest
  }

  get mode(): ClockMode['kind'] {
    return this.#mode
  }

  /** When the earliest timer is due. */
  get next(): number | undefined {
    return this.#timers.first?.due
  }

  /** How many timers are running. */
  get pending(): number {
    return this.#timers.size
  }

  startTimer(milliseconds: number, fire: () => void): Timer {
    const due = this.now() + Math.max(0, Math.ceil(milliseconds))
    const timer: Pending = { due, number: (this.#started += 1), fire, place: -1 }
    this.#timers.add(timer)
    this.#arm()
    return {
      cancel: () => {
        this.#timers.delete(timer)
        this.#arm()
      },
    }
  }

  /** Lets `milliseconds` pass at once, and fires all that falls due. Answers the new time. */
  move(milliseconds: number): number {
    if (!Number.isFinite(milliseconds) || milliseconds < 0) {
      throw invalidOption(
        'milliseconds',
        'a number from 0 up, as time does not go back',
        milliseconds,
      )
    }
    const target = this.now() + Math.round(milliseconds)
    this.#keep(target) // C4
    try {
      this.#fireUntil(target, (due) => this.#set(due))
    } finally {
      this.#set(target)
      this.#disarm() // it was armed for a moment that now comes earlier
      this.#arm()
    }
    return this.now()
  }

  /** Moves to the earliest timer and fires what is due. Answers the new time; nothing without timers. */
  moveToNext(): number | undefined {
    const next = this.#timers.first
    return next && this.move(Math.max(0, next.due - this.now()))
  }

  /** Stops the timers; those that wait never fire. */
  close(): void {
    this.#isClosed = true
    this.#disarm()
  }

  #disarm(): void {
    this.#armed?.timer.cancel()
    this.#armed = undefined
  }

  #set(time: number): void {
    this.#latest = Math.max(this.#latest, time)
    this.#anchor = { time: this.#latest, real: this.#real.now(), factor: this.#factor }
  }

  #keep(time: number): ClockReading {
    const reading = { time, real: this.#real.now(), factor: this.#factor }
    this.#keeper?.write(reading)
    return reading
  }

  /** Fires what is due by `end` (C3). Should one of them throw, the others have their turn first. */
  #fireUntil(end: number, before: (due: number) => void): void {
    const wasFiring = this.#isFiring
    const failures: unknown[] = []
    this.#isFiring = true
    for (let next = this.#timers.first; next && next.due <= end; next = this.#timers.first) {
      if (this.#isClosed) break
      this.#timers.delete(next)
      before(next.due)
      try {
        next.fire()
      } catch (failure) {
        failures.push(failure)
      }
    }
    this.#isFiring = wasFiring
    this.#arm()
    if (failures.length > 0) throw failures[0]
  }

  /** One timer of the real clock stands for the earliest of ours. */
  #arm(): void {
    if (this.#isFiring || this.#isClosed) return
    const due = this.#factor === 0 ? undefined : this.#timers.first?.due
    if (this.#armed?.due === due) return
    this.#disarm()
    if (due === undefined) return
    const delay = Math.max(0, Math.ceil((due - this.now()) / this.#factor))
    const timer = this.#real.startTimer(delay, () => {
      this.#armed = undefined
      this.#fireUntil(this.now(), () => {})
    })
    this.#armed = { due, timer }
  }
}

function at({ time, real, factor }: ClockReading, now: number): number {
  return Math.floor(time + Math.max(0, now - real) * factor)
}

function factorOf(mode: ClockMode): number {
  switch (mode.kind) {
    case 'real':
      return 1
    case 'hand':
      return 0
    case 'scaled':
      if (Number.isFinite(mode.factor) && mode.factor > 0) return mode.factor
      throw invalidOption('factor', 'a number above 0', mode.factor)
  }
}
