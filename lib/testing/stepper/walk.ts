import { Checker } from '../../driver/checking/checker.ts'
import type { Environment } from '../../driver/environment.ts'
import { Machine } from '../../driver/machine.ts'
import type { Observer, Standing } from '../../driver/observer.ts'
import type { Job } from '../../driver/parking.ts'
import type { Position } from '../../driver/position.ts'
import { retrace } from '../../driver/retrace.ts'
import { Journal } from '../../journal/journal.ts'
import {
  isSettled,
  type OperationRecord,
  type StepRecord,
  type WaitRecord,
} from '../../journal/record.ts'
import { toEpochMilliseconds } from '../../journal/time.ts'
import { toMilliseconds } from '../../kernel/duration.ts'
import type { Log, LogLevel } from '../../kernel/logger.ts'
import { failed, succeeded } from '../../kernel/settled.ts'
import { CallbackResultOperation } from '../../operations/callback.ts'
import type { Descriptor } from '../../operations/operation.ts'
import type { WorkflowContext } from '../../operations/workflow.ts'
import {
  attemptTimeout,
  callbackDue,
  dueOf,
  settlementOf,
  type Answer,
  type AnswerOptions,
} from './answers.ts'
import { Encounters, type Sight } from './encounters.ts'
import { asyncSerdes, StepperError } from './misuse.ts'
import { outcomeOf, type Outcome } from './outcome.ts'
import { isWithin } from './past.ts'
import { environmentOf, readInput, type Setting } from './setting.ts'
import { startOf, SteppedService } from './stepped-service.ts'
import { answeredEntry, type StepperEntry } from './story.ts'
import { isMadeOfOthers, wholeUpdate } from './wholes.ts'

// One walk of a workflow: a machine, and around it, as plain data, what the service and the world
// would be to it.
//
//   W1. Nothing happens by itself: the machine goes on only when an answer is given, and then as far
//       as it can.
//   W2. Time is a number that answers move. What is due before an answer comes, happens before it.
//   W3. The same answers on the same records make the same walk, times included.

/** An operation whose answer a walk found on record. */
export interface Recorded {
  readonly id: string
  /** How much had been told before. */
  readonly storyLength: number
}

/** How long an answer takes if nobody says otherwise, in milliseconds. */
const aMoment = 1

export class Walk {
  /** What the records given had answers for, in the order in which the walk came by. */
  readonly recorded: Recorded[] = []
  readonly story: StepperEntry[] = []
  outcome: Outcome = { status: 'running' }
  readonly #setting: Setting
  readonly #service: SteppedService
  readonly #journal: Journal
  readonly #env: Environment
  readonly #machine: Machine
  readonly #encounters = new Encounters()
  readonly #jobs = new Map<string, Job>()
  readonly #wholes: ReadonlySet<string>
  #isOnBase = true

  /** What is in `wholes`, by id, is answered as a whole, and not entered. */
  constructor(
    setting: Setting,
    base: readonly OperationRecord[],
    wholes: ReadonlySet<string> = new Set(),
  ) {
    this.#wholes = wholes
    this.#setting = setting
    this.#service = new SteppedService(base, setting.startedAt, setting.delays)
    this.#journal = new Journal([setting.execution, ...base])
    const unchecked = environmentOf(setting, {
      now: () => this.now,
      log: this.#log(),
      isReplaying: () => base.length > 0 && this.#machine.isReplaying,
      isAnsweredWhole: ({ id }) => wholes.has(id),
    })
    const checker = unchecked.determinism === 'check' ? new Checker(unchecked) : undefined
    this.#env = checker?.env ?? unchecked
    const observer: Observer = {
      met: (operation, position, standing) => {
        this.#met(operation, position, standing)
      },
    }
    const start = (context: WorkflowContext) => this.#start(context, checker)
    this.#machine = new Machine(this.#journal, this.#env, checker?.observing(observer) ?? observer)
    this.#machine.start(checker?.workflow(start) ?? start(this.#env.context))
    this.#goOn()
    this.#isOnBase = false
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#service.now
  }

  get records(): OperationRecord[] {
    return this.#service.records
  }

  /** The ids of the operations that wait for something outside, in the order in which they began to. */
  get open(): string[] {
    if (this.outcome.status !== 'running') return []
    const waiting = this.#machine.reasons
      .map(({ id }) => id)
      .filter((id) => !isSettled(this.record(id)))
    return [...new Set([...this.#jobs.keys(), ...waiting])].sort((a, b) =>
      this.#encounters.compare(a, b),
    )
  }

  /** Callbacks that exist, may be answered, and are not waited for yet. */
  get early(): string[] {
    return this.records
      .filter(({ Type, Status }) => Type === 'CALLBACK' && Status === 'STARTED')
      .map(({ Id }) => Id)
      .filter((id) => !this.#encounters.isAwaited(id))
  }

  /** What is made of others, waits for some of them, and had none of them answered yet. */
  get untouched(): string[] {
    const answered = this.story.flatMap((entry) => (entry.what === 'answered' ? [entry.id] : []))
    const around = this.open.flatMap((id) => this.sight(id).contexts)
    return [...new Set(around.map(({ id }) => id))].filter((id) => {
      const operation = this.#encounters.get(id)
      if (operation === undefined || !isMadeOfOthers(operation)) return false
      return !answered.some((one) => isWithin(one, id))
    })
  }

  isOpen(id: string): boolean {
    return this.open.includes(id) || this.early.includes(id)
  }

  sight(id: string): Sight {
    const sight = this.#encounters.sight(id)
    if (sight === undefined) throw new StepperError('UNKNOWN_OPERATION', `Nothing is at ${id}.`)
    return sight
  }

  record(id: string): OperationRecord | undefined {
    return this.#service.get(id)
  }

  /** Whether the operation goes on by itself, when its time has come. */
  isTimer(id: string): boolean {
    return this.record(id)?.Type === 'WAIT'
  }

  /** Which attempt of a body is waited for, counted from 1; 1 for what has none. */
  attempt(id: string): number {
    return this.#service.attempt(id)
  }

  /** The lines on which operations were built, found out by walking once more. */
  lines(): ReadonlyMap<string, string> {
    return retrace(this.#journal, this.#env, (context) => this.#start(context)).lines
  }

  /** Lets the time of a wait, or of the delay before an attempt, pass. */
  pass(id: string): void {
    this.#passUntil(this.#service.dueOf(id) ?? this.now, id)
    this.#expect(id)
    this.#goOff(id)
  }

  /** Answers an operation that waits for it. Throws what the answer cannot be. */
  give(id: string, answer: Answer): void {
    const sight = this.sight(id)
    if (answer.how === 'succeed' && answer.options.met === true) checkPoll(sight)
    if (this.record(id)?.Status === 'PENDING') this.pass(id)
    const record = this.record(id)
    if (record?.Type === 'WAIT') return this.#answerWait(sight, answer)
    this.#passUntil(this.#timeOf(sight, record, answer), id)
    this.#expect(id)
    if (record?.Type !== 'CALLBACK' && record?.Type !== 'CHAINED_INVOKE') {
      return this.#answerJob(id, sight, answer)
    }
    const settlement = settlementOf(answer, sight, this.#setting)
    this.#tell(id, () => this.#service.settle(record, settlement))
  }

  #timeOf(sight: Sight, record: OperationRecord | undefined, answer: Answer): number {
    if (answer.how === 'timeout' && !isMadeOfOthers(sight.operation)) {
      const since = { now: this.now, startedAt: startOf(record) ?? this.now }
      return dueOf(sight, answer.options, since)
    }
    const { after } = answer.options as AnswerOptions
    return this.now + (after === undefined ? aMoment : toMilliseconds(after, 'after'))
  }

  #answerWait(sight: Sight, answer: Answer): void {
    const { id, words } = sight
    if (answer.how === 'fail') {
      throw new StepperError('CANNOT_FAIL', `${words} cannot fail: let it pass with next().`)
    }
    if (answer.how === 'timeout') this.#timeOf(sight, undefined, answer)
    else if (answer.value !== undefined) {
      throw new StepperError('CANNOT_ANSWER', `${words} hands nothing over: use next().`)
    }
    this.pass(id)
  }

  #answerJob(id: string, sight: Sight, answer: Answer): void {
    const job = this.#jobs.get(id) as Job
    if (this.#wholes.has(id)) return this.#answerWhole(job, sight, answer)
    this.#jobs.delete(id)
    const isLast = answer.how === 'succeed' ? answer.options.met : answer.options.retry !== true
    if (isLast === true) this.#service.finish(id)
    const outcome =
      answer.how === 'succeed'
        ? succeeded(answer.value)
        : failed(answer.how === 'fail' ? answer.error : attemptTimeout(sight, this.attempt(id)))
    this.#machine.settle(job, outcome)
    this.#report()
    this.#say(id)
    this.#goOn()
  }

  #answerWhole(job: Job, sight: Sight, answer: Answer): void {
    const { position } = job.work
    const made = this.#service.apply([wholeUpdate(answer, sight, position, this.#setting)])
    this.#jobs.delete(position.id)
    this.#machine.acknowledge(0, made)
    this.#machine.settle(job, succeeded(made[0]))
    this.#say(position.id)
    this.#goOn()
  }

  /** Throws where the time that had to pass has brought something else. */
  #expect(id: string): void {
    if (this.isOpen(id)) return
    const last = this.story.findLast((entry) => entry.what === 'answered')
    throw new StepperError(
      'OVERTAKEN',
      `Before that answer to ${this.sight(id).words} could come, ` +
        `${last ? `${last.words} had ended` : 'something else had happened'}, and nothing waits for it any longer.`,
    )
  }

  /** Time passes, and what is due before `time` happens in its order. */
  #passUntil(time: number, except: string): void {
    for (;;) {
      const next = this.#service.firstDue(time, except)
      if (next === undefined) break
      this.#service.advanceTo(this.#service.dueOf(next) ?? 0)
      this.#goOff(next)
    }
    this.#service.advanceTo(time)
  }

  #goOff(id: string): void {
    const record = this.record(id)
    if (record?.Type === 'CALLBACK') {
      const answer = { how: 'timeout', options: {} } as const
      const settlement = settlementOf(answer, this.sight(id), this.#setting)
      this.#tell(id, () => this.#service.settle(record, settlement))
    } else this.#tell(id, () => this.#service.elapse(record as WaitRecord | StepRecord))
  }

  /** The service changes a record and tells of it, and the machine goes on. */
  #tell(id: string, change: () => OperationRecord): void {
    const isHeeded = this.isOpen(id)
    const record = change()
    if (isHeeded && isSettled(record)) this.#say(id)
    this.#machine.acknowledge(0, [record])
    this.#goOn()
  }

  #goOn(): void {
    for (;;) {
      this.#machine.advance()
      for (const { work } of this.#machine.takeDropped()) this.#jobs.delete(work.position.id)
      if (this.#report()) continue
      const jobs = this.#machine.takeJobs()
      if (jobs.length === 0 && !this.#machine.canAdvance) break
      for (const job of jobs) this.#take(job)
    }
    const { ending } = this.#machine
    if (ending && this.outcome.status === 'running') this.#end(ending)
  }

  #take(job: Job): void {
    const { attempt, position } = job.work
    if (attempt === undefined) throw asyncSerdes(position.place)
    if (this.#wholes.has(position.id)) this.#service.apply([position.update('START')])
    if (this.#isSilent(position.id)) this.#machine.settle(job, succeeded(undefined))
    else this.#jobs.set(position.id, job)
  }

  /** Whether an operation is the submitter of a `waitForCallback`, which is not to be seen. */
  #isSilent(id: string): boolean {
    return this.#setting.submitters === 'succeed' && this.#encounters.isPartOfCallback(id)
  }

  /** Whether there was anything that the machine had to say. */
  #report(): boolean {
    const updates = this.#machine.takeUpdates()
    if (updates.length === 0) return false
    const changed = this.#service.apply(updates)
    for (const record of changed) this.#setCallbackDue(record)
    this.#machine.acknowledge(updates.length, changed)
    return true
  }

  /** Of a callback, only its operation knows when it is out of time. */
  #setCallbackDue(record: OperationRecord | undefined): void {
    if (record?.Type !== 'CALLBACK') return
    const { operation } = this.sight(record.Id)
    const due = callbackDue(operation, startOf(record) ?? this.now)
    if (due !== undefined) this.#service.setDue(record.Id, due)
  }

  #met(operation: Descriptor<unknown>, position: Position | undefined, standing: Standing): void {
    if (operation instanceof CallbackResultOperation) {
      const { operationId } = operation
      this.#encounters.awaits(operationId)
      return void this.#found(operationId)
    }
    if (position === undefined) return
    this.#encounters.note(operation, position, startOf(this.record(position.id)))
    if (operation.kind === 'callback') this.#setCallbackDue(this.record(position.id))
    else if (standing === 'answered' && !this.#isSilent(position.id)) this.#found(position.id)
  }

  #found(id: string): void {
    if (!this.#isOnBase || !isSettled(this.record(id))) return
    this.recorded.push({ id, storyLength: this.story.length })
    this.#say(id)
  }

  #say(id: string): void {
    const record = this.record(id)
    if (record === undefined) return
    const end = this.#isOnBase ? toEpochMilliseconds(record.EndTimestamp) : undefined
    const answered = this.#isOnBase ? 'record' : 'new'
    this.story.push(answeredEntry(this.sight(id), record, answered, end ?? this.now))
  }

  readonly #start = (context: WorkflowContext, checker?: Checker) => () => {
    const input = readInput(this.#setting)
    return this.#setting.workflow((checker?.handed(input) ?? input) as never, context)
  }

  #end(ending: NonNullable<Machine['ending']>): void {
    const machine = this.#machine
    const scene = { machine, journal: this.#journal, env: this.#env, start: this.#start }
    this.outcome = outcomeOf(ending, scene, this.#log())
    const { outcome } = this
    if (outcome.status === 'returned') this.story.push({ what: 'returned', value: outcome.value })
    else if (outcome.status !== 'running') {
      this.story.push({ what: outcome.status, error: outcome.error })
    }
  }

  #log(): Log {
    const at = (level: LogLevel) => (message: string) => {
      this.story.push({ what: 'said', level, message })
    }
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  }
}

function checkPoll({ words, operation }: Sight): void {
  if (operation.kind === 'condition') return
  throw new StepperError('CANNOT_ANSWER', `${words} is no poll: leave \`met\` out.`)
}
