import { fromErrorRecord, toErrorRecord, type ErrorClass } from '../kernel/error-record.ts'
import type { ErrorRecord } from '../kernel/error-record.ts'
import { PerdureError } from '../kernel/errors.ts'
import { failed, succeeded, type Settled } from '../kernel/settled.ts'
import { Batch, type BatchItem, type BatchRecord } from '../operations/batch-result.ts'
import type { CompletionReason } from '../operations/completion.ts'

// A batch as it is kept: the layout of the official SDKs, errors as their records.

interface PlainItem {
  readonly index: number
  readonly name?: string
  readonly status: 'SUCCEEDED' | 'FAILED' | 'STARTED'
  readonly result?: unknown
  readonly error?: ErrorRecord
}

export interface PlainBatch {
  readonly all: readonly PlainItem[]
  readonly completionReason: CompletionReason
}

export function toPlain(record: BatchRecord<unknown>, classes: readonly ErrorClass[]): PlainBatch {
  const all = record.all.map((item): PlainItem => {
    if (item.status !== 'FAILED') return item
    const { error, ...rest } = item
    return { ...rest, error: toErrorRecord(error, classes) }
  })
  return { all, completionReason: record.completionReason }
}

export function fromPlain(plain: PlainBatch, classes: readonly ErrorClass[]): BatchRecord<unknown> {
  const all = plain.all.map((item): BatchItem<unknown> => {
    if (item.status !== 'FAILED') return item as BatchItem<unknown>
    const error: unknown = fromErrorRecord(item.error ?? {}, classes)
    return { ...item, status: 'FAILED', error } as BatchItem<unknown>
  })
  return { all, completionReason: plain.completionReason }
}

/** What is kept of a batch whose items are kept anyway: how each ended, and why it was over. */
export interface Summary {
  readonly itemStatuses: string
  readonly completionReason: CompletionReason
}

export function summaryOf(type: string, record: BatchRecord<unknown>, summary: string | undefined) {
  const batch = new Batch(record)
  return JSON.stringify({
    type,
    totalCount: batch.totalCount,
    successCount: batch.successCount,
    failureCount: batch.failureCount,
    ...(type === 'ParallelResult' ? { startedCount: batch.startedCount } : {}),
    completionReason: batch.completionReason,
    status: batch.status,
    itemStatuses: record.all.map(({ status }) => letters[status]).join(''),
    ...(summary === undefined ? {} : { summary }),
  })
}

const letters = { SUCCEEDED: 'S', FAILED: 'F', STARTED: '-' } as const

/** Reads a summary back; fails with SERDES_FAILED for what is none. */
export function readSummary(text: string | null | undefined): Settled<Summary> {
  try {
    const { itemStatuses, completionReason } = JSON.parse(text ?? '') as Summary
    if (typeof itemStatuses === 'string') return succeeded({ itemStatuses, completionReason })
  } catch {
    // Told below, with all else that is no summary.
  }
  const message = 'The summary of a fan-out cannot be read back.'
  return failed(new PerdureError('SERDES_FAILED', message))
}
