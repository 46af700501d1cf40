import type { OperationRecord, Timestamp } from './record.ts'

/**
 * A record's timestamp as whole milliseconds since 1970; `undefined` where it cannot be read, also
 * when it is of no kind that was promised.
 */
export function toEpochMilliseconds(timestamp: Timestamp | null | undefined): number | undefined {
  const time = read(timestamp)
  return time === undefined || Number.isNaN(time) ? undefined : Math.floor(time)
}

function read(timestamp: unknown): number | undefined {
  if (timestamp instanceof Date) return timestamp.getTime()
  if (typeof timestamp !== 'string' && typeof timestamp !== 'number') return undefined
  return new Date(timestamp).getTime()
}

/** When the service itself will move an operation on, in milliseconds since 1970; it tells for waits and retries. */
export function dueAt(record: OperationRecord | undefined): number | undefined {
  if (record?.Type === 'WAIT') return toEpochMilliseconds(record.WaitDetails?.ScheduledEndTimestamp)
  if (record?.Type === 'STEP') return toEpochMilliseconds(record.StepDetails?.NextAttemptTimestamp)
  return undefined
}
