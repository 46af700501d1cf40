import type { Settled } from '../kernel/settled.ts'
import type { BatchItem, BatchRecord } from '../operations/batch-result.ts'
import type { Completion, CompletionReason } from '../operations/completion.ts'
import { invalidOption, type PerdureError } from '../kernel/errors.ts'

/** How many items there are, and what each is called. */
export interface Items {
  readonly count: number
  readonly name: (index: number) => string | undefined
}

/** How a fan-out stands: which items have started and ended, and whether that will do. */
export class Tally {
  readonly #items: Items
  readonly #completion: Completion | undefined
  readonly #outcomes: (Settled | undefined)[]
  #started = 0
  #successes = 0
  #failures = 0

  constructor(items: Items, completion: Completion | undefined) {
    this.#items = items
    this.#completion = completion
    this.#outcomes = new Array<Settled | undefined>(items.count)
  }

  /** The items up to this index, from 0, have started. */
  start(index: number): void {
    this.#started = Math.max(this.#started, index + 1)
  }

  /** An item has ended; answers why the whole is over, once it is. */
  end(index: number, outcome: Settled): CompletionReason | undefined {
    this.note(index, outcome)
    return this.#decide()
  }

  /** An item has ended, with no say in whether the whole is over. */
  note(index: number, outcome: Settled): void {
    this.#outcomes[index] = outcome
    if (outcome.ok) this.#successes += 1
    else this.#failures += 1
  }

  /** The batch as it stands. */
  record(completionReason: CompletionReason): BatchRecord<unknown> {
    const all: BatchItem<unknown>[] = []
    for (let index = 0; index < this.#started; index++) {
      const name = this.#items.name(index)
      const base = name === undefined ? { index } : { index, name }
      const outcome = this.#outcomes[index]
      if (outcome === undefined) all.push({ ...base, status: 'STARTED' })
      else if (outcome.ok) all.push({ ...base, status: 'SUCCEEDED', result: outcome.value })
      else all.push({ ...base, status: 'FAILED', error: outcome.error as PerdureError })
    }
    return { all, completionReason }
  }

  #decide(): CompletionReason | undefined {
    const total = this.#items.count
    const isComplete = this.#successes + this.#failures === total
    const custom = this.#decideByFunction()
    if (custom !== undefined) return custom
    if (this.#isIntolerable()) return 'FAILURE_TOLERANCE_EXCEEDED'
    if (isComplete) return 'ALL_COMPLETED'
    const { minSuccessful } = this.#limits
    if (minSuccessful !== undefined && this.#successes >= minSuccessful) {
      return 'MIN_SUCCESSFUL_REACHED'
    }
    return undefined
  }

  get #limits() {
    return typeof this.#completion === 'object' ? this.#completion : {}
  }

  /** Without any limit the first failure is one too many. */
  #isIntolerable(): boolean {
    if (typeof this.#completion === 'function') return false
    const { minSuccessful, toleratedFailureCount, toleratedFailurePercentage } = this.#limits
    if (toleratedFailureCount !== undefined && this.#failures > toleratedFailureCount) return true
    if (toleratedFailurePercentage !== undefined) {
      return (this.#failures / this.#items.count) * 100 > toleratedFailurePercentage
    }
    if (toleratedFailureCount !== undefined || minSuccessful !== undefined) return false
    return this.#failures > 0
  }

  #decideByFunction(): CompletionReason | undefined {
    if (typeof this.#completion !== 'function') return undefined
    const decision = this.#completion({
      totalCount: this.#items.count,
      successCount: this.#successes,
      failureCount: this.#failures,
      completedCount: this.#successes + this.#failures,
      items: Array.from({ length: this.#items.count }, (_, index) => {
        const name = this.#items.name(index)
        const outcome = this.#outcomes[index]
        return {
          index,
          ...(name === undefined ? {} : { name }),
          ...(outcome === undefined ? {} : { status: outcome.ok ? 'SUCCEEDED' : 'FAILED' }),
        }
      }),
    })
    return decisionOf(decision)
  }
}

/** Throws INVALID_OPTION for any other word, which would else have the fan-out go on unnoticed. */
function decisionOf(decision: unknown): CompletionReason | undefined {
  if (decision === 'continue') return undefined
  if (decision === 'succeed') return 'CUSTOM_COMPLETION_SUCCEEDED'
  if (decision === 'fail') return 'CUSTOM_COMPLETION_FAILED'
  throw invalidOption(
    'completion',
    "a function that answers 'continue', 'succeed' or 'fail'",
    decision,
  )
}
