import type { Entry } from '../transcript.ts'
import { isWithin } from './order-of-places.ts'

/**
 * Judges L5 across invocations: where one that came to its answer saw the end of an operation or a
 * task, no later one begins a body in there, or says anything of what is in there; whether the end was
 * a record of its own or not. What undoes a step is its saga's, and comes when that has failed.
 */
export function judgeRevivals(entries: readonly Entry[]): string[] {
  const over = new Set<string>()
  const halted = new Set<number>()
  const seen = new Map<number, string[]>()
  const revived = ({ invocation }: Entry, what: string, place: string | undefined): string[] => {
    if (place === undefined) return []
    const scope = [...over].find((one) => isWithin(place, one))
    return scope === undefined
      ? []
      : [`invocation ${invocation}: ${what} at ${place}, and ${scope} was over before`]
  }
  return entries.flatMap((entry) => {
    const { invocation } = entry
    const its = seen.get(invocation) ?? []
    seen.set(invocation, its)
    switch (entry.what) {
      case 'saw':
        its.push(entry.place)
        return []
      case 'answered':
        if (entry.token === undefined) halted.add(invocation)
        return []
      case 'returned':
        if (!halted.has(invocation)) for (const place of its) over.add(place)
        return []
      case 'began':
        return entry.kind === 'undo' ? [] : revived(entry, 'a body begins', entry.place)
      case 'sent':
        return entry.updates.flatMap(({ Action, Id, Name, SubType }) =>
          SubType === 'Compensation' ? [] : revived(entry, `${Action} of ${Id} is sent`, Name),
        )
      default:
        return []
    }
  })
}
