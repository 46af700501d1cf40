import type { Event } from '@aws-sdk/client-lambda'
import type { Sdk } from './stage.ts'

/** An event without what differs from one execution to the next: ids, tokens and times. */
export interface NormalEvent {
  readonly type: string
  readonly name?: string | undefined
  readonly subType?: string | undefined
  /** The operations around it, outermost first, by name or sub-type. */
  readonly within?: string
  readonly details?: Readonly<Record<string, unknown>>
}

const times = new Set(['ScheduledEndTimestamp', 'StartTimestamp', 'EndTimestamp'])
const ids = new Set(['CallbackId', 'DurableExecutionArn', 'RequestId'])
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/** What a history says, so that it can be compared with that of another execution. */
export function normal(events: readonly Event[], sdk: Sdk): NormalEvent[] {
  const places = new Map<string, { readonly label: string; readonly parent: string | undefined }>()
  for (const { Id, Name, SubType, ParentId } of events) {
    if (Id === undefined || places.has(Id)) continue
    places.set(Id, { label: Name ?? SubType ?? Id, parent: ParentId })
  }
  return events.map((event) => {
    const { EventType = '?', Name, SubType, ParentId } = event
    const within = placeOf(ParentId)
    const details = cleaned((event as never)[`${EventType}Details`], sdk)
    return {
      type: EventType,
      ...(Name === undefined ? {} : { name: Name }),
      ...(SubType === undefined ? {} : { subType: SubType }),
      ...(within === '' ? {} : { within }),
      ...(details === undefined ? {} : { details: details as Record<string, unknown> }),
    }
  })

  function placeOf(id: string | undefined): string {
    if (id === undefined) return ''
    const place = places.get(id)
    return [placeOf(place?.parent), place?.label ?? '?'].filter((part) => part !== '').join(' > ')
  }
}

function cleaned(value: unknown, sdk: Sdk): unknown {
  if (typeof value === 'string') return texts(value, sdk)
  if (Array.isArray(value)) return value.map((item) => cleaned(item, sdk))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(
    ([key, member]) => !times.has(key) && member !== undefined,
  )
  return Object.fromEntries(
    kept.map(([key, member]) => [key, ids.has(key) ? 'an id' : cleaned(member, sdk)]),
  )
}

/** JSON is compared as what it says. */
function texts(text: string, sdk: Sdk): unknown {
  const neutral = text.replace(new RegExp(`\\b${sdk}\\b`, 'g'), 'SDK').replaceAll(uuid, 'an id')
  const stamped = neutral.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'a time')
  try {
    return { json: JSON.parse(stamped) as unknown }
  } catch {
    return stamped.length > 1000 ? `${stamped.slice(0, 20)}… (${stamped.length})` : stamped
  }
}
