import type { ErrorRecord } from '../../kernel/error-record.ts'
import type { HistoryEvent } from '../../service/history.ts'
import { isPlain, type Plain } from '../../testing/history/pages.ts'
import { misfit } from '../../testing/history/refusal.ts'
import { timeIn } from '../../testing/history/times.ts'

/** What the details of an event may hold, whatever its type. */
export interface AnyDetails {
  readonly Input?: { readonly Payload?: string; readonly Truncated?: boolean }
  readonly Result?: { readonly Payload?: string; readonly Truncated?: boolean }
  readonly Error?: { readonly Payload?: ErrorRecord; readonly Truncated?: boolean }
  readonly ExecutionTimeout?: number
  readonly RequestId?: string
  readonly StartTimestamp?: unknown
  readonly EndTimestamp?: unknown
  readonly RetryDetails?: {
    readonly CurrentAttempt?: number
    readonly NextAttemptDelaySeconds?: number
  }
}

/**
 * Events as somebody's client or file has them, in the order of their ids, each once, with times as
 * `Date`s and without what is null. A history that was cut is taken as far as it goes.
 */
export function eventsOf(found: readonly Plain[]): HistoryEvent[] {
  const byId = new Map<number, HistoryEvent>()
  for (const event of found) {
    const { EventId: id, EventType: type } = event
    if (typeof id !== 'number') throw misfit('`EventId` of an event', 'a number', id)
    if (typeof type !== 'string') throw misfit(`\`EventType\` of event ${id}`, 'text', type)
    byId.set(id, tidied(event, id) as unknown as HistoryEvent)
  }
  return [...byId.values()].sort((one, other) => one.EventId - other.EventId)
}

export function detailsOf(event: HistoryEvent): AnyDetails {
  const members = event as unknown as Readonly<Record<string, AnyDetails | undefined>>
  return members[`${event.EventType}Details`] ?? {}
}

/** A time as the API or a file has it, in milliseconds since 1970; nothing where there is none. */
export function timeOf(value: unknown): number | undefined {
  return value == null ? undefined : timeIn(value, 'a time of the execution')
}

/** No payload has other members than text, save for those of errors, which are left as they are. */
function tidied(members: Plain, id: number): Plain {
  const kept: Record<string, unknown> = {}
  for (const [member, value] of Object.entries(members)) {
    if (value == null) continue
    if (member.endsWith('Timestamp')) {
      kept[member] = new Date(timeIn(value, `\`${member}\` of event ${id}`))
    } else if (member === 'NextAttemptDelaySeconds' && value === 0) continue
    else kept[member] = isPlain(value) && member !== 'Payload' ? tidied(value, id) : value
  }
  return kept
}
