import type { OperationRecord } from '../../journal/record.ts'
import { fold, type Asked, type Folded, type RecordedEnd } from './fold.ts'
import { isPlain, pagesOf, type Page, type Plain } from './pages.ts'
import { misfit, unreadable } from './refusal.ts'
import { timeIn } from './times.ts'

export type { Asked, RecordedEnd } from './fold.ts'

/** One recorded execution, read. Times are in milliseconds since 1970. */
export interface History {
  /** The latest record of each operation in the order of starts, the execution's own first. */
  readonly records: readonly OperationRecord[]
  /** The payload of the input, as text. */
  readonly input: string | undefined
  /** Absent while the execution runs, and where nothing is said of its end. */
  readonly end?: RecordedEnd
  /** Known from the event of an invocation, or from what GetDurableExecution answers. */
  readonly executionArn?: string
  /** What it was read from: `events` do not tell which contexts a replay enters, so all are marked. */
  readonly source: 'events' | 'state'
  /** What is on record of what operations asked for, by id; only events tell of it. */
  readonly asked: ReadonlyMap<string, Asked>
}

/**
 * Reads one execution from what GetDurableExecutionHistory or GetDurableExecutionState answered, or from
 * the event of an invocation: values or JSON text, several pages in an array or one after the other. What
 * GetDurableExecution answered may lie beside them; it adds the ARN and the end. Throws INVALID_ENVELOPE.
 */
export function readHistory(source: unknown): History {
  return historyOf(pagesOf(source))
}

/** Reads as many executions as there are in `source`: lines or arrays of what `readHistory` takes. */
export function splitHistories(source: unknown): Page[][] {
  const groups: Page[][] = []
  for (const page of pagesOf(source)) {
    const group = groups.at(-1)
    if (group !== undefined && belongs(page, group)) group.push(page)
    else groups.push([page])
  }
  return groups
}

export function historyOf(pages: readonly Page[]): History {
  const eventPages = pages.filter((page) => page.kind === 'events')
  const statePages = pages.filter((page) => page.kind === 'operations')
  const description = pages.find((page) => page.kind === 'description')?.description
  if (eventPages.length > 0 && statePages.length > 0) {
    throw unreadable(
      'The history mixes events with operations. Hand over one of them: the events, which tell more, ' +
        'or the state.',
    )
  }
  const { records, asked, end } =
    eventPages.length > 0 ? fold(eventsOf(eventPages)) : stateOf(statePages)
  const own = records.find((record) => record.Type === 'EXECUTION')
  if (own === undefined) throw withoutBeginning(eventPages.length > 0)
  const ordered = own === records[0] ? records : [own, ...records.filter((one) => one !== own)]
  const ended = end ?? endIn(description)
  const executionArn =
    description?.['DurableExecutionArn'] ??
    statePages.find((page) => page.executionArn)?.executionArn
  return {
    records: ordered,
    input: own.ExecutionDetails?.InputPayload,
    source: eventPages.length > 0 ? 'events' : 'state',
    asked,
    ...(ended === undefined ? {} : { end: ended }),
    ...(typeof executionArn === 'string' ? { executionArn } : {}),
  }
}

type EventPage = Page & { kind: 'events' }
type StatePage = Page & { kind: 'operations' }

/** All events, oldest first. Throws where some are missing. */
function eventsOf(pages: readonly EventPage[]): Plain[] {
  const byId = new Map<number, Plain>()
  let last = { id: 0, isOpen: false }
  for (const { events, marker } of pages) {
    const ids = events.map((event) => idOf(event))
    const isNewestFirst = (ids[0] ?? 0) > (ids.at(-1) ?? 0)
    const highest = ids.reduce((most, id) => Math.max(most, id), 0)
    if (highest >= last.id) last = { id: highest, isOpen: marker !== '' && !isNewestFirst }
    for (const [index, event] of events.entries()) byId.set(ids[index] as number, event)
  }
  if (last.isOpen) throw withoutEnd('Events')
  const events: Plain[] = []
  for (let id = 1; id <= last.id; id++) {
    const event = byId.get(id)
    if (event === undefined) {
      throw unreadable(
        `Event ${id} of ${last.id} is missing from the history. Read all pages, from the first to the ` +
          'one without a NextMarker, and hand them over in an array.',
      )
    }
    events.push(event)
  }
  return events
}

function idOf(event: Plain): number {
  const id = event['EventId']
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 1) {
    throw misfit('`EventId` of an event', 'a whole number from 1 up', id)
  }
  return id
}

function stateOf(pages: readonly StatePage[]): Folded {
  if (pages.at(-1)?.marker) throw withoutEnd('Operations')
  const records = new Map<string, OperationRecord>()
  for (const { operations } of pages) {
    for (const [index, one] of operations.entries()) {
      const record = recordOf(one, `operation ${index}`)
      records.set(record.Id, record)
    }
  }
  const list = [...records.values()]
  return { records: list, asked: new Map(), end: undefined }
}

const timeMembers = new Set([
  'StartTimestamp',
  'EndTimestamp',
  'NextAttemptTimestamp',
  'ScheduledEndTimestamp',
])

/** An operation as the API shows it, its times read and what is null left out. */
function recordOf(shown: Plain, where: string): OperationRecord {
  for (const member of ['Id', 'Type', 'Status']) {
    const found = shown[member]
    if (typeof found !== 'string' || found === '') {
      throw misfit(`\`${member}\` of ${where}`, 'text', found)
    }
  }
  const place = `operation ${String(shown['Id'])}`
  if (shown['StartTimestamp'] == null) {
    throw misfit(`\`StartTimestamp\` of ${place}`, 'a time', shown['StartTimestamp'])
  }
  return tidied(shown, place) as unknown as OperationRecord
}

function tidied(members: Plain, place: string): Plain {
  const kept: Record<string, unknown> = {}
  for (const [member, value] of Object.entries(members)) {
    if (value == null) continue
    if (timeMembers.has(member)) kept[member] = timeIn(value, `\`${member}\` of ${place}`)
    else kept[member] = member.endsWith('Details') && isPlain(value) ? tidied(value, place) : value
  }
  return kept
}

function endIn(description: Plain | undefined): RecordedEnd | undefined {
  const status = description?.['Status']
  if (typeof status !== 'string' || status === 'RUNNING') return undefined
  if (description?.['ExecutionDataIncluded'] === false) {
    throw unreadable(
      'What GetDurableExecution answered has no execution data. Ask again with ' +
        '`--include-execution-data`.',
    )
  }
  const { Result: result, Error: error } = description ?? {}
  return {
    status: status as RecordedEnd['status'],
    ...(typeof result === 'string' ? { result } : {}),
    ...(isPlain(error) ? { error: error } : {}),
  }
}

function withoutEnd(what: string): Error {
  return unreadable(
    `The last page of ${what} has a NextMarker, so there is more. Read all pages, each with the marker of ` +
      'the one before (`--starting-token` or `--marker`), and hand them over in an array.',
  )
}

function withoutBeginning(hasEvents: boolean): Error {
  return hasEvents
    ? unreadable('The history has no ExecutionStarted. Read it from its first page.')
    : unreadable(
        'The history has neither events nor an operation of type EXECUTION, which holds the input. ' +
          'Read all pages of the state, or take the event of the invocation.',
      )
}

/** Whether a page goes on with the execution that the pages before it are about. */
function belongs(page: Page, group: readonly Page[]): boolean {
  if (page.kind === 'description') {
    return !group.some(({ kind }) => kind === 'description') && idIn(page) === idIn(...group)
  }
  if (group.every(({ kind }) => kind === 'description')) return true
  if (group.some(({ kind }) => kind !== 'description' && kind !== page.kind)) return false
  return beginningIn(page) === undefined || beginningIn(...group) === undefined
}

/** The id of the execution, where the pages say it. */
function idIn(...pages: readonly Page[]): string | undefined {
  for (const page of pages) {
    if (page.kind !== 'description') continue
    return /\/([^/]+)$/.exec(String(page.description['DurableExecutionArn']))?.[1]
  }
  return beginningIn(...pages)
}

function beginningIn(...pages: readonly Page[]): string | undefined {
  for (const page of pages) {
    if (page.kind === 'description') continue
    const own =
      page.kind === 'events'
        ? page.events.find(({ EventType }) => EventType === 'ExecutionStarted')
        : page.operations.find(({ Type }) => Type === 'EXECUTION')
    if (own !== undefined) return String(own['Id'])
  }
  return undefined
}
