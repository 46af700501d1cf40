import type { Checkpointer } from '../../checkpoint/checkpointer.ts'
import type { Known } from '../../driver/interpret.ts'
import type { Ending } from '../../driver/ending.ts'
import { builderLine, noteBuilder } from '../../driver/lines.ts'
import { Machine } from '../../driver/machine.ts'
import type { Position } from '../../driver/position.ts'
import { describeOperation } from '../../driver/words.ts'
import { Journal } from '../../journal/journal.ts'
import type { OperationRecord } from '../../journal/record.ts'
import type { OperationUpdate } from '../../journal/update.ts'
import { invalidOption, type PerdureError } from '../../kernel/errors.ts'
import type { Serdes } from '../../kernel/serdes.ts'
import { failed, isPromiseLike, succeeded } from '../../kernel/settled.ts'
import { failure, success } from '../../lambda/answers.ts'
import type { Answer } from '../../lambda/envelope.ts'
import { readInput } from '../../lambda/input.ts'
import type { Order } from '../../lambda/order.ts'
import { reportForgotten } from '../../lambda/reports.ts'
import { environmentOf } from '../../lambda/surroundings.ts'
import type { Descriptor } from '../../operations/operation.ts'
import type { Coroutine, Workflow, WorkflowContext } from '../../operations/workflow.ts'

/** What came of walking code against records. */
export interface Walked {
  /** What a handler would answer; nothing where the code waits. */
  readonly answer: Answer | undefined
  /** Set where the machine stopped the code. */
  readonly stop: (Ending & { how: 'stopped' }) | undefined
  readonly journal: Journal
  /** Operations met, in their order, by id. */
  readonly met: ReadonlyMap<string, Met>
  /** What was asked for past the records, in words. */
  readonly fresh: readonly string[]
  /** Ids of those, and of all else that was said. */
  readonly said: ReadonlySet<string>
  /** Operations that take no number: gates, draws. */
  readonly unnumbered: readonly Known[]
  /** What contexts that were entered again came to, by id. */
  readonly made: ReadonlyMap<string, string>
  /** What the code waits for, in words. */
  readonly waitsFor: readonly string[]
  /** Which build of the run, counted from 0, each operation met was, the one stopped at, and the last. */
  readonly builds: {
    readonly of: ReadonlyMap<string, number | undefined>
    readonly stoppedAt: number | undefined
    readonly last: number | undefined
  }
  /** Lines of the builds that they were asked of. */
  readonly lines: ReadonlyMap<number, string | undefined>
  /** What is wrong with the code, whatever the records: operations that it builds and never yields. */
  readonly warnings: readonly string[]
}

export interface Met {
  readonly operation: Known
  readonly position: Position
}

/**
 * Walks a workflow against records as an invocation would, but runs no body and sends nothing. Where an
 * operation was built is found out for those builds only that it is asked of: it takes its time.
 */
export async function walk(
  order: Order,
  records: readonly OperationRecord[],
  linesOf: ReadonlySet<number> = new Set(),
): Promise<Walked> {
  const journal = new Journal(records)
  const met = new Map<string, Met>()
  const unnumbered: Known[] = []
  const made = new Map<string, string>()
  const built = new Map<Descriptor<unknown>, number>()
  const builds = new Map<string, number | undefined>()
  const lines = new Map<number, string | undefined>()
  const updates: OperationUpdate[] = []
  let last: number | undefined
  const called = { gavePromise: false }
  const warnings: string[] = []

  const settings = { ...order.settings, serdes: overheard(order.settings.serdes, made) }
  const input = await readInput(order, journal)
  const env = environmentOf({ ...order, settings }, journal, () => machine.isReplaying)
  const machine = new Machine(journal, env, {
    built(operation) {
      if (linesOf.has(built.size)) lines.set(built.size, builderLine(noteBuilder(operation)))
      built.set(operation, built.size)
    },
    met(operation, position) {
      last = built.get(operation) ?? last
      if (position === undefined) return void unnumbered.push(operation as Known)
      met.set(position.id, { operation: operation as Known, position })
      builds.set(position.id, built.get(operation))
    },
  })
  const start = (context: WorkflowContext) => () => {
    const body: unknown = order.workflow((input.ok ? input.read() : undefined) as never, context)
    if (!isPromiseLike(body)) return body as ReturnType<Workflow>
    body.then(undefined, () => {})
    called.gavePromise = true
    return noBody()
  }
  if (input.ok) {
    machine.start(start(env.context))
    await advance(machine, updates)
  }
  if (called.gavePromise)
    throw noWorkflow('a function whose call gave a promise, as that of a wrapped handler does')

  const { ending } = machine
  const scene = { journal, env, start, machine }
  const answer = async (): Promise<Answer | undefined> => {
    if (!input.ok) return failure(order, input.error)
    if (ending === undefined) return undefined
    if (ending.how === 'stopped') return failure(order, ending.error)
    const forgotten = reportForgotten(scene, {
      ...order.log,
      warn: (message) => warnings.push(message),
    })
    if (forgotten) return failure(order, forgotten)
    return ending.how === 'threw' ? failure(order, ending.error) : successOf(order, ending.value)
  }
  const stop = ending?.how === 'stopped' ? ending : undefined
  const asked = updates.filter(({ Id }) => !journal.has(Id))
  return {
    answer: await answer(),
    stop,
    journal,
    met,
    unnumbered,
    made,
    fresh: [...new Map(asked.map((update) => [update.Id, wordsOf(update)])).values()],
    said: new Set(updates.map(({ Id }) => Id)),
    waitsFor: machine.reasons.map(({ id, words }) => `${id} ${words}`),
    builds: { of: builds, stoppedAt: stop?.at && built.get(stop.at), last },
    lines,
    warnings,
  }
}

/** An error for what is handed over as a workflow and is none. */
export function noWorkflow(found: unknown): PerdureError {
  const expected = 'a workflow (`function*`) or a handler made by driver.lambdaHandler'
  return invalidOption('workflow', expected, found)
}

function* noBody(): Coroutine<void> {
  // Nothing is to be walked.
}

/** As far as the records reach; a serdes may take its time. */
async function advance(machine: Machine, updates: OperationUpdate[]): Promise<void> {
  for (;;) {
    machine.advance()
    updates.push(...machine.takeUpdates())
    const readings = machine.takeJobs().filter(({ work }) => work.attempt === undefined)
    if (readings.length === 0) return
    for (const job of readings) {
      try {
        // A serdes that takes its time was called already, and is handed nothing.
        machine.settle(job, succeeded(await job.work.call(undefined as never)))
      } catch (error) {
        machine.settle(job, failed(error))
      }
    }
  }
}

/** The answer of a workflow that returned, also where it is too long to be answered with. */
async function successOf(order: Order, value: unknown): Promise<Answer> {
  let text: string | undefined
  const report = {
    add: ([update]: readonly OperationUpdate[]) => void (text = update?.Payload),
    flush: () => undefined,
  }
  const answer = await success(order, value, report as unknown as Checkpointer)
  return text === undefined ? answer : { Status: 'SUCCEEDED', Result: text }
}

/** The same serdes, with what it writes noted by the operation that it is for. */
function overheard(serdes: Order['settings']['serdes'], made: Map<string, string>) {
  const heard: Serdes<unknown> = {
    deserialize: (text, context) => serdes.deserialize(text, context) as unknown,
    serialize(value, context) {
      const text: unknown = serdes.serialize(value, context)
      const note = (done: unknown) => {
        if (typeof done === 'string') made.set(context.operationId, done)
        return done as string
      }
      return isPromiseLike(text) ? text.then(note) : note(text)
    },
  }
  return heard
}

function wordsOf({ Id, Type, SubType, Name }: OperationUpdate): string {
  return `${Id} ${describeOperation({ type: Type, subType: SubType }, Name)}`
}
