import type { Entry } from './transcript.ts'

/**
 * Judges by the service's own validation: it refuses no call of ours, except those that were made to
 * fail, and those of an invocation that is dead or was not the only one with its token.
 */
export function judgeRequests(
  entries: readonly Entry[],
  { isDoubled }: { readonly isDoubled: boolean },
): string[] {
  const dead = new Set<number>()
  return entries.flatMap((entry) => {
    if (entry.what === 'crashed') dead.add(entry.invocation)
    if (entry.what !== 'refused' || entry.isPlanned) return []
    const isStale = entry.message === 'Invalid checkpoint token'
    if (isStale && (isDoubled || dead.has(entry.invocation))) return []
    return [`invocation ${entry.invocation}: ${entry.name}: ${entry.message}`]
  })
}
