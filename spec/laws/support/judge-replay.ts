import { isDeepStrictEqual } from 'node:util'
import type { Settled } from '../../../lib/kernel/settled.ts'
import { dissect } from './failures.ts'
import type { Entry } from './transcript.ts'

/** Judges L3: what a yield gives, a value or an error, is the same in every invocation. */
export function judgeReplay(entries: readonly Entry[]): string[] {
  const first = new Map<string, { readonly invocation: number; readonly outcome: unknown }>()
  return entries.flatMap((entry) => {
    if (entry.what !== 'saw') return []
    const { invocation, place } = entry
    const outcome = dissected(entry.outcome)
    const before = first.get(place)
    if (before === undefined) first.set(place, { invocation, outcome })
    if (before === undefined || isDeepStrictEqual(before.outcome, outcome)) return []
    return [
      `${place} gave ${shown(before.outcome)} in invocation ${before.invocation}, ` +
        `and ${shown(outcome)} in invocation ${invocation}`,
    ]
  })
}

/** An outcome as data: of an error all but its stack. */
export function dissected(outcome: Settled): unknown {
  return outcome.ok ? outcome : { ok: false, error: dissect(outcome.error) }
}

function shown(outcome: unknown): string {
  return JSON.stringify(outcome).slice(0, 300)
}
