import type { OperationRecord } from '../../../lib/journal/record.ts'
import type { Entry } from './transcript.ts'

/**
 * Judges L8: an invocation that answers PENDING leaves something behind that the service will move, or
 * has moved since the invocation was last told of it. One whose token was taken away has to stop.
 */
export function judgePending(entries: readonly Entry[]): string[] {
  const told = new Map<number, Map<string, OperationRecord>>()
  const halted = new Set<number>()
  return entries.flatMap((entry) => {
    const { invocation } = entry
    if (entry.what === 'told') {
      const known = told.get(invocation) ?? new Map<string, OperationRecord>()
      told.set(invocation, known)
      for (const record of entry.records) known.set(record.Id, record)
    }
    if (entry.what === 'answered' && entry.token === undefined) halted.add(invocation)
    if (entry.what !== 'returned' || entry.status !== 'PENDING' || halted.has(invocation)) return []
    const isHonest = entry.records.some((record) => {
      const before = told.get(invocation)?.get(record.Id)
      return isPending(record) || (before !== undefined && isPending(before))
    })
    return isHonest ? [] : [`invocation ${invocation}: PENDING, and nothing is pending`]
  })
}

/** Whether the service moves it without the handler (PROTOCOL 1.3). */
function isPending({ Type, Status }: OperationRecord): boolean {
  if (Type === 'STEP') return Status === 'PENDING'
  return Status === 'STARTED' && ['WAIT', 'CALLBACK', 'CHAINED_INVOKE'].includes(Type)
}
