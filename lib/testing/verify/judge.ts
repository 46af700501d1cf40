import type { OperationRecord } from '../../journal/record.ts'
import type { Answer } from '../../lambda/envelope.ts'
import type { MadeOf } from '../../lambda/made-of.ts'
import type { Order } from '../../lambda/order.ts'
import type { History, RecordedEnd } from '../history/read-history.ts'
import { deepen } from './deepen.ts'
import { buildOf, changes, divergence } from './differ.ts'
import type { Difference, GateAnswer } from './differences.ts'
import { gatesIn } from './gates.ts'
import { orderOf } from './order.ts'
import { areAlike, meanSame, shownError, shownPayload } from './payloads.ts'
import { walk, type Walked } from './walk.ts'

/**
 * What new code makes of a recorded execution. `identical`: the same, and it ends the same or waits at
 * the same place. `compatible`: it goes on past the recorded end, where nothing speaks against it.
 * `result-differs`: the same operations, another argument, result or error. `diverges`: other operations.
 * `unreadable`: the history is no whole one.
 */
export type Verdict = 'identical' | 'compatible' | 'result-differs' | 'diverges' | 'unreadable'

export interface Judged {
  readonly verdict: Verdict
  /** In the order in which the code comes to them; the first is what to look at. */
  readonly differences: readonly Difference[]
  /** What the code asks for past the records, in words: `4 step "ship"`. */
  readonly fresh: readonly string[]
  readonly gates: readonly GateAnswer[]
  readonly notes: readonly string[]
}

/** Replays one history. Nothing is sent, and no body is run. */
export async function judge(history: History, made: MadeOf): Promise<Judged> {
  const order = orderOf(made, history)
  const { walked, left, within } = await walkAll(order, history)
  const fresh = [...within, ...walked.fresh]
  const found = await differencesIn(walked, history, order)
  const differences =
    found.length === 0 ? [] : await withLines(found, walked, order, deepen(history, left).records)
  return {
    verdict: verdictOf(walked, found, fresh, history),
    differences,
    fresh,
    gates: gatesIn(walked),
    notes: notesOn(walked, history),
  }
}

interface Whole {
  readonly walked: Walked
  /** Contexts that are passed over after all. */
  readonly left: ReadonlySet<string>
  /** What the code asks for past the end of those. */
  readonly within: readonly string[]
}

/**
 * Walks with every ended context entered. Where the code asks for more than was recorded in one that no
 * replay had to enter, that is no divergence: it is noted, and the context passed over.
 */
async function walkAll(order: Order, history: History): Promise<Whole> {
  const left = new Set<string>()
  const within: string[] = []
  for (;;) {
    const { records: entered, optional } = deepen(history, left)
    const walked = await walk(order, entered)
    const id = walked.stop?.id
    if (id === undefined || walked.journal.has(id)) return { walked, left, within }
    const context = closedAround(id, walked)
    if (context === undefined || !optional.has(context)) return { walked, left, within }
    left.add(context)
    const { code = '' } = divergence(walked) ?? {}
    within.push(`${id} ${code}`)
  }
}

/** The nearest context around a place that is on record as ended. */
function closedAround(id: string, { journal }: Walked): string | undefined {
  for (let at = id.lastIndexOf('-'); at > 0; at = id.lastIndexOf('-', at - 1)) {
    const record = journal.get(id.slice(0, at))
    if (record?.Type === 'CONTEXT' && record.Status !== 'STARTED') return record.Id
  }
  return undefined
}

async function differencesIn(
  walked: Walked,
  history: History,
  order: Order,
): Promise<readonly Difference[]> {
  const records = new Map(history.records.map((record) => [record.Id, record]))
  const differences = await changes(walked, history, records, order)
  const parted = divergence(walked)
  if (parted) return parted.kind === 'operation' ? [parted] : [...differences, parted]
  const end = await otherEnd(walked, history, order)
  return end ? [...differences, end] : differences
}

/** How the code ends otherwise than on record; nothing where it ends alike, or no end is on record. */
async function otherEnd(
  { answer, stop, waitsFor, fresh }: Walked,
  { end }: History,
  order: Order,
): Promise<Difference | undefined> {
  const journal = end === undefined ? 'still running' : shownEnd(end)
  const differs = (what: string, code: string): Difference => {
    return { kind: 'end', what, journal, code, around: [], notes: [] }
  }
  if (!isOwnEnd(end)) {
    // What the engine refuses is no way to go on.
    return stop && answer ? differs('the end', shownAnswer(answer)) : undefined
  }
  if (answer === undefined) {
    if (fresh.length > 0) return undefined
    return differs('the end', `waits for ${waitsFor.join(', ') || 'a body to be done'}`)
  }
  if (answer.Status === 'FAILED') {
    const isSame = end.status === 'FAILED' && areAlike(end.error ?? {}, answer.Error)
    return isSame ? undefined : differs('error', shownAnswer(answer))
  }
  if (answer.Status === 'PENDING') return undefined
  const context = {
    operationId: 'result',
    executionArn: order.envelope.DurableExecutionArn,
  }
  const { serdes } = order.settings
  const isSame =
    end.status === 'SUCCEEDED' && (await meanSame(end.result, answer.Result, serdes, context))
  return isSame ? undefined : differs('result', shownAnswer(answer))
}

/** Errors of the service's own, by which an execution ends whatever its code would have done next. */
const serviceErrors =
  /^(Runtime|Sandbox|Function|Lambda|Extension|InvalidOutput)\.|^CheckpointError$/

/** Whether it was the code that ended the execution, and not somebody or something around it. */
function isOwnEnd(end: RecordedEnd | undefined): end is RecordedEnd {
  if (end?.status === 'SUCCEEDED') return true
  return end?.status === 'FAILED' && !serviceErrors.test(end.error?.ErrorType ?? '')
}

function verdictOf(
  { answer }: Walked,
  differences: readonly Difference[],
  fresh: readonly string[],
  { end }: History,
): Verdict {
  if (differences.some(({ kind }) => kind === 'operation')) return 'diverges'
  if (differences.length > 0) return 'result-differs'
  const endsLater = answer !== undefined && !isOwnEnd(end)
  return fresh.length > 0 || endsLater ? 'compatible' : 'identical'
}

/** The differences with the lines at which they show. */
async function withLines(
  differences: readonly Difference[],
  walked: Walked,
  order: Order,
  records: readonly OperationRecord[],
): Promise<readonly Difference[]> {
  const builds = differences.map((difference) => buildOf(difference, walked))
  const { lines } = await walk(
    order,
    records,
    new Set(builds.filter((build) => build !== undefined)),
  )
  return differences.map((difference, index) => {
    const line = lines.get(builds[index] ?? -1)
    return line === undefined ? difference : { ...difference, line }
  })
}

function notesOn({ unnumbered, warnings }: Walked, { executionArn }: History): string[] {
  const draws = unnumbered.some(({ kind }) => kind === 'uuid' || kind === 'random')
  if (!draws || executionArn !== undefined) return [...warnings]
  return [
    ...warnings,
    'The workflow draws uuid() or random(), which depend on the ARN of the execution, and the history ' +
      'does not tell it: put what get-durable-execution answers beside the events.',
  ]
}

function shownEnd({ status, result, error }: RecordedEnd): string {
  if (status === 'SUCCEEDED') return `returned ${shownPayload(result)}`
  return `${status} ${error ? shownError(error) : ''}`.trim()
}

function shownAnswer(answer: Answer): string {
  if (answer.Status === 'FAILED') return `FAILED ${shownError(answer.Error)}`
  return answer.Status === 'SUCCEEDED' ? `returned ${shownPayload(answer.Result)}` : 'waits'
}
