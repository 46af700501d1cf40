import type { Event } from './events.ts'
import { difference, shown } from './match.ts'
import type { Bindings } from './variables.ts'

/**
 * The first difference between the expected events and those of an execution. Each is looked up by its
 * `EventId`; events that nobody expects are passed over. Names found on the way are bound.
 */
export function historyDifference(
  expected: readonly Event[],
  events: readonly Event[],
  bindings: Bindings,
): string | undefined {
  for (const [index, wanted] of expected.entries()) {
    const found = eventDifference(wanted, events, bindings)
    if (found !== undefined) return `${label(wanted, index)}: ${found}`
  }
  return undefined
}

function eventDifference(
  wanted: Event,
  events: readonly Event[],
  bindings: Bindings,
): string | undefined {
  if (wanted['EventId'] === undefined) return 'it is expected without an EventId'
  const event = events.find(({ EventId }) => EventId === wanted['EventId'])
  if (event === undefined) return `there is no such event, the history ends at ${events.length}`
  return difference(wanted, event, bindings)
}

function label(wanted: Event, index: number): string {
  const { EventId, EventType } = wanted
  const id = EventId === undefined ? `expectation ${index + 1}` : shown(EventId)
  return typeof EventType === 'string' ? `event ${id} ${EventType}` : `event ${id}`
}
