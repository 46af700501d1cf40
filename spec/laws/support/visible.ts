import type { OperationRecord } from '../../../lib/journal/record.ts'

/** The records that a handler gets to see: not those below a context that has ended for good. */
export function visible(records: readonly OperationRecord[]): OperationRecord[] {
  const byId = new Map(records.map((record) => [record.Id, record]))
  const isHidden = ({ ParentId }: OperationRecord): boolean => {
    const parent = ParentId === undefined ? undefined : byId.get(ParentId)
    if (parent === undefined) return false
    const isClosed = parent.Type === 'CONTEXT' && parent.EndTimestamp !== undefined
    const isReplayed = parent.Type === 'CONTEXT' && parent.ContextDetails?.ReplayChildren === true
    return (isClosed && !isReplayed) || isHidden(parent)
  }
  return records.filter((record) => !isHidden(record))
}
