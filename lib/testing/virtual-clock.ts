import { clearImmediate, clearTimeout, setImmediate, setTimeout } from 'node:timers'
import { systemClock, type Clock, type Timer } from '../kernel/clock.ts'

export interface VirtualClockOptions {
  /** Milliseconds since 1970; the first moment of 2026 when left out. */
  readonly start?: number
  /** Whether the clock jumps by itself when nothing goes on; true when left out. */
  readonly auto?: boolean
  /**
   * Turns of the event loop without a word to the clock, after which nothing is going on; 3 when left
   * out. One will do where all that goes on holds the clock.
   */
  readonly quietTurns?: number
}

interface Pending {
  readonly due: number
  readonly fire: () => void
}

const defaultQuietTurns = 3
/** A real body may well outlast a shorter timer; nobody should wait for a longer one to exit. */
const longestRealWait = 60_000
const longestTimeout = 2 ** 31 - 1

/**
 * A clock that skips idle time. Once nothing is held and the event loop has gone quiet it jumps to
 * the next due moment; while something is held, time passes as it does outside, from the next turn on. Each clock is by
 * itself, and no global timer is touched.
 */
export class VirtualClock implements Clock {
  readonly #auto: boolean
  readonly #quietTurns: number
  /** The time when real time began to count, or the time as such while nothing is held. */
  #time: number
  /** In the order of due time, then of starting. */
  readonly #timers: Pending[] = []
  #holds = 0
  #pauses = 0
  /** The real time from which on it counts; only while something is held. */
  #heldSince: number | undefined
  #countingSoon: NodeJS.Immediate | undefined
  #realTimer: { readonly due: number; readonly handle: NodeJS.Timeout } | undefined
  /** Counts what others do with this clock. */
  #activity = 0
  #isWatching = false

  constructor(options: VirtualClockOptions = {}) {
    this.#time = options.start ?? Date.UTC(2026, 0, 1)
    this.#auto = options.auto ?? true
    this.#quietTurns = options.quietTurns ?? defaultQuietTurns
  }

  /** How many timers are running. */
  get pending(): number {
    return this.#timers.length
  }

  now(): number {
    this.#activity += 1
    return this.#read()
  }

  startTimer(milliseconds: number, fire: () => void): Timer {
    const timer = { due: this.#read() + Math.max(0, milliseconds), fire }
    this.#timers.splice(this.#countDue(timer.due), 0, timer)
    this.#changed()
    return {
      cancel: () => {
        const at = this.#timers.indexOf(timer, this.#countDue(timer.due - 1))
        if (at < 0) return
        this.#timers.splice(at, 1)
        this.#changed()
      },
    }
  }

  /** Something real goes on until the returned function is called: no jump before that. */
  hold(): () => void {
    if (!this.#auto) return () => {}
    this.#holds += 1
    if (this.#holds === 1) this.#countFromNextTurn()
    this.#changed()
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#holds -= 1
      if (this.#holds === 0) {
        clearImmediate(this.#countingSoon)
        this.#time = this.#read()
        this.#heldSince = undefined
      }
      this.#changed()
    }
  }

  /** No jump until the returned function is called; unlike while something is held, time stands. */
  pause(): () => void {
    this.#pauses += 1
    let isPaused = true
    return () => {
      if (!isPaused) return
      isPaused = false
      this.#pauses -= 1
      this.#changed()
    }
  }

  /** Lets `milliseconds` pass, firing what falls due, also of what is started meanwhile. */
  advance(milliseconds: number): void {
    const end = this.#read() + milliseconds
    for (let next = this.#timers[0]; next && next.due <= end; next = this.#timers[0]) {
      this.#timers.shift()
      this.#moveTo(next.due)
      next.fire()
    }
    this.#moveTo(end)
    this.#changed()
  }

  /** Jumps to the next due moment and fires what is due. Answers the time, or nothing if none is. */
  next(): number | undefined {
    const next = this.#timers[0]
    if (!next) return undefined
    this.#moveTo(next.due)
    const moment = this.#read()
    try {
      this.#fireDue(moment)
    } finally {
      this.#changed()
    }
    return moment
  }

  /** Fires what is due at `moment`, but not what that starts in turn: others come first. */
  #fireDue(moment: number): void {
    for (const timer of this.#timers.slice(0, this.#countDue(moment))) {
      const at = this.#timers.indexOf(timer)
      if (at < 0) continue
      this.#timers.splice(at, 1)
      timer.fire()
    }
  }

  /** What is done within a turn of the event loop takes no time, and so as much on every machine. */
  #countFromNextTurn(): void {
    this.#countingSoon = setImmediate(() => {
      this.#heldSince = systemClock.now()
      this.#armRealTimer()
    })
  }

  #read(): number {
    if (this.#heldSince === undefined) return this.#time
    return this.#time + Math.max(0, systemClock.now() - this.#heldSince)
  }

  #moveTo(time: number): void {
    this.#time = Math.max(time, this.#read())
    if (this.#heldSince === undefined) return
    this.#heldSince = systemClock.now()
    this.#disarmRealTimer()
  }

  /** How many timers are due by `time`. */
  #countDue(time: number): number {
    let low = 0
    let high = this.#timers.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#timers[middle]?.due ?? Infinity) <= time) low = middle + 1
      else high = middle
    }
    return low
  }

  #changed(): void {
    this.#activity += 1
    if (!this.#auto) return
    this.#armRealTimer()
    if (this.#isWatching || !this.#mayJump) return
    this.#isWatching = true
    this.#watch(this.#activity, 0)
  }

  get #mayJump(): boolean {
    return this.#holds === 0 && this.#pauses === 0 && this.#timers.length > 0
  }

  /** Waits for a few quiet turns in a row, then jumps. */
  #watch(seen: number, quiet: number): void {
    setImmediate(() => {
      if (!this.#mayJump) {
        this.#isWatching = false
      } else if (this.#activity !== seen) {
        this.#watch(this.#activity, 0)
      } else if (quiet + 1 < this.#quietTurns) {
        this.#watch(seen, quiet + 1)
      } else {
        this.#isWatching = false
        this.next()
      }
    })
  }

  /** While held, one real timer stands for the earliest of ours. */
  #armRealTimer(): void {
    const next = this.#heldSince === undefined ? undefined : this.#timers[0]
    if (next && this.#realTimer?.due === next.due) return
    this.#disarmRealTimer()
    if (!next) return
    const delay = Math.max(0, next.due - this.#read())
    const handle = setTimeout(
      () => {
        this.#realTimer = undefined
        try {
          this.#fireDue(this.#read())
        } finally {
          this.#changed()
        }
      },
      Math.min(delay, longestTimeout),
    )
    if (delay > longestRealWait) handle.unref()
    this.#realTimer = { due: next.due, handle }
  }

  #disarmRealTimer(): void {
    clearTimeout(this.#realTimer?.handle)
    this.#realTimer = undefined
  }
}
