import type { OperationRecord, Timestamp } from './record.ts'

/** A record's timestamp as whole milliseconds since 1970; `undefined` where it cannot be read. */
export function toEpochMilliseconds(timestamp: Timestamp | null | undefined): number | undefined {
  if (timestamp === undefined || timestamp === null) return undefined
  const time = timestamp instanceof Date ? timestamp.getTime() : new Date(timestamp).getTime()
  return Number.isNaN(time) ? undefined : Math.floor(time)
}

/** When the service will act on an open operation by itself, in milliseconds since 1970. */
export function dueAt(record: OperationRecord | undefined): number | undefined {
  if (record?.Type === 'WAIT') return toEpochMilliseconds(record.WaitDetails?.ScheduledEndTimestamp)
  if (record?.Type === 'STEP') return toEpochMilliseconds(record.StepDetails?.NextAttemptTimestamp)
  return undefined
}
