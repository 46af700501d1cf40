import type { OperationRecord, OperationStatus } from '../../journal/record.ts'
import type { Descriptor } from '../../operations/operation.ts'
import type { Workflow } from '../../operations/workflow.ts'
import type { FailureOptions, SuccessOptions, TimeoutOptions } from './answers.ts'
import { Course } from './course.ts'
import { StepperError } from './misuse.ts'
import { OpenOperation } from './open-operation.ts'
import { isMeantBy, select, type Selector } from './select.ts'
import { recordsOf, settingOf, type Setting, type StepThroughOptions } from './setting.ts'
import { errorWords, transcriptOf, type StepperTranscript } from './story.ts'
import type { Outcome } from './outcome.ts'
import type { Walk } from './walk.ts'

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

export class Stepper<O = unknown> {
  readonly #setting: Setting
  readonly #course: Course

  constructor(setting: Setting, course: Course) {
    this.#setting = setting
    this.#course = course
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
    return this.#course.open.map((id) => this.#stand(id))
  }

  /**
   * Operations made of others of which none was answered yet: each may still be answered as a whole.
   * `next()` of one stands at the first operation in it.
   */
  get contexts(): readonly OpenOperation<this>[] {
    return this.#course.untouched.map((id) => this.#stand(id))
  }

  /** How the workflow has ended, or that it has not. */
  get outcome(): StepperOutcome<O> {
    if (this.#course.isOnRecord) return { status: 'running' }
    return this.#walk.outcome as StepperOutcome<O>
  }

  /** The time inside, in milliseconds since 1970: answers move it, and nothing else. */
  get now(): number {
    if (!this.#course.isOnRecord) return this.#walk.now
    const told = this.transcript.entries.findLast((entry) => entry.what === 'answered')
    return told?.at ?? this.#setting.startedAt
  }

  /** How many operations have been answered. */
  get point(): number {
    return this.#course.point
  }

  /** What has happened so far, for machines and for people. */
  get transcript(): StepperTranscript {
    const { story } = this.#walk
    const length = this.#walk.recorded[this.#course.point]?.storyLength ?? story.length
    return transcriptOf(story.slice(0, length))
  }

  /** The operations answered so far, in the order of their answers, then those that are open. */
  get operations(): readonly SteppedOperation[] {
    const { behind, answered, open } = this.#course
    const ids = [...new Set([...behind, ...answered, ...open])]
    const onRecord = new Set(this.#walk.recorded.map(({ id }) => id))
    return ids.map((id) => ({
      ...this.#walk.sight(id),
      answered: onRecord.has(id) ? 'record' : 'new',
      status: this.#walk.record(id)?.Status ?? 'STARTED',
    }))
  }

  /** What the service would hold by now; fit to be the `history` of another run. */
  get records(): readonly OperationRecord[] {
    return [this.#setting.execution, ...this.#course.records]
  }

  /** One of several operations that wait for an answer: by name, id, or the context it is in. */
  at(selector: Selector): OpenOperation<this> {
    const sights = [...this.#course.open, ...this.#course.early].map((id) => this.#walk.sight(id))
    const wholes = this.#course.untouched.map((id) => this.#walk.sight(id))
    const isWhole = !sights.some(isMeantBy(selector)) && wholes.some(isMeantBy(selector))
    const found = select(selector, isWhole ? wholes : sights)
    return this.#stand(this.#course.recordId(found.id))
  }

  /** Answers the operation with a value, which goes through serdes and schema as in production. */
  succeed(value?: unknown, options?: SuccessOptions): this {
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

  /**
   * Goes on, as `next` does, until an operation of that name waits for an answer; at one made of others
   * it stands before what is inside.
   */
  runTo(name: string): this {
    for (;;) {
      const found = [...this.#course.open, ...this.#course.untouched].find(
        (id) => this.#walk.sight(id).name === name,
      )
      if (found !== undefined) {
        this.#course.choose(found)
        return this
      }
      if (this.#current === undefined) throw this.#neverCame(name)
      this.next()
    }
  }

  /** Takes the last answer back. */
  back(): this {
    return this.goTo(this.#course.point - 1)
  }

  /** To the point at which `point` operations had been answered; forward, too, where it has been before. */
  goTo(point: number): this {
    this.#course.goTo(point)
    return this
  }

  /** An independent run that stands at the same point: for what would be if it had answered otherwise. */
  fork(): Stepper<O> {
    return new Stepper<O>(this.#setting, this.#course.fork())
  }

  get #walk(): Walk {
    return this.#course.walk
  }

  get #current(): OpenOperation<this> | undefined {
    const [id] = this.#course.open
    return id === undefined ? undefined : this.#stand(id)
  }

  #stand(id: string): OpenOperation<this> {
    const sight = this.#walk.sight(id)
    const answered = this.#walk.recorded[this.#course.point]?.id === id ? 'record' : 'new'
    return new OpenOperation<this>(
      {
        sight,
        answered,
        attempt: answered === 'record' ? 1 : this.#walk.attempt(id),
        line: () => this.#lineOf(sight.id),
        answer: (answer) => {
          this.#course.answer(id, answer)
        },
        next: () => {
          this.#course.goPast(id)
        },
      },
      this,
    )
  }

  #lineOf(id: string): string | undefined {
    // What undoes a step is built by nobody; it was asked for where the step was.
    return this.#walk.lines().get(id.replace(/^c-/, ''))
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
  return new Stepper<O>(setting, new Course(setting, { base, given: [] }))
}
