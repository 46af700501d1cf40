import { isDeepStrictEqual } from 'node:util'
import type { Workflow } from '../../operations/workflow.ts'
import type { FailureOptions, SuccessOptions, TimeoutOptions } from '../stepper/answers.ts'
import { StepperError } from '../stepper/misuse.ts'
import type { OpenOperation } from '../stepper/open-operation.ts'
import type { StepThroughOptions } from '../stepper/setting.ts'
import { stepThrough, type Stepper } from '../stepper/stepper.ts'
import { errorWords } from '../stepper/story.ts'
import { isMadeOfOthers } from '../stepper/wholes.ts'
import { expectationOf, type Expectation, type Expected } from './compare.ts'
import { AssertionError, inLine, shown, type Facts } from './failure.ts'

export type PlayOptions = Omit<StepThroughOptions<unknown>, 'input'>

/** An error by its class, its code, its message or a pattern for it, or as an error with that message. */
export type ExpectedError = string | RegExp | Error | (new (...args: never[]) => Error)

type Open = OpenOperation<Stepper>

/**
 * A workflow and a test in turns: the workflow asks, the test expects that and answers. The first
 * thing that is not as expected ends it with an AssertionError.
 */
export class Conversation {
  /** The run underneath, for whatever else is to be asked of it. */
  readonly run: Stepper
  /** What is expected and not answered yet, the latest last. */
  #expected: Open[] = []

  constructor(run: Stepper) {
    this.run = run
  }

  /**
   * The workflow asks for this, now or beside other things; `in` names a context around it. A wait, or
   * an answer on record, that was expected before is passed if that is what it takes. What is made of
   * others may be expected before what is inside, and then be answered as a whole or not at all.
   */
  expect(expected: Expected, { in: around }: { readonly in?: string } = {}): this {
    const { fits, words, sides } = expectationOf(expected)
    const find = () =>
      this.#standing.filter(
        (open) =>
          (around === undefined || open.path.includes(around)) &&
          fits(open) &&
          !this.#expected.some(({ id }) => id === open.id),
      )
    const found = find()[0] ?? (this.#pass() ? find()[0] : undefined)
    if (found === undefined) throw this.#unmet(words, around, sides)
    this.#expected.push(found)
    return this
  }

  /** Answers what was expected last: with what the body returns, or the outside world sends. */
  answer(value?: unknown, options?: SuccessOptions): this {
    this.#take('answer').succeed(value, options)
    return this
  }

  /** What was expected last fails for good; with `retry: true` only the attempt does. */
  fails(error: unknown, options?: FailureOptions): this {
    this.#take('fail').fail(error, options)
    return this
  }

  /** What was expected last runs out of time. */
  timeout(options?: TimeoutOptions): this {
    this.#take('time out').timeout(options)
    return this
  }

  /** The workflow returns, and this, if anything is given: as it comes out of its JSON. */
  returns(...value: [] | [unknown]): this {
    this.#end()
    const { outcome } = this.run
    if (outcome.status !== 'returned') {
      throw this.#failure('returns', {
        message: `Expected the workflow to return, but ${this.#where}`,
        expected: value.length === 0 ? undefined : { returned: value[0] },
        actual: shown(outcome),
      })
    }
    if (value.length > 0 && !isDeepStrictEqual(outcome.value, value[0])) {
      throw this.#failure('returns', {
        message: `Expected the workflow to return ${inLine(value[0])}, but it returned ${inLine(outcome.value)}`,
        expected: value[0],
        actual: outcome.value,
      })
    }
    return this
  }

  /** The workflow ends with an error, and with this one, if any is given. */
  throws(expected?: ExpectedError): this {
    this.#end()
    const { outcome } = this.run
    const hasThrown = outcome.status === 'threw' || outcome.status === 'stopped'
    if (hasThrown && (expected === undefined || isMeant(outcome.error, expected))) return this
    const words = expected === undefined ? '' : ` ${nameOf(expected)}`
    throw this.#failure('throws', {
      message: `Expected the workflow to throw${words}, but ${this.#where}`,
      expected: expected && { threw: nameOf(expected) },
      actual: shown(outcome),
    })
  }

  /** Whether something expected could be passed without an answer, and was. */
  #pass(): boolean {
    const last = this.#expected.findLast((one) => !isWhole(one))
    if (last === undefined || !isPassable(last)) return false
    last.next()
    this.#expected = this.#expected.filter(({ id }) => this.run.open.some((one) => one.id === id))
    return true
  }

  /** What may be expected: what waits for an answer, and what is made of others and may be given one. */
  get #standing(): readonly Open[] {
    return [...this.run.open, ...this.run.contexts]
  }

  #end(): void {
    while (this.run.outcome.status === 'running' && this.#pass());
  }

  #take(verb: string): Open {
    const standing = new Set(this.#standing.map(({ id }) => id))
    // What is made of others, and was gone into, is answered by what is in it.
    this.#expected = this.#expected.filter((one) => standing.has(one.id) || !isWhole(one))
    const last = this.#expected.pop()
    if (last !== undefined) return last
    throw new StepperError(
      'NOTHING_OPEN',
      `There is nothing to ${verb}: say by expect() which operation is meant.`,
    )
  }

  #unmet(words: string, around: string | undefined, sides: Expectation['sides']): AssertionError {
    const [first] = this.#unexpected
    const { expected, actual } = sides(first)
    const where = around === undefined ? '' : ` in ${around}`
    // By their words they would look the same.
    const difference =
      first?.words === words ? `\n  expected ${inLine(expected)}\n  yielded  ${inLine(actual)}` : ''
    return this.#failure('expect', {
      message: `Expected ${words}${where}, but ${this.#where}${difference}`,
      expected,
      actual: first === undefined ? shown(this.run.outcome) : actual,
    })
  }

  /** A failure whose stack begins where the test called `verb`. */
  #failure(verb: 'expect' | 'returns' | 'throws', facts: Facts): AssertionError {
    return new AssertionError(facts, Reflect.get(this, verb) as () => void)
  }

  get #unexpected(): Open[] {
    return this.run.open.filter(({ id }) => !this.#expected.some((one) => one.id === id))
  }

  /** Where the workflow stands, for people. */
  get #where(): string {
    const { outcome, open } = this.run
    if (outcome.status === 'returned') return 'the workflow has returned'
    if (outcome.status !== 'running') {
      return `the workflow has ended with ${errorWords(outcome.error)}`
    }
    const places = open.map(({ words, id, path, line, answered }) => {
      const where = path.length === 0 ? '' : ` in ${path.join(' > ')}`
      const recorded = answered === 'record' ? ', on record' : ''
      const isKnown = this.#expected.some((one) => one.id === id)
      const state = isKnown ? ', expected before and not answered' : ''
      return `${words}${where} (operation ${id}${line === undefined ? '' : `, at ${line}`}${recorded}${state})`
    })
    return places.length === 1
      ? `the workflow yielded ${places[0] ?? ''}`
      : `the workflow waits for\n${places.map((place) => `  ${place}`).join('\n')}`
  }
}

function isPassable({ answered, operation }: Open): boolean {
  return answered === 'record' || operation.kind === 'wait'
}

function isWhole({ answered, operation }: Open): boolean {
  return answered === 'new' && isMadeOfOthers(operation)
}

function isMeant(error: unknown, expected: ExpectedError): boolean {
  const { code, message, name } = (error ?? {}) as {
    code?: string
    message?: string
    name?: string
  }
  if (typeof expected === 'string') return [code, message, name].includes(expected)
  if (expected instanceof RegExp) return expected.test(message ?? String(error))
  if (typeof expected === 'function') return error instanceof expected
  return name === expected.name && message === expected.message
}

function nameOf(expected: ExpectedError): string {
  if (typeof expected === 'function') return expected.name
  return expected instanceof Error ? errorWords(expected) : String(expected)
}

/** Begins a conversation with a workflow. Synchronous; no body runs, and no clock ticks. */
export function play<I, O>(
  workflow: Workflow<I, O>,
  input?: I,
  options: PlayOptions = {},
): Conversation {
  const given = input === undefined ? {} : { input }
  return new Conversation(stepThrough(workflow as Workflow, { ...options, ...given }))
}
