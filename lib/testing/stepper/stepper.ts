import type { OperationRecord, OperationStatus } from '../../journal/record.ts'
import type { Descriptor } from '../../operations/operation.ts'
import type { Workflow } from '../../operations/workflow.ts'
import type { Answer, AnswerOptions, FailureOptions, TimeoutOptions } from './answers.ts'
import { StepperError } from './misuse.ts'
import { OpenOperation } from './open-operation.ts'
import { recordsUpTo } from './past.ts'
import { select, type Selector } from './select.ts'
import { recordsOf, settingOf, type Setting, type StepThroughOptions } from './setting.ts'
import { errorWords, transcriptOf, type StepperTranscript } from './story.ts'
import type { Outcome } from './outcome.ts'
import { Walk } from './walk.ts'

// A run is a point on a line of answers: first those on record, which the walk has gone through all at
// once and the point only moves over; then those given here, which the walk stands behind. To go back
// is to walk again with fewer of them.

/** How a run stands: `O` is what the workflow returns. */
export type StepperOutcome<O = unknown> =
  Exclude<Outcome, { status: 'returned' }> | { readonly status: 'returned'; readonly value: O }

/** An operation that a run has come by. */
export interface SteppedOperation {
  readonly id: string
  readonly name: string | undefined
  readonly operation: Descriptor<unknown>
  readonly words: string
  readonly path: readonly string[]
  readonly answered: 'record' | 'new'
  /** What it has come to; STARTED or PENDING while it waits for an answer. */
  readonly status: OperationStatus
}

interface Given {
  readonly id: string
  /** Absent for a wait whose time passes. */
  readonly answer: Answer | undefined
}

/** What a run starts from, and all that has been answered in it so far. */
interface Line {
  readonly base: readonly OperationRecord[]
  readonly given: readonly Given[]
}

export class Stepper<O = unknown> {
  readonly #setting: Setting
  #line: Line
  #walk: Walk
  /** How many answers lie behind the point at which the run stands. */
  #point: number
  #chosen: string | undefined

  constructor(setting: Setting, line: Line, point: number) {
    this.#setting = setting
    this.#line = line
    this.#point = point
    this.#walk = this.#walkTo(point)
  }

  /** The operation at which the run stands, as the workflow built it; nothing once it has ended. */
  get operation(): Descriptor<unknown> | undefined {
    return this.#current?.operation
  }

  get id(): string | undefined {
    return this.#current?.id
  }

  get name(): string | undefined {
    return this.#current?.name
  }

  /** The names of the contexts around it, or the ids of those without one, outermost first. */
  get path(): readonly string[] {
    return this.#current?.path ?? []
  }

  /** Whether its answer is on record, or is still to be given. */
  get answered(): 'record' | 'new' | undefined {
    return this.#current?.answered
  }

  /** Which attempt of its body is waited for, counted from 1. */
  get attempt(): number | undefined {
    return this.#current?.attempt
  }

  /** The line it was built on, as `file:line:column`; costs another walk of the workflow. */
  get line(): string | undefined {
    return this.#current?.line
  }

  /** All operations that wait for an answer, the one at which the run stands first. */
  get open(): readonly OpenOperation<this>[] {
    return this.#open.map((id) => this.#stand(id))
  }

  /** How the workflow has ended, or that it has not. */
  get outcome(): StepperOutcome<O> {
    if (this.#isOnRecord) return { status: 'running' }
    return this.#walk.outcome as StepperOutcome<O>
  }

  /** The time inside, in milliseconds since 1970: answers move it, and nothing else. */
  get now(): number {
    if (!this.#isOnRecord) return this.#walk.now
    const told = this.transcript.entries.findLast((entry) => entry.what === 'answered')
    return told?.at ?? this.#setting.startedAt
  }

  /** How many operations have been answered. */
  get point(): number {
    return this.#point
  }

  /** What has happened so far, for machines and for people. */
  get transcript(): StepperTranscript {
    const { story } = this.#walk
    const length = this.#walk.recorded[this.#point]?.storyLength ?? story.length
    return transcriptOf(story.slice(0, length))
  }

  /** The operations answered so far, in the order of their answers, then those that are open. */
  get operations(): readonly SteppedOperation[] {
    const past = this.#behind
    const given = this.#line.given
      .slice(0, Math.max(0, this.#point - this.#past))
      .map(({ id }) => id)
    const ids = [...new Set([...past, ...given, ...this.#open])]
    const onRecord = new Set(this.#walk.recorded.map(({ id }) => id))
    return ids.map((id) => ({
      ...this.#walk.sight(id),
      answered: onRecord.has(id) ? 'record' : 'new',
      status: this.#walk.record(id)?.Status ?? 'STARTED',
    }))
  }

  /** What the service would hold by now; fit to be the `history` of another run. */
  get records(): readonly OperationRecord[] {
    const { execution } = this.#setting
    const current = this.#walk.recorded[this.#point]
    if (current === undefined) return [execution, ...this.#walk.records]
    return [execution, ...recordsUpTo(this.#line.base, this.#behind, current.id)]
  }

  /** One of several operations that wait for an answer: by name, id, or the context it is in. */
  at(selector: Selector): OpenOperation<this> {
    const early = this.#isOnRecord ? [] : this.#walk.early
    const found = select(
      selector,
      [...this.#open, ...early].map((id) => this.#walk.sight(id)),
    )
    return this.#stand(this.#recordId(found.id) ?? found.id)
  }

  /** Answers the operation with a value, which goes through serdes and schema as in production. */
  succeed(value?: unknown, options?: AnswerOptions): this {
    return this.#required('succeed').succeed(value, options)
  }

  /** Has it fail for good; with `retry: true` only the attempt fails, and its strategy decides. */
  fail(error: unknown, options?: FailureOptions): this {
    return this.#required('fail').fail(error, options)
  }

  /** Has it run out of time, and moves time by as much. Throws CANNOT_TIME_OUT where it has no timeout. */
  timeout(options?: TimeoutOptions): this {
    return this.#required('timeout').timeout(options)
  }

  /** Goes on over an answer on record, or a wait. Throws NEEDS_ANSWER at anything else. */
  next(): this {
    return this.#required('next').next()
  }

  /** Goes on, as `next` does, until an operation of that name waits for an answer. */
  runTo(name: string): this {
    for (;;) {
      const found = this.#open.find((id) => this.#walk.sight(id).name === name)
      if (found !== undefined) {
        this.#chosen = found
        return this
      }
      if (this.#current === undefined) throw this.#neverCame(name)
      this.next()
    }
  }

  /** Takes the last answer back. */
  back(): this {
    return this.goTo(this.#point - 1)
  }

  /** To the point at which `point` operations had been answered; forward, too, where it has been before. */
  goTo(point: number): this {
    const last = this.#past + this.#line.given.length
    if (!Number.isInteger(point) || point < 0 || point > last) {
      throw new StepperError(
        'NO_SUCH_POINT',
        `There is no point ${point} in this run: it has points 0 to ${last}, and stands at ${this.#point}.`,
      )
    }
    const behind = Math.max(0, this.#point - this.#past)
    const wanted = Math.max(0, point - this.#past)
    this.#chosen = undefined
    if (behind !== wanted) this.#walk = this.#walkTo(point)
    this.#point = point
    return this
  }

  /** An independent run that stands at the same point: for what would be if it had answered otherwise. */
  fork(): Stepper<O> {
    return new Stepper<O>(this.#setting, this.#line, this.#point)
  }

  get #past(): number {
    return this.#walk.recorded.length
  }

  /** The ids of the recorded operations that the run has gone over. */
  get #behind(): string[] {
    return this.#walk.recorded.slice(0, this.#point).map(({ id }) => id)
  }

  get #isOnRecord(): boolean {
    return this.#point < this.#past
  }

  /** The ids of the records that stand for what is open. */
  get #open(): readonly string[] {
    const recorded = this.#walk.recorded[this.#point]
    if (recorded !== undefined) return [recorded.id]
    const { open } = this.#walk
    const chosen = this.#chosen
    if (chosen === undefined || !open.includes(chosen)) return open
    return [chosen, ...open.filter((id) => id !== chosen)]
  }

  get #current(): OpenOperation<this> | undefined {
    const [id] = this.#open
    return id === undefined ? undefined : this.#stand(id)
  }

  #stand(id: string): OpenOperation<this> {
    const sight = this.#walk.sight(id)
    const answered = this.#walk.recorded[this.#point]?.id === id ? 'record' : 'new'
    return new OpenOperation<this>(
      {
        sight,
        answered,
        attempt: answered === 'record' ? 1 : this.#walk.attempt(id),
        line: () => this.#lineOf(sight.id),
        answer: (answer) => {
          this.#answer(id, answer)
        },
        next: () => {
          this.#goPast(id)
        },
      },
      this,
    )
  }

  #lineOf(id: string): string | undefined {
    // What undoes a step is built by nobody; it was asked for where the step was.
    return this.#walk.lines().get(id.replace(/^c-/, ''))
  }

  /** The callback inside a `waitForCallback` has the record that answers it. */
  #recordId(id: string): string | undefined {
    const ids = [...this.#open, ...this.#walk.early]
    return ids.find((one) => this.#walk.sight(one).id === id)
  }

  #required(verb: string): OpenOperation<this> {
    const current = this.#current
    if (current !== undefined) return current
    throw new StepperError('NOTHING_OPEN', `There is nothing to ${verb}: ${this.#endInWords}.`)
  }

  get #endInWords(): string {
    const { outcome } = this
    switch (outcome.status) {
      case 'running':
        return 'no operation waits for anything'
      case 'returned':
        return 'the workflow has returned'
      default:
        return `the workflow has ended with ${errorWords(outcome.error)}`
    }
  }

  #neverCame(name: string): StepperError {
    const names = this.operations.map(({ words }) => words).join(', ')
    return new StepperError(
      'UNKNOWN_OPERATION',
      `The run came to no operation ${JSON.stringify(name)}: ${this.#endInWords}. ` +
        (names === '' ? 'It came by none at all.' : `It came by ${names}.`),
    )
  }

  #goPast(id: string): void {
    if (this.#isOnRecord) {
      this.#point += 1
      return
    }
    if (!this.#walk.isTimer(id)) {
      const { words } = this.#walk.sight(id)
      throw new StepperError(
        'NEEDS_ANSWER',
        `${words} is new, and nobody has said how it answers: call succeed(value), fail(error) or timeout().`,
      )
    }
    this.#give({ id, answer: undefined })
  }

  #answer(id: string, answer: Answer): void {
    if (!this.#isOnRecord) return this.#give({ id, answer })
    const before = { line: this.#line, walk: this.#walk, point: this.#point }
    try {
      this.#line = { base: recordsUpTo(this.#line.base, this.#behind, id), given: [] }
      const { id: shownId, words } = this.#walk.sight(id)
      this.#walk = this.#walkTo(0)
      this.#point = this.#past
      const recordId = this.#recordId(shownId)
      if (recordId === undefined) throw enteredInstead(words)
      this.#give({ id: recordId, answer })
    } catch (error) {
      this.#line = before.line
      this.#walk = before.walk
      this.#point = before.point
      throw error
    }
  }

  #give(given: Given): void {
    const behind = this.#line.given.slice(0, this.#point - this.#past)
    if (!this.#walk.isOpen(given.id)) {
      throw new StepperError(
        'UNKNOWN_OPERATION',
        `${this.#walk.sight(given.id).words} (${given.id}) does not wait for an answer any longer.`,
      )
    }
    try {
      apply(this.#walk, given)
    } catch (error) {
      // What was begun with that answer is not to be seen.
      this.#walk = this.#walkTo(this.#point)
      throw error
    }
    this.#line = { ...this.#line, given: [...behind, given] }
    this.#point += 1
    this.#chosen = undefined
  }

  #walkTo(point: number): Walk {
    const walk = new Walk(this.#setting, this.#line.base)
    const count = Math.max(0, point - walk.recorded.length)
    for (const given of this.#line.given.slice(0, count)) apply(walk, given)
    return walk
  }
}

function enteredInstead(words: string): StepperError {
  return new StepperError(
    'CANNOT_ANSWER',
    `${words} cannot be answered as a whole: what is inside of it is. Take the run there without ` +
      'these records, and answer that.',
  )
}

function apply(walk: Walk, { id, answer }: Given): void {
  if (answer === undefined) walk.pass(id)
  else walk.give(id, answer)
}

/**
 * A workflow to be driven by hand: one answer at a time, forward, back and sideways. No body runs, no
 * clock ticks, and nothing is asynchronous.
 */
export function stepThrough<I, O>(
  workflow: Workflow<I, O>,
  options: StepThroughOptions<I> = {},
): Stepper<O> {
  const setting = settingOf(workflow, options)
  const base = recordsOf(options.history)
  return new Stepper<O>(setting, { base, given: [] }, 0)
}
