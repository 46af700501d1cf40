import type { Entry } from './transcript.ts'

/**
 * Judges L6 of bodies: one that may run at most once begins at most once an attempt, however many
 * invocations there are; any other begins at most once an attempt in each of them.
 */
export function judgeAttempts(entries: readonly Entry[]): string[] {
  const begun = new Set<string>()
  return entries.flatMap((entry) => {
    if (entry.what !== 'began') return []
    const { id, attempt, semantics, invocation } = entry
    const where = semantics === 'at-most-once' ? 'ever' : `in invocation ${invocation}`
    const key = `attempt ${attempt} of ${id} begins twice ${where}`
    if (begun.has(key)) return [key]
    begun.add(key)
    return []
  })
}
