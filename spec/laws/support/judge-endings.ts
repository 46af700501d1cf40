import type { Entry } from './transcript.ts'

/**
 * Judges how invocations end: each by an answer, an error or its death, and none by running out of
 * time. One whose token was taken away begins nothing and says nothing more (PROTOCOL 4.4).
 */
export function judgeEndings(entries: readonly Entry[]): string[] {
  const open = new Set<number>()
  const halted = new Set<number>()
  const faults = entries.flatMap((entry) => {
    const { invocation, what } = entry
    if (what === 'invoked') open.add(invocation)
    if (what === 'returned' || what === 'threw' || what === 'crashed') open.delete(invocation)
    if (halted.has(invocation) && (what === 'began' || what === 'sent')) {
      return [`invocation ${invocation}: goes on without a token`]
    }
    if (what === 'answered' && entry.token === undefined) halted.add(invocation)
    return []
  })
  return [...faults, ...[...open].map((invocation) => `invocation ${invocation}: never ends`)]
}
