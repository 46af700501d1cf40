import type { OperationRecord } from '../journal/record.ts'
import type { Clock, Timer } from '../kernel/clock.ts'

/** Something that falls due in one execution: which kind of thing, and of which operation. */
export interface Appointment {
  readonly kind: 'wait' | 'retry' | 'callback' | 'heartbeat' | 'execution' | 'invocation'
  readonly id: string
  /** Milliseconds since 1970. */
  readonly due: number
}

/** An operation for which something falls due. */
export interface Due {
  readonly kind: Exclude<Appointment['kind'], 'execution' | 'invocation'>
  readonly record: OperationRecord
}

/** Calls `happen`, once, when what is due is to happen. */
export type WhenDue = (what: Due, happen: () => void) => void

/**
 * What falls due next in one execution. One timer of the clock is enough: it is armed for the
 * earliest appointment, and tells by `onDue` that it is time to `takeDue`.
 */
export class Scheduler {
  readonly #clock: Clock
  readonly #onDue: () => void
  /** In the order of due time, then of making. Those cancelled stay until they reach the front. */
  #queue: Appointment[] = []
  /** The ones that still hold, by kind and operation. */
  readonly #valid = new Map<string, Appointment>()
  #armed: { readonly due: number; readonly timer: Timer } | undefined

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock
    this.#onDue = onDue
  }

  get size(): number {
    return this.#valid.size
  }

  /** Replaces an appointment of the same kind for the same operation. */
  add(appointment: Appointment): void {
    this.#valid.set(keyOf(appointment), appointment)
    this.#queue.splice(this.#countDue(appointment.due), 0, appointment)
    this.#arm()
  }

  /** No harm if there is no such appointment. */
  cancel(kind: Appointment['kind'], id: string): void {
    if (!this.#valid.delete(keyOf({ kind, id }))) return
    if (this.#queue.length > 32 && this.#queue.length > 2 * this.#valid.size) {
      this.#queue = this.#queue.filter((one) => this.#holds(one))
    }
    this.#arm()
  }

  /** Removes and returns what is due by `now`, earliest first. */
  takeDue(now: number): Appointment[] {
    if (!((this.#queue[0]?.due ?? Infinity) <= now)) return []
    const due = this.#queue.splice(0, this.#countDue(now)).filter((one) => this.#holds(one))
    for (const one of due) this.#valid.delete(keyOf(one))
    this.#arm()
    return due
  }

  clear(): void {
    this.#queue = []
    this.#valid.clear()
    this.#arm()
  }

  #holds(appointment: Appointment): boolean {
    return this.#valid.get(keyOf(appointment)) === appointment
  }

  /** How many in the queue lie at or before `due`. */
  #countDue(due: number): number {
    let low = 0
    let high = this.#queue.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#queue[middle]?.due ?? Infinity) <= due) low = middle + 1
      else high = middle
    }
    return low
  }

  #arm(): void {
    let cancelled = 0
    for (const one of this.#queue) {
      if (this.#holds(one)) break
      cancelled += 1
    }
    if (cancelled > 0) this.#queue.splice(0, cancelled)
    const due = this.#queue[0]?.due
    if (this.#armed?.due === due) return
    this.#armed?.timer.cancel()
    this.#armed = undefined
    if (due === undefined) return
    const timer = this.#clock.startTimer(Math.max(0, due - this.#clock.now()), () => {
      this.#armed = undefined
      this.#onDue()
      this.#arm()
    })
    this.#armed = { due, timer }
  }
}

function keyOf({ kind, id }: Pick<Appointment, 'kind' | 'id'>): string {
  return `${kind} ${id}`
}
