import type { OperationRecord } from '../../../lib/journal/record.ts'
import { shownEvent, type HistoryEvent } from '../../../lib/service/history.ts'
import type { StoredExecution } from '../../../lib/service/store.ts'

/** A stored execution's events, as the API shows them. */
export function eventsOf({ events }: StoredExecution): HistoryEvent[] {
  return events.map((event, index) => shownEvent(event, index + 1, true))
}

/** Answers of GetDurableExecutionHistory, so many events a page. */
export function pagesOf(events: readonly HistoryEvent[], size: number): object[] {
  const pages: object[] = []
  for (let at = 0; at < events.length; at += size) {
    const isLast = at + size >= events.length
    pages.push({ Events: events.slice(at, at + size), ...(isLast ? {} : { NextMarker: `m${at}` }) })
  }
  return pages
}

/** The same record with times of whole milliseconds, as all that the API shows. */
export function inWholeTimes(record: OperationRecord): OperationRecord {
  return JSON.parse(JSON.stringify(record), (key, value: unknown) =>
    key.endsWith('Timestamp') ? Math.floor(value as number) : value,
  ) as OperationRecord
}

/** A record without `ReplayChildren`, of which no event tells. */
export function withoutReplay(record: OperationRecord): OperationRecord {
  if (record.Type !== 'CONTEXT' || !record.ContextDetails) return record
  const { ReplayChildren: _unsaid, ...details } = record.ContextDetails
  return { ...record, ContextDetails: details }
}

/** JSON as the AWS CLI and the API write times: ISO text, or seconds since 1970. */
export function written(value: unknown, times: 'iso' | 'seconds'): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key: string, shown) {
    const time = this[key]
    return times === 'seconds' && time instanceof Date ? time.getTime() / 1000 : (shown as unknown)
  })
}
