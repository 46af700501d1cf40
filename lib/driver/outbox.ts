import type { OperationUpdate } from '../journal/update.ts'
import type { PerdureError } from '../kernel/errors.ts'
import { oversized } from './refusals.ts'

/** What is to be reported, in the order in which it was said. */
export class Outbox {
  #updates: OperationUpdate[] = []
  #issued = 0

  /** How many updates have been said so far, taken or not. */
  get issued(): number {
    return this.#issued
  }

  /** Answers the report of the first update that the service would not keep, and says none from there on. */
  say(updates: readonly OperationUpdate[]): PerdureError | undefined {
    for (const update of updates) {
      const error = oversized(update)
      if (error) return error
      this.#updates.push(update)
      this.#issued += 1
    }
    return undefined
  }

  /** Counts an update that is reported beside these. */
  count(): void {
    this.#issued += 1
  }

  /** Each update is handed out once. */
  take(): OperationUpdate[] {
    const updates = this.#updates
    if (updates.length > 0) this.#updates = []
    return updates
  }
}
