import type { PerdureError } from '../../kernel/errors.ts'
import type { Log } from '../../kernel/logger.ts'
import { succeeded, type Settled } from '../../kernel/settled.ts'
import { begin, isGenerator, type Begin, type Member } from '../../operations/member.ts'
import {
  isDescriptor,
  watchBuilds,
  type BuildWatch,
  type Descriptor,
} from '../../operations/operation.ts'
import type { WorkflowContext } from '../../operations/workflow.ts'
import { thisCopy, type Check, type Refusal } from '../check.ts'
import type { Environment } from '../environment.ts'
import { builderLine, noteBuilder, type Noted } from '../lines.ts'
import type { Observer } from '../observer.ts'
import { silent } from '../workflow-log.ts'
import { describeDescriptor } from '../words.ts'
import { withPairedBodies } from './bodies.ts'
import { differenceBetween } from './difference.ts'
import { Lockstep, type Move, type Referee, type Walk } from './lockstep.ts'
import { divergedRuns, refusedWrite, trappedCall } from './mistakes.ts'
import { tellOfTrapped, withoutTraps, withTraps, type OnTrapped } from './traps.ts'
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
  readonly #refusals: Refusal[] = []
  /** Of operations that were built while a body was begun. */
  readonly #notes = new WeakMap<Descriptor<unknown>, Noted>()
  /** What was yielded last, by which run, and by the second in its place. */
  #last: { readonly walk: Walk; readonly first: unknown; readonly second: unknown } | undefined
  #isBeginning = false
  readonly #secondBuilds: BuildWatch = {
    built: (operation) => {
      this.#note(operation)
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

  get refusals(): readonly Refusal[] {
    return this.#refusals
  }

  /** An observer that also notes where operations are built as a body is begun. */
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

  paired(operation: Descriptor<unknown>): Descriptor<unknown> {
    const { first, second } = this.#last ?? {}
    if (operation !== first || !isDescriptor(second)) return operation
    return withPairedBodies(operation, second, (one, other) =>
      this.#together(one, other, ownerOf(operation)),
    )
  }

  threw(error: unknown): void {
    if (isRefusedWrite(error)) this.#mistake ??= refusedWrite(error)
  }

  refused(operation: Descriptor<unknown>): void {
    this.#refusals.push({ operation, line: this.#lineOf(operation, this.#last?.walk) })
  }

  /** What is no generator has left the stack when the first thing is asked for that it built. */
  begin(body: Begin): ReturnType<Begin> {
    this.#isBeginning = true
    try {
      return body()
    } finally {
      this.#isBeginning = false
    }
  }

  walking<T>(walk: () => T): T {
    return withTraps(walk)
  }

  goOn(outcome: Settled, first: Walk, second: Walk): Move {
    if (outcome.ok && outcome.value !== this.env.context) freeze(outcome.value)
    // Before the first does anything to its own, such as a map.
    const its = this.#forSecond(outcome)
    const told = tellOfTrapped(this.#onTrapped)
    try {
      const move = this.#judged(first.go(outcome))
      const other = this.#judged(this.#goAside(second, its))
      const difference = differenceBetween(move, other)
      if (difference) {
        const line = this.#lineOf(move.value, first) ?? this.#lineOf(other.value, second)
        throw (this.#mistake ??= divergedRuns(difference, { first: move, second: other }, line))
      }
      this.#last = { walk: first, first: move.value, second: other.value }
      return move
    } finally {
      tellOfTrapped(told)
    }
  }

  /** What the second run builds is not counted among what the workflow has built. */
  #goAside(second: Walk, outcome: Settled): Move {
    const watch = watchBuilds(this.#secondBuilds)
    try {
      return second.go(outcome)
    } finally {
      watchBuilds(watch)
    }
  }

  #lineOf(operation: unknown, walk: Walk | undefined): string | undefined {
    if (!isDescriptor(operation)) return undefined
    const noted = this.#notes.get(operation)
    return noted ? builderLine(noted) : walk?.lineAt(operation)
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

  #forSecond(outcome: Settled): Settled {
    if (!outcome.ok) return outcome
    const { value } = outcome
    if (value === this.env.context) return succeeded(this.#secondContext)
    const its = copy(value)
    return its === value ? outcome : succeeded(freeze(its))
  }

  #judged(move: Move): Move {
    if (move.did === 'throw') this.threw(move.value)
    if (this.#mistake) throw this.#mistake
    return move
  }

  readonly #onTrapped: OnTrapped = (trapped) => (this.#mistake ??= trappedCall(trapped))

  #note(operation: Descriptor<unknown>): void {
    if (this.#isBeginning) this.#notes.set(operation, noteBuilder(operation))
  }
}

function ownerOf(operation: Descriptor<unknown>): Owner {
  return {
    get words() {
      return describeDescriptor(operation)
    },
  }
}

/** By name, because a spread would ask whether the workflow is replaying before it is walked. */
function withLog(context: WorkflowContext, log: Log): WorkflowContext {
  const { executionArn, executionName, lambda, startedAt } = context
  return {
    log,
    executionArn,
    executionName,
    get isReplaying() {
      return context.isReplaying
    },
    lambda,
    startedAt,
  }
}

/** A logger may read the clock. */
function untrapped(log: Log): Log {
  const at = (level: keyof Log) => (message: string, fields?: object) => {
    withoutTraps(() => void log[level](message, fields))
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
