import { isDeepStrictEqual } from 'node:util'
import { dissected } from '../judge-replay.ts'
import type { Entry } from '../transcript.ts'

/**
 * Judges L6: what was seen by an invocation that came to its answer is what every later one sees. Only
 * what an invocation saw that died, or had its token taken away, may have been lost with it. Where an
 * event is delivered twice, only those that come to an answer are judged at all.
 */
export function judgeSights(
  entries: readonly Entry[],
  { isDoubled = false }: { readonly isDoubled?: boolean } = {},
): string[] {
  const kept = new Map<string, unknown>()
  const halted = new Set<number>()
  const answered = new Set<number>()
  const seen = new Map<number, Map<string, unknown>>()
  for (const { what, invocation } of entries) if (what === 'returned') answered.add(invocation)
  return entries.flatMap((entry) => {
    const { invocation } = entry
    const its = seen.get(invocation) ?? new Map<string, unknown>()
    seen.set(invocation, its)
    if (entry.what === 'answered' && entry.token === undefined) halted.add(invocation)
    if (entry.what === 'returned' && !halted.has(invocation)) {
      for (const [place, outcome] of its) if (!kept.has(place)) kept.set(place, outcome)
    }
    if (entry.what !== 'saw' || (isDoubled && !answered.has(invocation))) return []
    const outcome = dissected(entry.outcome)
    its.set(entry.place, outcome)
    if (!kept.has(entry.place) || isDeepStrictEqual(kept.get(entry.place), outcome)) return []
    return [
      `${entry.place} gave ${shown(kept.get(entry.place))}, ` +
        `and ${shown(outcome)} in invocation ${invocation}`,
    ]
  })
}

function shown(outcome: unknown): string {
  return JSON.stringify(outcome).slice(0, 300)
}
