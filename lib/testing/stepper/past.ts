import type { OperationRecord } from '../../journal/record.ts'
import { toEpochMilliseconds } from '../../journal/time.ts'

/**
 * The records as if the operations `kept` had ended and the one at `current` were under way, or, where it
 * is made of others, had not begun. What is numbered by itself, as versions are, stays.
 */
export function recordsUpTo(
  records: readonly OperationRecord[],
  kept: readonly string[],
  current: string,
): OperationRecord[] {
  const hasNotBegun = records.some((record) => record.Id === current && isWhole(record))
  return records.flatMap((record) => {
    const { Id: id, Type: type } = record
    if (/^[vsh]-/.test(id)) return [record]
    if (kept.some((one) => id === one || isWithin(id, one))) return [record]
    if (hasNotBegun && (id === current || isWithin(id, current))) return []
    if (id === current) return [reopened(record)]
    // Of a `waitForCallback`, the callback is still to be answered, and the submitter is done.
    if (isWithin(id, current)) return type === 'CALLBACK' ? [reopened(record)] : [record]
    const isAround = [...kept, current].some((one) => isWithin(one, id))
    return isAround && type === 'CONTEXT' ? [reopened(record)] : []
  })
}

/** Whether it is to be met anew, as nothing but its end was seen. */
function isWhole({ Type, SubType }: OperationRecord): boolean {
  return Type === 'CONTEXT' && SubType !== 'WaitForCallback'
}

export function isWithin(id: string, context: string): boolean {
  return id.startsWith(`${context}-`)
}

/** The record as it was while the operation was under way. */
function reopened(record: OperationRecord): OperationRecord {
  const { EndTimestamp: _end, ...rest } = record
  switch (rest.Type) {
    case 'STEP':
      return { ...rest, Status: 'READY', StepDetails: { Attempt: 0 } }
    case 'CONTEXT': {
      const { ContextDetails: _details, ...context } = rest
      return { ...context, Status: 'STARTED' }
    }
    case 'CALLBACK': {
      const { CallbackId } = rest.CallbackDetails ?? {}
      return { ...rest, Status: 'STARTED', CallbackDetails: { CallbackId } }
    }
    case 'CHAINED_INVOKE':
      return { ...rest, Status: 'STARTED', ChainedInvokeDetails: {} }
    default:
      return { ...rest, Status: 'STARTED' }
  }
}

/** When the last of it happened, in milliseconds since 1970. */
export function latestOf(records: readonly OperationRecord[], otherwise: number): number {
  let latest = otherwise
  for (const { StartTimestamp, EndTimestamp } of records) {
    const time = toEpochMilliseconds(EndTimestamp) ?? toEpochMilliseconds(StartTimestamp)
    if (time !== undefined && time > latest) latest = time
  }
  return latest
}
