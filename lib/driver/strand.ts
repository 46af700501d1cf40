import type { OperationUpdate } from '../journal/update.ts'
import type { Settled } from '../kernel/settled.ts'
import type { Begin } from '../operations/member.ts'
import type { Operation } from '../operations/operation.ts'
import type { Scope } from './scope.ts'
import { Timeline, type Seen } from './timeline.ts'

/** Who waits for a strand's end, and what the end means there. */
export interface Parent {
  readonly strand: Strand
  readonly inOrder?: boolean
  readonly ended: (outcome: Settled, strand: Strand) => void
  /** It was cancelled, has been told so, and is done. */
  readonly dropped?: (strand: Strand) => void
  /** What is kept of its having been cancelled, before it undoes anything; once. */
  readonly mark?: () => OperationUpdate[] | undefined
}

/** A task, as far as it matters here who has learned of its end. */
export interface Hearable {
  readonly id: string
  readonly name: string | undefined
  readonly isHeard: boolean
}

interface Unheard {
  readonly task: Hearable
  readonly error: unknown
}

const none: readonly Unheard[] = []

/** One line of control: a workflow, or the body of a context, being walked. */
export class Strand {
  readonly scope: Scope
  readonly #begin: Begin
  #iterator: ReturnType<Begin> | undefined
  readonly #isBornCancelled: boolean
  readonly parent: Parent | undefined
  #children: Set<Strand> | undefined
  /** Whether the order in which it and its siblings go on matters. */
  isTimed: boolean
  /** When that happened by which it went on last. */
  time = 0
  /** Where it is: a turn, a waiter, a job or a gate. What was left behind elsewhere is stale. */
  place: unknown
  /** Whether no cancelling reaches it: it cleans up. */
  isShielded = false
  isCancelled = false
  /** Whether its code has been told so. */
  isUnwinding = false
  /** Operations that its code has asked for since. */
  refused = 0
  isOver = false
  /** What its code ended with, while the strands below it are still ending. */
  left: Settled | undefined
  /** What it goes on with as soon as no strand is left below it. */
  whenCleared: (() => void) | undefined
  #unheard: Unheard[] | undefined
  readonly timeline: Timeline
  /** How many updates must be acknowledged before all that the strand has seen is durable. */
  horizon = 0
  /** The operation it stands at, which it will have seen when it goes on. */
  met: Seen | undefined
  /** Whether the last outcome had been handed over in an earlier invocation. */
  onRecordedGround = false

  constructor(scope: Scope, begin: Begin, parent?: Parent) {
    this.scope = scope
    this.#begin = begin
    this.parent = parent
    this.#isBornCancelled = parent?.strand.isToUnwind === true
    this.timeline = new Timeline(parent?.strand.timeline)
    this.isTimed = parent !== undefined && (parent.inOrder === true || parent.strand.isTimed)
    if (!parent) return
    this.horizon = parent.strand.horizon
    this.time = parent.strand.time
    parent.strand.children.add(this)
  }

  /** Strands below that have not ended. */
  get children(): Set<Strand> {
    return (this.#children ??= new Set())
  }

  get hasChildren(): boolean {
    return this.#children !== undefined && this.#children.size > 0
  }

  /** Tasks of its own that have failed. */
  get unheard(): readonly Unheard[] {
    return this.#unheard ?? none
  }

  /** A task of its own has failed, which somebody may still come to know by joining it. */
  hasFailed(task: Hearable, error: unknown): void {
    this.#unheard ??= []
    this.#unheard.push({ task, error })
  }

  /** Whether it is cancelled, and its code is still to be told so: it walks on where all is recorded. */
  get isToUnwind(): boolean {
    return this.isCancelled && !this.isUnwinding
  }

  get hasBegun(): boolean {
    return this.#iterator !== undefined
  }

  /**
   * Whether its code is run even if it is cancelled before that: it has been, or would have been by now
   * had what is walked here not happened before.
   */
  get isToBegin(): boolean {
    return this.hasBegun || this.scope.rebuilding || this.#isBornCancelled
  }

  /** Whether this is `other`, or was started by it or by what it started. */
  isWithin(other: Strand): boolean {
    return this === other || this.parent?.strand.isWithin(other) === true
  }

  /** Goes on with what came back, to the next yield or the end. Throws what the code throws. */
  go(outcome: Settled): IteratorResult<Operation<unknown>, unknown> {
    if (this.met !== undefined) this.timeline.saw(this.met)
    this.met = undefined
    const iterator = (this.#iterator ??= this.#begin())
    if (outcome.ok) return iterator.next(outcome.value)
    if (iterator.throw === undefined) throw outcome.error
    return iterator.throw(outcome.error)
  }

  /** Takes over what another strand has seen, where the two meet; what is on record whole has no more to show. */
  meetsAt(horizon: number, timeline?: Timeline): void {
    this.horizon = Math.max(this.horizon, horizon)
    if (timeline) this.timeline.saw(timeline)
  }
}
