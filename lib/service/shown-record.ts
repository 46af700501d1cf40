import type { OperationRecord, Timestamp } from '../journal/record.ts'

// Records are kept with their times in milliseconds since 1970. The API shows them as `Date`, the
// event of an invocation as text.

/** A record as the answers of the API show it. */
export function apiRecord(record: OperationRecord): OperationRecord {
  return withTimes(record, (time) => new Date(time))
}

/** Each invocation is sent nearly all that the one before it was sent, and a record never changes. */
const sent = new WeakMap<OperationRecord, OperationRecord>()

/** Records as the event of an invocation carries them. Nobody may change them. */
export function envelopeRecords(records: readonly OperationRecord[]): OperationRecord[] {
  // Many records of one execution share a time, and making the text costs more than comparing.
  let latest = NaN
  let text = ''
  const isoText = (time: Timestamp): string => {
    if (time === latest) return text
    latest = time as number
    return (text = new Date(time).toISOString())
  }
  return records.map((record) => {
    let shown = sent.get(record)
    if (shown === undefined) sent.set(record, (shown = withTimes(record, isoText)))
    return shown
  })
}

function withTimes(record: OperationRecord, show: (time: Timestamp) => Timestamp): OperationRecord {
  const shown = { ...record, StartTimestamp: show(record.StartTimestamp) }
  if (shown.EndTimestamp !== undefined) shown.EndTimestamp = show(shown.EndTimestamp)
  if (shown.Type === 'STEP' && shown.StepDetails?.NextAttemptTimestamp !== undefined) {
    const { NextAttemptTimestamp: time, ...details } = shown.StepDetails
    return { ...shown, StepDetails: { ...details, NextAttemptTimestamp: show(time) } }
  }
  if (shown.Type === 'WAIT' && shown.WaitDetails?.ScheduledEndTimestamp !== undefined) {
    return {
      ...shown,
      WaitDetails: { ScheduledEndTimestamp: show(shown.WaitDetails.ScheduledEndTimestamp) },
    }
  }
  return shown
}
