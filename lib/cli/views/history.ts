import { wordsOf } from '../../testing/runner/words.ts'
import { pagesOf } from '../../testing/history/pages.ts'
import type { HistoryEvent } from '../../service/history.ts'
import { History } from '../../testing/runner/history.ts'
import { detailsOf, eventsOf } from './events.ts'
import { columns, moment, oneLine, painter, span } from './text.ts'

/** One event, as `perdure history --json` prints it. */
export interface EventView {
  readonly id: number
  readonly type: string
  readonly at: string
  /** Milliseconds since the first event. */
  readonly sinceStart: number
  readonly operation?: { readonly id: string; readonly words: string }
  /** What it tells besides, in words: a payload, an error, a delay. */
  readonly details: string
}

/** The events of one execution, from what GetDurableExecutionHistory answered; oldest first. */
export function eventViews(source: unknown): EventView[] {
  const pages = pagesOf(source)
  const events = eventsOf(pages.flatMap((page) => (page.kind === 'events' ? page.events : [])))
  const history = new History()
  const first = events[0]?.EventTimestamp.getTime() ?? 0
  return events.map((event) => {
    const operation = history.add(event)
    return {
      id: event.EventId,
      type: event.EventType,
      at: event.EventTimestamp.toISOString(),
      sinceStart: event.EventTimestamp.getTime() - first,
      ...(operation ? { operation: { id: operation.id, words: wordsOf(operation) } } : {}),
      details: told(event),
    }
  })
}

/** Events for people, one a line. */
export function formatHistory(
  events: readonly EventView[],
  { isColoured = false }: { readonly isColoured?: boolean } = {},
): string[] {
  const paint = painter(isColoured)
  return columns(
    events.map(({ id, type, at, sinceStart, operation, details }) => [
      paint('gray', String(id).padStart(String(events.at(-1)?.id ?? 0).length)),
      paint('gray', moment(at)),
      `+${span(sinceStart)}`,
      paint(colourOf(type), type),
      operation ? `${oneLine(operation.words, 60)} ${paint('gray', `(${operation.id})`)}` : '',
      oneLine(details, 100),
    ]),
  )
}

function colourOf(type: string): 'red' | 'green' | 'cyan' | 'gray' {
  if (type === 'InvocationCompleted') return 'gray'
  if (/(Failed|TimedOut|Stopped)$/.test(type)) return 'red'
  return type.endsWith('Succeeded') ? 'green' : 'cyan'
}

function told(event: HistoryEvent): string {
  const details: Readonly<Record<string, unknown>> & ReturnType<typeof detailsOf> = {
    ...detailsOf(event),
  }
  const { Input, Result, Error, RetryDetails } = details
  const { CurrentAttempt: attempt, NextAttemptDelaySeconds: delay } = RetryDetails ?? {}
  const { ErrorType: type, ErrorMessage: message = '' } = Error?.Payload ?? {}
  const at = (member: string) => details[member] as string | number | undefined
  const time = at('ScheduledEndTimestamp') as unknown as Date | undefined
  const duration = at('Duration')
  return [
    attempt !== undefined && attempt > 1 ? `attempt ${attempt}` : '',
    time === undefined ? '' : `until ${moment(time.toISOString())}`,
    time === undefined && duration !== undefined ? `after ${span(Number(duration) * 1000)}` : '',
    at('FunctionName') ?? '',
    at('DurableExecutionArn') ?? '',
    at('CallbackId') === undefined ? '' : `id ${String(at('CallbackId'))}`,
    at('Timeout') ? `times out after ${span(Number(at('Timeout')) * 1000)}` : '',
    Error?.Payload ? (type === undefined ? message : `${type}: ${message}`) : '',
    delay === undefined ? '' : `next in ${span(delay * 1000)}`,
    event.EventType === 'InvocationCompleted' ? took(details) : '',
    Input?.Payload ?? Result?.Payload ?? '',
  ]
    .filter((part) => part !== '')
    .join('  ')
}

function took({ StartTimestamp, EndTimestamp }: ReturnType<typeof detailsOf>): string {
  if (!(StartTimestamp instanceof Date) || !(EndTimestamp instanceof Date)) return ''
  return `took ${span(EndTimestamp.getTime() - StartTimestamp.getTime())}`
}
