import type { Descriptor } from '../../operations/operation.ts'
import type { Answer, FailureOptions, SuccessOptions, TimeoutOptions } from './answers.ts'
import type { Around, Sight } from './encounters.ts'

/** What an operation at which a run stands has to ask of the run. */
export interface Standpoint {
  readonly sight: Sight
  readonly answered: 'record' | 'new'
  readonly attempt: number
  readonly line: () => string | undefined
  readonly answer: (answer: Answer) => void
  readonly next: () => void
}

/** One operation that waits for an answer, and what can be done with it. `R` is the run it stands in. */
export class OpenOperation<R> {
  readonly #at: Standpoint
  readonly #run: R

  constructor(at: Standpoint, run: R) {
    this.#at = at
    this.#run = run
  }

  /** As the workflow built it, to be compared with the call that builds it. */
  get operation(): Descriptor<unknown> {
    return this.#at.sight.operation
  }

  get id(): string {
    return this.#at.sight.id
  }

  get name(): string | undefined {
    return this.#at.sight.name
  }

  /** The operation in words: `step "charge"`. */
  get words(): string {
    return this.#at.sight.words
  }

  /** The names of the contexts around it, or the ids of those without one, outermost first. */
  get path(): readonly string[] {
    return this.#at.sight.path
  }

  /** The same contexts, outermost first, with what they are. */
  get contexts(): readonly Around[] {
    return this.#at.sight.contexts
  }

  /** Whether its answer is on record, or is still to be given. */
  get answered(): 'record' | 'new' {
    return this.#at.answered
  }

  /** Which attempt of its body is waited for, counted from 1. */
  get attempt(): number {
    return this.#at.attempt
  }

  /** The line it was built on, as `file:line:column`; costs another walk of the workflow. */
  get line(): string | undefined {
    return this.#at.line()
  }

  /**
   * Answers it with a value: what the body returns, what the check answers, what the outside world
   * sends. The value goes through serdes and schema as in production.
   */
  succeed(value?: unknown, options: SuccessOptions = {}): R {
    return this.#answer({ how: 'succeed', value, options })
  }

  /** Has it fail for good; with `retry: true` only the attempt fails, and its strategy decides. */
  fail(error: unknown, options: FailureOptions = {}): R {
    return this.#answer({ how: 'fail', error, options })
  }

  /** Has it run out of time, and moves time by as much. Throws CANNOT_TIME_OUT where it has no timeout. */
  timeout(options: TimeoutOptions = {}): R {
    return this.#answer({ how: 'timeout', options })
  }

  /** Goes on past it: over an answer on record, or a wait. Throws NEEDS_ANSWER for anything else. */
  next(): R {
    this.#at.next()
    return this.#run
  }

  #answer(answer: Answer): R {
    this.#at.answer(answer)
    return this.#run
  }
}
