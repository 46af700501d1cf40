import type { PerdureError } from '../../kernel/errors.ts'
import type { Log } from '../../kernel/logger.ts'
import { succeeded, type Settled } from '../../kernel/settled.ts'
import { begin, isGenerator, type Member } from '../../operations/member.ts'
import {
  isDescriptor,
  watchBuilds,
  type BuildWatch,
  type Descriptor,
} from '../../operations/operation.ts'
import type { WorkflowContext } from '../../operations/workflow.ts'
import { thisCopy, type Check } from '../check.ts'
import type { Environment } from '../environment.ts'
import { builderLine, noteBuilder, type Noted } from '../lines.ts'
import type { Observer } from '../observer.ts'
import { silent } from '../workflow-log.ts'
import { describeDescriptor } from '../words.ts'
import { withPairedBodies } from './bodies.ts'
import { differenceBetween } from './difference.ts'
import { Lockstep, type Go, type Move, type Referee } from './lockstep.ts'
import { divergedRuns, refusedWrite, trappedCall } from './mistakes.ts'
import { withoutTraps, withTraps, type OnTrapped } from './traps.ts'
import { copy, freeze, isRefusedWrite } from './values.ts'

// Checks that workflow code depends on nothing but its input and the answers to what it yields.
//
//   C1. Every body of the author's is run twice, side by side on the same answers, and both must do the
//       same. Only the first is heard, and what a step is to do is done for the first alone.
//   C2. Clocks, chance, timers and the network are trapped while either is on the stack.
//   C3. What the code is handed is frozen, and each run has a copy of its own.
//   C4. A mistake is kept from where it is found: code that catches everything does not hide it.

/** Whose body it is, for people. */
interface Owner {
  readonly words: string
}

export class Checker implements Check, Referee {
  /** The copy of this package whose workflows it can check. */
  static readonly copy = thisCopy
  readonly env: Environment
  readonly #secondContext: WorkflowContext
  #mistake: PerdureError | undefined
  readonly #refusals: Descriptor<unknown>[] = []
  readonly #lines = new WeakMap<Descriptor<unknown>, Noted>()
  /** What the second run yielded in the place of an operation of the first. */
  readonly #seconds = new WeakMap<Descriptor<unknown>, Descriptor<unknown>>()

  #hasFirstYielded = false
  readonly #secondBuilds: BuildWatch = {
    // Where the first yields as well, its line will do.
    built: (operation) => {
      if (!this.#hasFirstYielded) this.#note(operation)
    },
    used() {},
  }

  constructor(env: Environment) {
    this.env = { ...env, check: this, context: withLog(env.context, untrapped(env.context.log)) }
    this.#secondContext = withLog(env.context, silent)
  }

  get mistake(): PerdureError | undefined {
    return this.#mistake
  }

  get refusals(): readonly Descriptor<unknown>[] {
    return this.#refusals
  }

  /** An observer that also notes where operations are built. */
  observing(observer: Observer): Observer {
    return {
      ...observer,
      built: (operation) => {
        this.#note(operation)
        observer.built?.(operation)
      },
    }
  }

  /** What the code is handed beside answers: its input. */
  handed<T>(value: T): T {
    return freeze(value)
  }

  /** The workflow as a body that is checked while it is walked. */
  workflow(start: (context: WorkflowContext) => Member<unknown>): Member<unknown> {
    return this.#together(start(this.env.context), start(this.#secondContext), {
      words: 'the workflow',
    })
  }

  lineOf(operation: Descriptor<unknown>): string | undefined {
    const noted = this.#lines.get(operation)
    return noted && builderLine(noted)
  }

  paired(operation: Descriptor<unknown>): Descriptor<unknown> {
    const second = this.#seconds.get(operation)
    if (second === undefined) return operation
    const owner = {
      get words() {
        return describeDescriptor(operation)
      },
    }
    return withPairedBodies(operation, second, (one, other) => this.#together(one, other, owner))
  }

  threw(error: unknown): void {
    if (isRefusedWrite(error)) this.#mistake ??= refusedWrite(error)
  }

  refused(operation: Descriptor<unknown>): void {
    this.#refusals.push(operation)
  }

  goOn(outcome: Settled, first: Go, second: Go): Move {
    if (outcome.ok && outcome.value !== this.env.context) freeze(outcome.value)
    const its = outcome.ok ? succeeded(this.#forSecond(outcome.value)) : outcome
    return withTraps(this.#onTrapped, () => {
      const move = this.#judged(first(outcome))
      this.#hasFirstYielded = move.did === 'yield'
      const watch = watchBuilds(this.#secondBuilds)
      try {
        this.#compare(move, this.#judged(second(its)))
      } finally {
        watchBuilds(watch)
      }
      return move
    })
  }

  #compare(first: Move, second: Move): void {
    const difference = differenceBetween(first, second)
    if (difference) {
      const lineOf = (operation: Descriptor<unknown>) => this.lineOf(operation)
      throw (this.#mistake ??= divergedRuns(difference, { first, second }, lineOf))
    }
    if (isDescriptor(first.value) && isDescriptor(second.value)) {
      this.#seconds.set(first.value, second.value)
    }
  }

  #together(first: Member<unknown>, second: Member<unknown>, owner: Owner): Member<unknown> {
    // A generator that both hold can be run but once.
    if (first === second && isGenerator(first)) return first
    return () =>
      new Lockstep(
        this,
        () => begin(first, owner),
        () => begin(second, owner),
      )
  }

  #forSecond(value: unknown): unknown {
    return value === this.env.context ? this.#secondContext : freeze(copy(value))
  }

  #judged(move: Move): Move {
    if (move.did === 'throw') this.threw(move.value)
    if (this.#mistake) throw this.#mistake
    return move
  }

  readonly #onTrapped: OnTrapped = (trapped) => (this.#mistake ??= trappedCall(trapped))

  #note(operation: Descriptor<unknown>): void {
    this.#lines.set(operation, noteBuilder(operation))
  }
}

/** Its getters stay what they are. */
function withLog(context: WorkflowContext, log: Log): WorkflowContext {
  const members = Object.getOwnPropertyDescriptors(context)
  return Object.create(Object.prototype, {
    ...members,
    log: { value: log, enumerable: true },
  }) as WorkflowContext
}

/** A logger may read the clock. */
function untrapped(log: Log): Log {
  const at = (level: keyof Log) => (message: string, fields?: object) => {
    withoutTraps(() => void log[level](message, fields))
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
