import { VirtualClock } from '../virtual-clock.ts'

/** A clock that is moved by hand, and knows whether an invocation has something going on. */
export class HandClock extends VirtualClock {
  #holds = 0
  #changes = 0

  constructor(start?: number) {
    super({ auto: false, ...(start === undefined ? {} : { start }) })
  }

  get isHeld(): boolean {
    return this.#holds > 0
  }

  /** Grows with whatever begins or ends. */
  get changes(): number {
    return this.#changes
  }

  noteChange(): void {
    this.#changes += 1
  }

  override hold(): () => void {
    this.#holds += 1
    this.#changes += 1
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#holds -= 1
      this.#changes += 1
    }
  }
}
