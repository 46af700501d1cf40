/** A timer in the order of due time, then of starting. */
export interface Pending {
  readonly due: number
  readonly number: number
  readonly fire: () => void
  /** Its place in the heap; -1 when it is not in it. */
  place: number
}

/** Those that wait, the earliest at hand; a timer is added or taken out in logarithmic time. */
export class TimerHeap {
  readonly #heap: Pending[] = []

  get size(): number {
    return this.#heap.length
  }

  get first(): Pending | undefined {
    return this.#heap[0]
  }

  add(timer: Pending): void {
    this.#heap.push(timer)
    this.#rise(timer, this.#heap.length - 1)
  }

  /** No harm if it is not in here. */
  delete(timer: Pending): void {
    const { place } = timer
    if (place < 0) return
    timer.place = -1
    const last = this.#heap.pop()
    if (!last || last === timer) return
    this.#rise(last, place)
    this.#sink(last, last.place)
  }

  #rise(timer: Pending, from: number): void {
    let place = from
    while (place > 0) {
      const above = (place - 1) >>> 1
      const parent = this.#heap[above]
      if (!parent || isBefore(parent, timer)) break
      this.#put(parent, place)
      place = above
    }
    this.#put(timer, place)
  }

  #sink(timer: Pending, from: number): void {
    let place = from
    for (;;) {
      const left = this.#heap[2 * place + 1]
      const right = this.#heap[2 * place + 2]
      const child = left && right && isBefore(right, left) ? right : left
      if (!child || isBefore(timer, child)) break
      const below = child.place
      this.#put(child, place)
      place = below
    }
    this.#put(timer, place)
  }

  #put(timer: Pending, place: number): void {
    this.#heap[place] = timer
    timer.place = place
  }
}

function isBefore(one: Pending, other: Pending): boolean {
  return one.due < other.due || (one.due === other.due && one.number < other.number)
}
