/** What waits for acknowledgements: each gate opens once so many updates are durable. */
export class Gates {
  #closed: { readonly until: number; readonly open: () => void }[] = []
  #acknowledged = 0

  get isEmpty(): boolean {
    return this.#closed.length === 0
  }

  /** Whether the first `count` updates are durable. */
  hasPassed(count: number): boolean {
    return count <= this.#acknowledged
  }

  /** Calls `open` when the first `until` updates are durable; at once, if they are. */
  add(until: number, open: () => void): void {
    if (this.hasPassed(until)) open()
    else this.#closed.push({ until, open })
  }

  /** Another `count` updates are durable. */
  acknowledge(count: number): void {
    this.#acknowledged += count
  }

  /** Opens all that may be opened by now, in the order in which they came. */
  open(): void {
    const gates = this.#closed
    if (gates.length === 0) return
    this.#closed = []
    for (const gate of gates) this.add(gate.until, gate.open)
  }
}
