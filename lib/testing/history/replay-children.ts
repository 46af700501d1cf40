import type { ContextRecord, OperationRecord } from '../../journal/record.ts'

/**
 * The records with those contexts marked that a replay is to enter, of which no event tells: where a
 * payload was too large to be kept, or a step inside is to be undone, only the inside can tell. Others
 * whose children are on record are marked, too: they tell the same.
 */
export function replayChildren(records: readonly OperationRecord[]): OperationRecord[] {
  const parents = new Set(records.map(({ ParentId }) => ParentId))
  const undone = aroundCompensated(records)
  return records.map((record) => {
    if (record.Type !== 'CONTEXT' || !isRebuilt(record)) return record
    const { Id, Status, ContextDetails: details } = record
    const isTold = parents.has(Id) || details?.Result === ''
    if (!(Status === 'SUCCEEDED' && isTold) && !undone.has(Id)) return record
    return { ...record, ContextDetails: { ...details, ReplayChildren: true } }
  })
}

/** Ended contexts around steps that were undone: their code says how. */
function aroundCompensated(records: readonly OperationRecord[]): ReadonlySet<string> {
  const contexts = new Map<string, ContextRecord>()
  for (const record of records) {
    if (record.Type === 'CONTEXT' && record.Status !== 'STARTED') contexts.set(record.Id, record)
  }
  const around = new Set<string>()
  for (const { Id, SubType } of records) {
    if (SubType !== 'Compensation' || !Id.startsWith('c-')) continue
    for (let at = Id.lastIndexOf('-'); at > 1; at = Id.lastIndexOf('-', at - 1)) {
      const context = contexts.get(Id.slice(2, at))
      // A saga that has failed has undone all there was, and what is around it knows of nothing.
      if (context?.SubType === 'Saga' && context.Status === 'FAILED') break
      if (context) around.add(context.Id)
    }
  }
  return around
}

/** A fan-out is made again from its items only where it kept a summary in place of their results. */
function isRebuilt({ SubType, ContextDetails: details }: ContextRecord): boolean {
  if (SubType !== 'Map' && SubType !== 'Parallel') return true
  return details?.Result?.includes('"itemStatuses"') === true
}
