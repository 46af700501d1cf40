import type { ErrorRecord } from '../../kernel/error-record.ts'
import type { HistoryEvent } from '../../service/history.ts'
import { isPlain, pagesOf, type Plain } from '../../testing/history/pages.ts'
import {
  callbackName,
  History,
  isOpen,
  type HistoryEnd,
  type HistoryOperation,
} from '../../testing/runner/history.ts'
import { wordsOf } from '../../testing/runner/words.ts'
import { activityOf } from './activity.ts'
import { attemptsOf, type AttemptDraft } from './attempts.ts'
import { detailsOf, eventsOf, timeOf } from './events.ts'
import { shortened } from './text.ts'
import { totalsOf } from './totals.ts'
import type {
  CallbackView,
  ErrorView,
  ExecutionFacts,
  ExecutionView,
  InvocationView,
  InvokeView,
  OperationView,
} from './view.ts'

export interface ExecutionViewOptions {
  /** Milliseconds since 1970. */
  readonly now: number
  /** Characters that payloads and messages are cut to; 1,000 when left out. */
  readonly longest?: number
}

/**
 * One execution, made from what GetDurableExecution and GetDurableExecutionHistory answered: values or
 * JSON text, all pages, in any order, with execution data or without. Throws INVALID_ENVELOPE.
 */
export function executionView(source: unknown, options: ExecutionViewOptions): ExecutionView {
  const pages = pagesOf(source)
  const description: Plain = Object.assign(
    {},
    ...pages.map((page) => (page.kind === 'description' ? page.description : {})),
  ) as Plain
  const events = eventsOf(pages.flatMap((page) => (page.kind === 'events' ? page.events : [])))
  const history = new History()
  for (const event of events) history.add(event)
  const read: Read = {
    description,
    events,
    history,
    attempts: attemptsOf(events),
    ...settle(options),
  }
  const execution = factsOf(read)
  const isRunning = execution.status === 'RUNNING'
  const operations = treeOf(read, isRunning)
  const invocations = invocationsOf(read)
  const asOf = iso(options.now)
  const activity = isRunning
    ? activityOf({ events, operations, invocations, startedAt: execution.startedAt ?? asOf, asOf })
    : undefined
  return {
    execution,
    operations,
    invocations,
    ...(activity ? { activity } : {}),
    totals: totalsOf(events, history.operations),
    asOf,
  }
}

interface Read {
  readonly description: Plain
  readonly events: readonly HistoryEvent[]
  readonly history: History
  readonly attempts: ReadonlyMap<string, readonly AttemptDraft[]>
  readonly now: number
  readonly short: (text: string) => string
}

function settle({ now, longest = 1000 }: ExecutionViewOptions) {
  return { now, short: (text: string) => shortened(text, longest) }
}

function factsOf(read: Read): ExecutionFacts {
  const { description, events, history, now, short } = read
  const began = events.find(({ EventType }) => EventType === 'ExecutionStarted')
  const ending = events.findLast(
    ({ EventType }) => EventType.startsWith('Execution') && EventType !== 'ExecutionStarted',
  )
  const end: Partial<HistoryEnd> = history.end ?? {
    result: textIn(description['Result']),
    error: isPlain(description['Error']) ? description['Error'] : undefined,
  }
  const started = began?.EventTimestamp.getTime() ?? timeOf(description['StartTimestamp'])
  const ended = ending?.EventTimestamp.getTime() ?? timeOf(description['EndTimestamp'])
  const arn = textIn(description['DurableExecutionArn'])
  const durable = isPlain(description['DurableConfig']) ? description['DurableConfig'] : {}
  const timeout =
    numberIn(began && detailsOf(began).ExecutionTimeout) ?? numberIn(durable['ExecutionTimeout'])
  const input = (began && detailsOf(began).Input?.Payload) ?? textIn(description['InputPayload'])
  return known({
    arn,
    name: textIn(description['DurableExecutionName']) ?? nameIn(arn),
    function: functionIn(textIn(description['FunctionArn']) ?? arn),
    status: history.end?.status ?? textIn(description['Status']) ?? 'RUNNING',
    startedAt: started === undefined ? undefined : iso(started),
    endedAt: ended === undefined ? undefined : iso(ended),
    milliseconds: started === undefined ? undefined : (ended ?? now) - started,
    timeoutSeconds: timeout,
    timesOutAt: started === undefined || !timeout ? undefined : iso(started + timeout * 1000),
    retentionDays: numberIn(durable['RetentionPeriodInDays']),
    input: input === undefined ? undefined : short(input),
    result: end.result === undefined ? undefined : short(end.result),
    error: errorView(end.error, short),
  }) as unknown as ExecutionFacts
}

/** Children before those around them, so that no depth is too deep. */
function treeOf(read: Read, isRunning: boolean): OperationView[] {
  const { operations } = read.history
  const left = new Set<HistoryOperation>()
  for (const operation of operations) {
    if (!isOpen(operation)) continue
    const around = aroundOf(operation, read.history)
    if (!isRunning || around.some((one) => !isOpen(one) || left.has(one))) left.add(operation)
  }
  const made = new Map<HistoryOperation, OperationView>()
  for (const operation of operations.toReversed()) {
    const children = operation.children.map((child) => made.get(child) as OperationView)
    made.set(operation, operationView(operation, children, left.has(operation), read))
  }
  return operations
    .filter(({ parent }) => parent === undefined)
    .map((root) => made.get(root) as OperationView)
}

/**
 * What an operation lies in: its parent, and what its id says. A race, say, has no record before it is
 * decided, and those in it have the parent of the race; their ids begin with that of the race.
 */
function aroundOf({ id, parent }: HistoryOperation, history: History): HistoryOperation[] {
  const around = parent === undefined ? [] : [parent]
  for (let end = id.lastIndexOf('-'); end > 0; end = id.lastIndexOf('-', end - 1)) {
    const outer = history.get(id.slice(0, end))
    if (outer === undefined) continue
    if (outer !== parent) around.push(outer)
    break
  }
  return around
}

function operationView(
  operation: HistoryOperation,
  children: readonly OperationView[],
  isLeft: boolean,
  { attempts, now, short }: Read,
): OperationView {
  const { id, name, type, subType, status, startedAt, endedAt, result, error, details } = operation
  const isStillOpen = isOpen(operation)
  const until = isStillOpen ? details.until : undefined
  const end = endedAt?.getTime() ?? (isStillOpen && !isLeft ? now : undefined)
  return known({
    id,
    name,
    words: shownWords(operation),
    type,
    subType,
    status,
    standing: isLeft ? 'left' : isStillOpen ? 'open' : 'over',
    startedAt: iso(startedAt.getTime()),
    endedAt: endedAt && iso(endedAt.getTime()),
    milliseconds: end === undefined ? undefined : end - startedAt.getTime(),
    dueAt: until && iso(until.getTime()),
    attempts: (attempts.get(id) ?? []).map((one) => attemptView(one, short)),
    result: result === undefined ? undefined : short(payloadIn(subType, result)),
    error: errorView(error, short),
    callback: type === 'CALLBACK' ? callbackView(operation) : undefined,
    invoke: type === 'CHAINED_INVOKE' ? invokeView(operation, short) : undefined,
    children,
  }) as unknown as OperationView
}

/** In words; the step in a `waitForCallback`, which has no name, is the submitter of that. */
function shownWords(operation: HistoryOperation): string {
  const { type, name, parent } = operation
  const isSubmitter = type === 'STEP' && name === undefined && parent?.subType === 'WaitForCallback'
  if (!isSubmitter) return wordsOf(operation)
  return parent.name === undefined ? 'submitter' : `submitter of ${JSON.stringify(parent.name)}`
}

/** The context of a `waitForCallback` keeps what was sent as it came, written as a JSON string. */
function payloadIn(subType: string | undefined, result: string): string {
  if (subType !== 'WaitForCallback' || !result.startsWith('"')) return result
  try {
    return JSON.parse(result) as string
  } catch {
    return result
  }
}

function attemptView({ startedAt, endedAt, nextAt, error, ...rest }: AttemptDraft, short: Short) {
  return known({
    ...rest,
    startedAt: iso(startedAt),
    endedAt: endedAt === undefined ? undefined : iso(endedAt),
    milliseconds: endedAt === undefined ? undefined : endedAt - startedAt,
    nextAt: nextAt === undefined ? undefined : iso(nextAt),
    result: rest.result === undefined ? undefined : short(rest.result),
    error: errorView(error, short),
  }) as unknown as OperationView['attempts'][number]
}

function callbackView(operation: HistoryOperation): CallbackView {
  const { callbackId = '', timeoutSeconds, heartbeatSeconds } = operation.details
  return known({
    id: callbackId,
    name: callbackName(operation),
    timeoutSeconds: timeoutSeconds || undefined,
    timesOutAt: timeoutSeconds
      ? iso(operation.startedAt.getTime() + timeoutSeconds * 1000)
      : undefined,
    heartbeatSeconds: heartbeatSeconds || undefined,
  }) as unknown as CallbackView
}

function invokeView({ details, name, id }: HistoryOperation, short: Short): InvokeView {
  const { functionName = name ?? id, input, executionArn } = details
  return known({
    functionName,
    input: input === undefined ? undefined : short(input),
    executionArn,
  }) as unknown as InvokeView
}

function invocationsOf({ events, short }: Read): InvocationView[] {
  return events
    .filter(({ EventType }) => EventType === 'InvocationCompleted')
    .map((event, index) => {
      const details = detailsOf(event)
      const ended = timeOf(details.EndTimestamp) ?? event.EventTimestamp.getTime()
      const started = timeOf(details.StartTimestamp) ?? ended
      return known({
        number: index + 1,
        requestId: details.RequestId,
        startedAt: iso(started),
        endedAt: iso(ended),
        milliseconds: ended - started,
        error:
          details.Error && (failureOf(details.Error.Payload, short) ?? { message: 'not shown' }),
      }) as unknown as InvocationView
    })
}

/** Without the request's id, by which Lambda begins it. */
function failureOf(record: ErrorRecord | undefined, short: Short): ErrorView | undefined {
  const { message = '', ...rest } = errorView(record, short) ?? {}
  return record && { ...rest, message: message.replace(/^RequestId: \S+ (Error: )?/, '') }
}

type Short = (text: string) => string

function errorView(record: ErrorRecord | undefined | null, short: Short): ErrorView | undefined {
  if (!record) return undefined
  const { ErrorType: type, ErrorMessage: message } = record
  return { ...(type ? { type: short(type) } : {}), message: short(message ?? '') }
}

/** The execution's name in its ARN. */
function nameIn(arn: string | undefined): string | undefined {
  return /\/durable-execution\/([^/]+)\//.exec(arn ?? '')?.[1]
}

/** Name and qualifier of the function in an ARN of it, or of an execution of it. */
function functionIn(arn: string | undefined): string | undefined {
  return /:function:([^/]+)/.exec(arn ?? '')?.[1]
}

function known(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
