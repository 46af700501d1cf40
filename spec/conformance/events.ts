import { plain } from './match.ts'

/** An event of an execution's history, as JSON. */
export type Event = Readonly<Record<string, unknown>>

/**
 * A history as requirements expect it. What runs inside a wait-for-callback goes by the name of that
 * operation where it has none itself: some services repeat it there, and some do not.
 */
export function eventsOf(history: readonly unknown[]): Event[] {
  const events = plain(history) as Event[]
  const names = new Map(
    events
      .filter(({ SubType, Name }) => SubType === 'WaitForCallback' && Name !== undefined)
      .map(({ Id, Name }) => [Id, Name]),
  )
  return events.map((event) =>
    event['Name'] === undefined && names.has(event['ParentId'])
      ? { ...event, Name: names.get(event['ParentId']) }
      : event,
  )
}

/** Whether the execution that an event belongs to is over with it. */
export function isEnd({ EventType }: Event): boolean {
  return /^Execution(Succeeded|Failed|TimedOut|Stopped)$/.test(String(EventType))
}
