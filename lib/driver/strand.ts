import type { Settled } from '../kernel/settled.ts'
import type { Begin } from '../operations/member.ts'
import type { Operation } from '../operations/operation.ts'
import type { Answer } from './answer.ts'
import type { Scope } from './scope.ts'
import { Timeline, type Seen } from './timeline.ts'

/** One line of control: a workflow, or the body of a context, being walked. */
export class Strand {
  readonly scope: Scope
  readonly #begin: Begin
  #iterator: ReturnType<Begin> | undefined
  /** Who waits for its end, and what the end means there. */
  readonly parent: { strand: Strand; then: (outcome: Settled) => Answer } | undefined
  readonly timeline: Timeline
  /** How many updates must be acknowledged before all that the strand has seen is durable. */
  horizon = 0
  /** The operation it stands at, which it will have seen when it goes on. */
  met: Seen | undefined
  /** Whether the last outcome had been handed over in an earlier invocation. */
  onRecordedGround = false

  constructor(scope: Scope, begin: Begin, parent?: Strand['parent']) {
    this.scope = scope
    this.#begin = begin
    this.parent = parent
    this.timeline = new Timeline(parent?.strand.timeline)
    if (parent) this.horizon = parent.strand.horizon
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

  /** Takes over what another strand has seen, at the point where the two meet. */
  meets(other: Strand): void {
    this.horizon = Math.max(this.horizon, other.horizon)
    this.timeline.saw(other.timeline)
  }
}
