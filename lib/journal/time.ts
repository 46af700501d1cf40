import type { Timestamp } from './record.ts'

/** A record's timestamp as whole milliseconds since 1970; `undefined` where it cannot be read. */
export function toEpochMilliseconds(timestamp: Timestamp | null | undefined): number | undefined {
  if (timestamp === undefined || timestamp === null) return undefined
  const time =
    timestamp instanceof Date ? timestamp.getTime() : new Date(timestamp as string).getTime()
  return Number.isNaN(time) ? undefined : Math.floor(time)
}
