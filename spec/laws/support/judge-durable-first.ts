import type { Checkpointing } from '../../../lib/driver/environment.ts'
import type { OperationUpdate } from '../../../lib/journal/update.ts'
import type { Entry, EntryOf } from './transcript.ts'

/** What a judge of L2 has to know of a run besides its transcript. */
export interface Ground {
  readonly mode: Checkpointing
  /** The operation that is yielded at a place of the plan. */
  readonly places: ReadonlyMap<string, string>
  /** Whether a result seen at one place may matter to what is done at another; always, if left out. */
  readonly mayMatter?: (seen: string, place: string) => boolean
}

export interface Verdict {
  readonly faults: readonly string[]
  /** Bodies that began before a result was durable, as `'optimistic'` allows at-least-once ones to. */
  readonly hasty: number
}

/** Judges L2: what begins in an invocation before the results it could depend on are durable. */
export function judgeDurableFirst(entries: readonly Entry[], ground: Ground): Verdict {
  const judges = new Map<number, DurabilityOfOne>()
  const faults: string[] = []
  for (const entry of entries) {
    const judge = judges.get(entry.invocation) ?? new DurabilityOfOne(ground)
    judges.set(entry.invocation, judge)
    for (const fault of judge.hear(entry)) faults.push(`invocation ${entry.invocation}: ${fault}`)
  }
  return { faults, hasty: [...judges.values()].reduce((sum, { hasty }) => sum + hasty, 0) }
}

type Standing = 'open' | 'ended'
type Standings = Map<string, Standing>

/** An operation whose result was seen: its end, or, of a callback, its making. */
interface Seen {
  readonly place: string
  readonly id: string
  readonly needs: Standing
}

class DurabilityOfOne {
  hasty = 0
  readonly #ground: Ground
  /** As told, or as acknowledged. */
  readonly #durable: Standings = new Map()
  readonly #sent: Standings = new Map()
  readonly #calls = new Map<number, readonly OperationUpdate[]>()
  readonly #seen: Seen[] = []

  constructor(ground: Ground) {
    this.#ground = ground
  }

  hear(entry: Entry): string[] {
    switch (entry.what) {
      case 'told':
        for (const { Id, EndTimestamp } of entry.records) {
          take(this.#durable, Id, EndTimestamp === undefined ? 'open' : 'ended')
        }
        return []
      case 'answered':
        for (const update of this.#calls.get(entry.call) ?? []) takeUpdate(this.#durable, update)
        return []
      case 'sent':
        return this.#goesOut(entry)
      case 'saw':
        return this.#sees(entry)
      case 'began':
        return this.#begins(entry)
      default:
        return []
    }
  }

  #goesOut({ call, updates }: EntryOf<'sent'>): string[] {
    this.#calls.set(call, updates)
    return updates.flatMap((update) => {
      const isEffect = ['WAIT', 'CALLBACK', 'CHAINED_INVOKE'].includes(update.Type)
      const late = isEffect ? this.#notYet(update.Name, this.#sent) : undefined
      takeUpdate(this.#sent, update)
      return late === undefined
        ? []
        : [`the START of ${update.Id} is sent before the end of ${late}`]
    })
  }

  #sees({ place }: EntryOf<'saw'>): string[] {
    const id = this.#ground.places.get(place)
    if (id === undefined) return []
    this.#seen.push({ place, id, needs: place.endsWith(':made') ? 'open' : 'ended' })
    if (this.#ground.mode !== 'eager') return []
    const late = this.#notYet(place)
    return late === undefined ? [] : [`the workflow goes on before ${late} is durable`]
  }

  #begins({ id, kind, semantics, place }: EntryOf<'began'>): string[] {
    const faults: string[] = []
    const late = this.#notYet(place)
    const mayBeHasty = this.#ground.mode === 'optimistic' && semantics === 'at-least-once'
    if (late !== undefined && mayBeHasty) this.hasty += 1
    else if (late !== undefined) faults.push(`the body of ${id} begins before ${late} is durable`)
    const isStrict = semantics === 'at-most-once' || this.#ground.mode === 'eager'
    if (isStrict && this.#durable.get(id) !== 'open') {
      faults.push(`the body of ${id} begins before its own START is durable`)
    }
    const callback = `${id.slice(0, -1)}1`
    if (kind === 'submit' && !this.#durable.has(callback)) {
      faults.push(`the submitter ${id} begins before its callback is durable`)
    }
    return faults
  }

  /** The first operation whose result was seen, may matter here, and is not durable or else `sent`. */
  #notYet(place = '', sent: Standings = new Map()): string | undefined {
    const { mayMatter = () => true } = this.#ground
    const hasCome = ({ id, needs }: Seen, standings: Standings) =>
      needs === 'open' ? standings.has(id) : standings.get(id) === 'ended'
    return this.#seen.find(
      (one) => mayMatter(one.place, place) && !hasCome(one, this.#durable) && !hasCome(one, sent),
    )?.id
  }
}

function takeUpdate(standings: Standings, { Id, Action }: OperationUpdate): void {
  take(standings, Id, Action === 'START' || Action === 'RETRY' ? 'open' : 'ended')
}

/** What has ended stays so: an answer may tell of an earlier state than the one known. */
function take(standings: Standings, id: string, standing: Standing): void {
  if (standings.get(id) !== 'ended') standings.set(id, standing)
}
