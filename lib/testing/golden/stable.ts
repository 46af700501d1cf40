import { toEpochMilliseconds } from '../../journal/time.ts'
import type { HistoryEvent } from '../../service/history.ts'

export interface StableOptions {
  /** What else in texts is another one every time: each match becomes `<redacted>`. */
  readonly redact?: readonly RegExp[]
  /** Events by the operation that they are about, where what runs at once ends in any order. */
  readonly order?: 'as-it-happened' | 'by-operation'
}

/** Members that are another every time, and whose names say all there is to keep. */
const dropped = new Set([
  'EventId',
  'EventTimestamp',
  'StartTimestamp',
  'EndTimestamp',
  'ScheduledEndTimestamp',
  'StackTrace',
  'RequestId',
])

const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi
const arn = /\barn:aws[a-z-]*:lambda:[^"\s\\]+?\/durable-execution\/[\w-]+\/[\w-]+/g
const isoTime = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)/g
const epochTime = /\b\d{13}\b/g

/**
 * A history without what is another one every time: ids of executions, requests and callbacks become
 * their number in order of appearance, in payloads too; times are left out, or become `<time>`.
 */
export function stable(events: readonly HistoryEvent[], options: StableOptions = {}): object[] {
  const { redact = [], order = 'as-it-happened' } = options
  const names = namesIn(events)
  const times = events.map(({ EventTimestamp }) => toEpochMilliseconds(EventTimestamp) ?? NaN)
  const [from, to] = [Math.min(...times), Math.max(...times)]
  const isWithin = (time: number) => time >= from && time <= to
  const plain = (text: string): string => {
    // ARNs first: they hold the ids of executions.
    let shown = text.replace(arn, (found) => names.of('arn', found))
    for (const [found, name] of names.known) shown = shown.replaceAll(found, name)
    shown = shown
      .replace(uuid, (found) => names.of('uuid', found))
      .replace(isoTime, (found) => (isWithin(Date.parse(found)) ? '<time>' : found))
      .replace(epochTime, (found) => (isWithin(Number(found)) ? '<time>' : found))
    for (const one of redact) shown = shown.replace(one, '<redacted>')
    return shown
  }
  const kept = events.map((event) => stableValue(event, plain) as HistoryEvent)
  return order === 'by-operation' ? byOperation(kept) : kept
}

interface Names {
  /** Ids that the events name outright, longest first: one may hold another. */
  readonly known: readonly (readonly [string, string])[]
  of(kind: string, id: string): string
}

function namesIn(events: readonly HistoryEvent[]): Names {
  const numbers = new Map<string, string>()
  const counts = new Map<string, number>()
  const of = (kind: string, id: string): string => {
    const known = numbers.get(id)
    if (known !== undefined) return known
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    const name = `<${kind} ${count}>`
    numbers.set(id, name)
    return name
  }
  for (const { EventType, Id, CallbackStartedDetails, ChainedInvokeStartedDetails } of events) {
    if (EventType === 'ExecutionStarted' && Id) of('execution', Id)
    if (CallbackStartedDetails) of('callback', CallbackStartedDetails.CallbackId)
    const callee = ChainedInvokeStartedDetails?.DurableExecutionArn
    if (callee) of('callee', callee)
  }
  const known = [...numbers].sort(([one], [other]) => other.length - one.length)
  return { known, of }
}

function stableValue(value: unknown, plain: (text: string) => string): unknown {
  if (typeof value === 'string') return plain(value)
  if (Array.isArray(value)) return value.map((one) => stableValue(one, plain))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([member, one]) => !dropped.has(member) && one !== undefined)
      .map(([member, one]) => [member, stableValue(one, plain)]),
  )
}

/** The events of each operation together; the ends of the invocations and of the execution last. */
function byOperation(events: readonly HistoryEvent[]): HistoryEvent[] {
  const keyOf = ({ Id, EventType }: HistoryEvent): string => {
    if (EventType === 'ExecutionStarted') return ''
    if (EventType === 'InvocationCompleted') return '~'
    return EventType.startsWith('Execution') ? '~~' : (Id ?? '')
  }
  return [...events].sort((one, other) => {
    const [key, otherKey] = [keyOf(one), keyOf(other)]
    return key === otherKey ? 0 : key < otherKey ? -1 : 1
  })
}
