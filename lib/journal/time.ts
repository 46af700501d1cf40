import type { Timestamp } from './record.ts'

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
