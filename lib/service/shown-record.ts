import type { OperationRecord, Timestamp } from '../journal/record.ts'

// Records are kept with their times in milliseconds since 1970. The API shows them as `Date`, the
// event of an invocation as text.

/** A record as the answers of the API show it. */
export function apiRecord(record: OperationRecord): OperationRecord {
  return withTimes(record, (time) => new Date(time))
}

/** Records as the event of an invocation carries them. */
export function envelopeRecords(records: readonly OperationRecord[]): OperationRecord[] {
  // Many records of one execution share a time, and making the text costs more than comparing.
  let latest = NaN
  let text = ''
  const isoText = (time: Timestamp): string => {
    if (time === latest) return text
    latest = time as number
    return (text = new Date(time).toISOString())
  }
  return records.map((record) => withTimes(record, isoText))
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
