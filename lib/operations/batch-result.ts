import { describe, isPerdureError, PerdureError } from '../kernel/errors.ts'
import type { CompletionReason } from './completion.ts'

/** How one item of a fan-out has ended, or that it had not when the whole did. */
export type BatchItem<T> = { readonly index: number; readonly name?: string } & (
  | { readonly status: 'SUCCEEDED'; readonly result: T }
  | { readonly status: 'FAILED'; readonly error: PerdureError }
  | { readonly status: 'STARTED' }
)

/** What a serdes for a batch sees. */
export interface BatchRecord<T> {
  readonly all: readonly BatchItem<T>[]
  readonly completionReason: CompletionReason
}

/** How a fan-out ended: its items, in their order, and why it was over. */
export interface BatchResult<T> extends BatchRecord<T> {
  readonly status: 'SUCCEEDED' | 'FAILED'
  /** Items that were started. */
  readonly totalCount: number
  readonly successCount: number
  readonly failureCount: number
  readonly startedCount: number
  readonly hasFailure: boolean
  succeeded(): Extract<BatchItem<T>, { status: 'SUCCEEDED' }>[]
  failed(): Extract<BatchItem<T>, { status: 'FAILED' }>[]
  started(): Extract<BatchItem<T>, { status: 'STARTED' }>[]
  results(): T[]
  errors(): PerdureError[]
  /** Throws the first item's error, or BATCH_FAILED where a completion function said so without one. */
  throwIfFailed(): void
}

export class Batch<T> implements BatchResult<T> {
  readonly all: readonly BatchItem<T>[]
  readonly completionReason: CompletionReason
  readonly successCount: number
  readonly failureCount: number
  /** For branches given as an object: the results of those that succeeded, under the same keys. */
  declare readonly named?: Readonly<Record<string, T>>

  constructor(record: BatchRecord<T>, keys?: readonly string[]) {
    this.all = withResults(itemsOf(record))
    this.completionReason = record.completionReason
    this.successCount = this.succeeded().length
    this.failureCount = this.failed().length
    if (keys) {
      const named = this.succeeded().map(({ index, result }) => [keys[index], result] as const)
      this.named = Object.fromEntries(named) as Readonly<Record<string, T>>
    }
  }

  get totalCount(): number {
    return this.all.length
  }

  get startedCount(): number {
    return this.totalCount - this.successCount - this.failureCount
  }

  get hasFailure(): boolean {
    return this.failureCount > 0
  }

  get status(): 'SUCCEEDED' | 'FAILED' {
    if (this.completionReason === 'CUSTOM_COMPLETION_SUCCEEDED') return 'SUCCEEDED'
    if (this.completionReason === 'CUSTOM_COMPLETION_FAILED') return 'FAILED'
    return this.hasFailure ? 'FAILED' : 'SUCCEEDED'
  }

  succeeded() {
    return this.all.filter((item) => item.status === 'SUCCEEDED')
  }

  failed() {
    return this.all.filter((item) => item.status === 'FAILED')
  }

  started() {
    return this.all.filter((item) => item.status === 'STARTED')
  }

  results(): T[] {
    return this.succeeded().map(({ result }) => result)
  }

  errors(): PerdureError[] {
    return this.failed().map(({ error }) => error)
  }

  throwIfFailed(): void {
    if (this.status === 'SUCCEEDED') return
    const [first] = this.failed()
    if (first && (isPerdureError(first.error) || (first.error as unknown) instanceof Error)) {
      throw first.error
    }
    throw new PerdureError(
      'BATCH_FAILED',
      'The completion function of the fan-out decided that it failed.',
    )
  }
}

/** Throws SERDES_FAILED for what a serdes of its own has made anything else of. */
function itemsOf<T>(record: Partial<BatchRecord<T>> | null | undefined): readonly BatchItem<T>[] {
  const all = record?.all
  if (Array.isArray(all)) return all as readonly BatchItem<T>[]
  throw new PerdureError(
    'SERDES_FAILED',
    'Expected the serdes of the fan-out to give back an object with all and completionReason, ' +
      `got ${describe(record)}.`,
  )
}

/** JSON drops a result that is undefined; an item has the same keys however it was kept. */
function withResults<T>(all: readonly BatchItem<T>[]): readonly BatchItem<T>[] {
  const lacksResult = (item: BatchItem<T>): boolean =>
    item.status === 'SUCCEEDED' && !('result' in item)
  if (!all.some(lacksResult)) return all
  return all.map((item) =>
    lacksResult(item) ? ({ ...item, result: undefined } as BatchItem<T>) : item,
  )
}
