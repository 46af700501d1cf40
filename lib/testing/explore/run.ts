import type { DurableService } from '../../checkpoint/port.ts'
import type { Observer } from '../../driver/observer.ts'
import { describeOperation } from '../../driver/words.ts'
import { silent } from '../../driver/workflow-log.ts'
import { nextTurn, sleep, systemClock } from '../../kernel/clock.ts'
import type { ErrorRecord } from '../../kernel/error-record.ts'
import { lenientJson } from '../../kernel/serdes.ts'
import type { InvocationRequest } from '../../service/invoker.ts'
import type { Due } from '../../service/scheduler.ts'
import type { StoredExecution } from '../../service/store.ts'
import { Embedded } from '../embedded.ts'
import type { Handler, InProcessInvocation, Onlooker } from '../in-process-invocation.ts'
import { countedRandom, type CountedRandom } from './counted-random.ts'
import { HandClock } from './hand-clock.ts'
import { Outside } from './outside.ts'
import type { Place } from './points.ts'
import { Callees, locationOf } from '../runner/callees.ts'
import type { Unused } from '../runner/result.ts'
import { calleeOf } from '../runner/subject.ts'
import type { ScenarioFunction } from '../scenario.ts'
import type { Subject } from './subject.ts'
import { WatchedStore } from './watched-store.ts'

// Runs one execution on the embedded service. Time is moved by hand, so that nothing but what the
// subject does decides how it goes; only while a body really waits does time pass as outside.

/** Where a run may begin: what the service had on record at some moment, and when that was. */
export interface Moment {
  readonly executions: readonly StoredExecution[]
  readonly now: number
  readonly drawn: number
}

/** How an execution ended, as far as anybody outside can see. */
export interface Outcome {
  /** RUNNING where nothing could move it any further. */
  readonly status: StoredExecution['progress']['status']
  readonly result: unknown
  readonly error: ErrorRecord | undefined
}

/** What a run hands to those who look on or interfere. */
export interface Scene {
  readonly clock: HandClock
  readonly store: WatchedStore
  moment(): Moment
}

/** Who looks on, and may interfere. */
export interface Company {
  /** Stands between the engine and the service. */
  readonly between?: (service: DurableService, invocation: InvocationRequest) => DurableService
  readonly observe?: (invocation: InProcessInvocation) => Observer
  /** Decides when an end is heard: of a body, a plain function, a callback, or what time brings. */
  readonly deliver?: (what: Place, go: () => void) => void
  /** Stands around the subject's own handler. */
  readonly around?: (handler: Handler) => Handler
  /** Is asked, when nothing goes on by itself, whether it has made something happen. */
  readonly whenQuiet?: () => boolean
}

export interface Finished {
  readonly outcome: Outcome
  readonly execution: StoredExecution
  readonly unused: Pick<Unused, 'callbacks' | 'functions'>
}

/** Turns of the event loop without a change, after which nothing is going on. */
const quietTurns = 3

const ends: Readonly<Record<Due['kind'], string>> = {
  wait: '',
  retry: 'the next attempt of ',
  callback: 'the time-out of ',
  heartbeat: 'the missing heartbeat of ',
}

export class Run implements Scene {
  readonly clock: HandClock
  readonly store: WatchedStore
  readonly random: CountedRandom
  readonly embedded: Embedded
  readonly #subject: Subject
  readonly #company: Company
  readonly #outside: Outside
  readonly #callees: Callees
  readonly #begins: Moment | undefined
  #arn: string | undefined

  constructor(subject: Subject, company: Company, begins?: Moment) {
    this.#subject = subject
    this.#company = company
    this.#begins = begins
    this.clock = new HandClock(begins?.now)
    this.random = countedRandom(begins?.drawn)
    const executions = begins?.executions ?? []
    this.store = new WatchedStore(executions, (changes) => {
      this.clock.noteChange()
      for (const { arn, operations } of changes) this.#outside.see(arn, operations)
    })
    this.embedded = new Embedded({
      ...locationOf(Object.keys(subject.functions)),
      clock: this.clock,
      random: this.random,
      store: this.store,
      between: (service, request) => this.#between(service, request),
      observe: (invocation) => this.#observe(invocation),
      ...(company.deliver ? { whenDue: (due, go) => void this.#happen(due, go) } : {}),
      onEnd: (request) => void this.#callees.note(request),
    })
    this.#outside = new Outside({
      clock: this.clock,
      answers: subject.callbacks,
      service: () => this.embedded.service,
      deliver: (what, send) => (company.deliver ? company.deliver(what, send) : send()),
    })
    this.embedded.register(subject.name, company.around?.(subject.handler) ?? subject.handler)
    this.#callees = this.#registerFunctions()
  }

  moment(): Moment {
    return { executions: this.store.copy(), now: this.clock.now(), drawn: this.random.drawn }
  }

  async run(): Promise<Finished> {
    const { name, input, serdes } = this.#subject
    if (this.#begins) {
      this.#outside.seeAll(this.#begins.executions)
      this.#arn = this.#begins.executions[0]?.facts.arn
      this.embedded.service.resume()
    } else {
      const { DurableExecutionArn } = await this.embedded.service.invoke({
        FunctionName: name,
        Qualifier: '$LATEST',
        InvocationType: 'Event',
        Payload: serdes
          ? await serdes.serialize(input, { operationId: 'input', executionArn: '' })
          : JSON.stringify(input ?? null),
      })
      this.#arn = DurableExecutionArn
    }
    await this.#settle()
    const misuse = this.#subject.misuse()
    if (misuse) throw misuse
    const execution = this.#execution()
    const outcome = await outcomeOf(execution, serdes)
    const unused = { callbacks: this.#outside.unused, functions: this.#callees.unused }
    return { outcome, execution, unused }
  }

  #registerFunctions(): Callees {
    const { functions, handlerOf } = this.#subject
    const { deliver } = this.#company
    const delivered = Object.entries(functions).map(([name, one]): [string, ScenarioFunction] => {
      const callee = calleeOf(name, one)
      if ('durable' in callee || !deliver) return [name, callee]
      const what = { id: '', words: `function ${JSON.stringify(name)}` }
      const plain = async (input: never) => {
        const answer = await callee.plain(input)
        await new Promise<void>((resolve) => void deliver(what, resolve))
        return answer
      }
      return [name, { plain }]
    })
    return new Callees(Object.fromEntries(delivered), this.embedded, handlerOf)
  }

  /** Lets things happen until the execution has ended, or nothing is left that could happen. */
  async #settle(): Promise<void> {
    let seen = -1
    for (let quiet = 0; this.#execution().progress.status === 'RUNNING';) {
      await new Promise<void>(nextTurn)
      quiet = this.clock.changes === seen ? quiet + 1 : 0
      seen = this.clock.changes
      if (quiet < quietTurns) continue
      if (this.#company.whenQuiet?.() === true) quiet = 0
      else if (this.clock.isHeld) await this.#letTimePass()
      else if (this.clock.next() === undefined) return
    }
  }

  /** A body that waits for something real takes the time that it takes. */
  async #letTimePass(): Promise<void> {
    const before = systemClock.now()
    await sleep(systemClock, 1)
    this.clock.advance(systemClock.now() - before)
  }

  #observe(invocation: InProcessInvocation): Onlooker {
    const { observe, deliver } = this.#company
    if (!this.#isOfSubject(invocation.request)) return { observer: {}, log: silent }
    return {
      log: silent,
      standIn: this.#subject.standIn,
      observer: observe?.(invocation) ?? {},
      ...(deliver ? { deliver: ({ id, words }, go) => void deliver({ id, words }, go) } : {}),
    }
  }

  #between(service: DurableService, request: InvocationRequest): DurableService {
    const { between } = this.#company
    return between && this.#isOfSubject(request) ? between(service, request) : service
  }

  /** Each takes its millisecond, so that records tell in which order they came. */
  #happen({ kind, record }: Due, go: () => void): void {
    const { Id: id, Type: type, SubType: subType } = record
    const name = record.Type === 'CALLBACK' ? this.#outside.nameOf(record) : record.Name
    const words = `${ends[kind]}${describeOperation({ type, subType }, name)}`
    this.#company.deliver?.({ id, words }, () => {
      this.clock.advance(1)
      go()
    })
  }

  #isOfSubject({ functionName }: InvocationRequest): boolean {
    return functionName === this.#subject.name
  }

  #execution(): StoredExecution {
    for (const stored of this.store.load()) if (stored.facts.arn === this.#arn) return stored
    throw new Error(`Nothing is stored of ${this.#arn ?? 'the execution'}.`)
  }
}

async function outcomeOf(
  { facts, progress: { status, result, error } }: StoredExecution,
  serdes: Subject['serdes'],
): Promise<Outcome> {
  const context = { operationId: 'result', executionArn: facts.arn }
  const value: unknown =
    result === undefined || result === ''
      ? undefined
      : await (serdes ?? lenientJson).deserialize(result, context)
  // Stack traces and places in a message are not what an execution is judged by.
  return { status, result: value, error: error && withoutStack(error) }
}

function withoutStack({ StackTrace: _stack, ...error }: ErrorRecord): ErrorRecord {
  return error
}
