import type { StoredExecution } from '../../../../lib/service/store.ts'
import type { Entry } from '../transcript.ts'
import { ancestorsOf, isWithin } from './order-of-places.ts'

/** Judges L5 by what the service has applied: nothing below a context is updated after its end. */
export function judgeScopes({ events }: Pick<StoredExecution, 'events'>): string[] {
  const over = new Set<string>()
  return events.flatMap(({ type, subject }) => {
    const id = subject?.Id ?? ''
    if (!/^\d/.test(id)) return []
    const scope = ancestorsOf(id).find((one) => over.has(one))
    if (/^Context(Succeeded|Failed)$/.test(type)) over.add(id)
    return scope === undefined || !ours.test(type)
      ? []
      : [`${type} of ${id} after the end of ${scope}`]
  })
}

/** Events that updates make; a timer that goes off or an answer from outside is none. */
const ours = /^(Context|Step|(Wait|Callback|ChainedInvoke)Started|WaitCancelled)/

/** Judges L5 by what is left: when an execution is over, no wait of it goes on. */
export function judgeWaits({ operations }: Pick<StoredExecution, 'operations'>): string[] {
  return operations.flatMap(({ record: { Type, Id, Status } }) =>
    Type === 'WAIT' && Status === 'STARTED' ? [`the wait ${Id} outlasts the execution`] : [],
  )
}

/**
 * Judges L5 of code: what is in a scope neither begins nor goes on after its end, what was entered
 * there has been cleaned up by then, and once only.
 */
export function judgeAfterlife(entries: readonly Entry[]): string[] {
  const judges = new Map<number, ScopesOfOne>()
  return entries.flatMap((entry) => {
    const judge = judges.get(entry.invocation) ?? new ScopesOfOne()
    judges.set(entry.invocation, judge)
    return judge.hear(entry).map((fault) => `invocation ${entry.invocation}: ${fault}`)
  })
}

class ScopesOfOne {
  readonly #over: string[] = []
  readonly #entered = new Set<string>()
  readonly #closed = new Set<string>()

  hear(entry: Entry): string[] {
    switch (entry.what) {
      case 'told':
        for (const { Id, Type, EndTimestamp } of entry.records) {
          if (Type === 'CONTEXT' && EndTimestamp !== undefined) this.#closed.add(Id)
        }
        return []
      case 'enters':
        this.#entered.add(entry.place)
        return this.#late(`${entry.place} is entered`, entry.place)
      case 'began': {
        if (entry.kind === 'undo') return []
        const closed = ancestorsOf(entry.id).find((one) => this.#closed.has(one))
        const late = this.#late(`a body begins at ${entry.place ?? ''}`, entry.place ?? '')
        if (closed === undefined) return late
        return [...late, `the body of ${entry.id} begins, and ${closed} is known to have ended`]
      }
      case 'saw':
        return [
          ...this.#late(`code goes on at ${entry.place}`, entry.place),
          ...this.#ends((place) => isWithin(place, entry.place), entry.place),
        ]
      case 'cleansUp':
        if (!this.#entered.delete(entry.place)) return [`${entry.place} is cleaned up again`]
        // Its tasks may still be under way: they end when the body has.
        return this.#ends((place) => place.startsWith(`${entry.place}.`), `${entry.place}.`)
      case 'returned':
        return entry.status === 'PENDING' ? [] : this.#ends(() => true, 'the workflow')
      default:
        return []
    }
  }

  #ends(isInside: (place: string) => boolean, scope: string): string[] {
    if (!scope.endsWith(':made')) this.#over.push(scope)
    return [...this.#entered]
      .filter(isInside)
      .map((place) => `${place} is not cleaned up when ${scope} is over`)
  }

  #late(what: string, place: string): string[] {
    return this.#over
      .filter((scope) => (scope.endsWith('.') ? place.startsWith(scope) : isWithin(place, scope)))
      .map((scope) => `${what} after the end of ${scope}`)
  }
}
