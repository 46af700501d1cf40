import type { Journal } from '../journal/journal.ts'
import { toEpochMilliseconds } from '../journal/time.ts'

/** The end of an operation, by its id; the start of one; or all that another strand has seen. */
export type Seen = string | { readonly begun: string } | Timeline

/**
 * Which records a strand has seen, so that the time of the latest can be told when somebody asks.
 * Keeps ids only: on most replays nobody does.
 */
const nothingRead = { upTo: 0, time: 0 }

export class Timeline {
  readonly #origin: { timeline: Timeline; seen: number } | undefined
  #seen: Seen[] | undefined
  #latest = nothingRead

  constructor(origin?: Timeline) {
    this.#origin = origin && { timeline: origin, seen: origin.#count }
  }

  saw(seen: Seen): void {
    if (this.#seen) this.#seen.push(seen)
    else this.#seen = [seen]
  }

  /** The time of the latest record seen, in milliseconds since 1970. */
  latest(journal: Journal): number {
    const latest = this.#latestOf(journal, this.#latest, this.#count)
    this.#latest = { upTo: this.#count, time: latest }
    return latest
  }

  get #count(): number {
    return this.#seen === undefined ? 0 : this.#seen.length
  }

  #latestOf(journal: Journal, known: { upTo: number; time: number }, count: number): number {
    let time = known.upTo > 0 ? known.time : this.#timeAtOrigin(journal)
    for (let i = known.upTo; i < count; i++) {
      const seen = this.#seen?.[i]
      if (seen !== undefined) time = Math.max(time, timeOf(seen, journal))
    }
    return time
  }

  #timeAtOrigin(journal: Journal): number {
    if (this.#origin === undefined) {
      return toEpochMilliseconds(journal.execution.StartTimestamp) ?? 0
    }
    const { timeline, seen } = this.#origin
    return timeline.#latestOf(journal, nothingRead, seen)
  }
}

/**
 * When what was seen happened, in milliseconds since 1970: never, as yet, for what is recorded as open,
 * and nothing for what leaves no record.
 */
export function momentOf(seen: Seen, journal: Journal): number | undefined {
  if (seen instanceof Timeline) return undefined
  const record = journal.get(typeof seen === 'string' ? seen : seen.begun)
  if (record === undefined) return undefined
  const moment = typeof seen === 'string' ? record.EndTimestamp : record.StartTimestamp
  return toEpochMilliseconds(moment) ?? Infinity
}

function timeOf(seen: Seen, journal: Journal): number {
  if (typeof seen === 'string') return toEpochMilliseconds(journal.get(seen)?.EndTimestamp) ?? 0
  if (seen instanceof Timeline) return seen.latest(journal)
  return toEpochMilliseconds(journal.get(seen.begun)?.StartTimestamp) ?? 0
}
