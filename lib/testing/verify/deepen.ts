import type { ContextRecord, OperationRecord } from '../../journal/record.ts'
import type { History } from '../history/read-history.ts'

// A replay passes over a context that has ended: its record has the result. Executions that were still
// inside when the code changed had no such luck, so a verifier enters every context whose inside is on
// record, and has the engine do so by the mark that it obeys anyway.

export interface Deepened {
  readonly records: readonly OperationRecord[]
  /** Contexts that no replay of this execution would have had to enter. */
  readonly optional: ReadonlySet<string>
}

/** The records with every ended context marked to be entered, but for those in `left`. */
export function deepen(
  { records, source }: Pick<History, 'records' | 'source'>,
  left: ReadonlySet<string>,
): Deepened {
  const inside = placesIn(records)
  const optional = new Set<string>()
  const deepened = records.map((record) => {
    if (record.Type !== 'CONTEXT' || record.Status === 'STARTED' || !inside.has(record.Id)) {
      return record
    }
    const { Id, ContextDetails: details = {} } = record
    if (isNeeded(record, source)) return record
    if (left.has(Id)) return { ...record, ContextDetails: { ...details, ReplayChildren: false } }
    const Result = enterable(record)
    if (Result === false) return record
    optional.add(Id)
    const kept = Result === undefined ? details : { ...details, Result }
    return { ...record, ContextDetails: { ...kept, ReplayChildren: true } }
  })
  return { records: deepened, optional }
}

/** Every id, and every id that another stands below: virtual contexts have no record of their own. */
function placesIn(records: readonly OperationRecord[]): ReadonlySet<string> {
  const places = new Set<string>()
  for (const { Id, ParentId } of records) {
    if (ParentId != null) places.add(ParentId)
    for (let at = Id.lastIndexOf('-'); at > 0; at = Id.lastIndexOf('-', at - 1)) {
      places.add(Id.slice(0, at))
    }
  }
  return places
}

/** Whether the record does not hold the result, so that only the inside can tell it. */
function isNeeded(record: ContextRecord, source: History['source']): boolean {
  const { Status, SubType, ContextDetails: details } = record
  if (details?.ReplayChildren !== true) return false
  if (source === 'state') return true
  return Status === 'SUCCEEDED' && (isFanOut(SubType) || details.Result === '')
}

/** The payload under which a context can be entered; `false` where it cannot. */
function enterable({ Status, SubType, ContextDetails }: ContextRecord): string | undefined | false {
  const result = ContextDetails?.Result
  if (!isFanOut(SubType)) return result
  return Status === 'SUCCEEDED' && (summaryOf(result) ?? false)
}

/** A fan-out is entered by way of a summary, which says of each item how it ended. */
function summaryOf(text: string | undefined): string | undefined {
  const { all, completionReason } = parsed(text)
  if (!Array.isArray(all)) return undefined
  const letters = all.map((item: { status?: string } | null) => {
    if (item?.status === 'STARTED') return '-'
    return item?.status === 'FAILED' ? 'F' : 'S'
  })
  return JSON.stringify({ itemStatuses: letters.join(''), completionReason })
}

function parsed(text: string | undefined): { all?: unknown; completionReason?: unknown } {
  try {
    return (JSON.parse(text ?? '{}') ?? {}) as object
  } catch {
    return {}
  }
}

function isFanOut(subType: string | undefined): boolean {
  return subType === 'Map' || subType === 'Parallel'
}
