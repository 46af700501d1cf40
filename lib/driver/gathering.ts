import type { OperationUpdate } from '../journal/update.ts'
import type { Settled } from '../kernel/settled.ts'
import type { Answer, Gather } from './answer.ts'
import { Strand } from './strand.ts'

/** What a gathering has done with its members. */
export interface Organiser {
  goOn(member: Strand): void
  cancel(member: Strand): void
  /** Calls `start` when there is room for what another member may say. */
  whenRoom(start: () => void): void
  /** It is decided, and no member is left. */
  decided(answer: Answer): void
}

/** Members walked side by side until it is decided what they come to. */
export class Gathering {
  readonly #strand: Strand
  readonly #gather: Gather
  readonly #organiser: Organiser
  readonly #alive = new Set<Strand>()
  /** Those that had ended before it was decided. */
  readonly #met: Strand[] = []
  /** Members do not depend on each other, so none starts from what another has seen. */
  readonly #horizon: number
  /** In what order members ended until it was decided; kept only where that can be asked for. */
  readonly #order: number[] = []
  /** Those that had ended when that was decided once before. */
  readonly #kept: ReadonlySet<number> | undefined
  /** Their outcomes, until all are there to be heard in the order that was kept. */
  readonly #early = new Map<number, Settled>()
  #next = 0
  #decision: Answer | undefined
  #isMarked: boolean
  #isStarting = false
  #isOver = false

  constructor(strand: Strand, gather: Gather, organiser: Organiser) {
    this.#strand = strand
    this.#gather = gather
    this.#organiser = organiser
    this.#horizon = strand.horizon
    const recorded = gather.decision?.recorded
    this.#isMarked = recorded !== undefined
    this.#kept = recorded && new Set(recorded.order)
  }

  readonly start = (): void => {
    if (this.#isStarting) return
    this.#isStarting = true
    while (this.#next < this.#gather.count && this.#mayStart(this.#next)) {
      const index = this.#next
      this.#next += 1
      const outcome = this.#gather.recorded?.(index)
      if (outcome) this.#hear(index, outcome)
      else this.#startOne(index)
    }
    this.#isStarting = false
    this.#close()
  }

  /** What had begun is walked again in any case, so that it can be ended. */
  #mayStart(index: number): boolean {
    const { atOnce, hasBegun, decision } = this.#gather
    if (decision?.recorded !== undefined && index < decision.recorded.started) return true
    const isOpen = this.#decision === undefined && !this.#strand.isCancelled
    return (isOpen && this.#alive.size < atOnce) || hasBegun(index)
  }

  #startOne(index: number): void {
    const { inOrder, member: memberAt, decision } = this.#gather
    const { scope, begin, isOver = false } = memberAt(index)
    const member: Strand = new Strand(scope, begin, {
      strand: this.#strand,
      inOrder,
      ended: (outcome) => {
        this.#alive.delete(member)
        if (this.#decision === undefined) {
          this.#met.push(member)
          this.#hear(index, outcome)
        }
        this.#goOn()
      },
      dropped: () => {
        this.#alive.delete(member)
        this.#goOn()
      },
      ...(decision && { mark: this.#mark }),
    })
    member.horizon = this.#horizon
    this.#alive.add(member)
    this.#organiser.goOn(member)
    if (isOver || this.#decision !== undefined || this.#strand.isToUnwind) {
      this.#organiser.cancel(member)
    }
  }

  #hear(index: number, outcome: Settled): void {
    if (this.#kept === undefined) return this.#decide(index, outcome)
    if (this.#kept.has(index)) this.#early.set(index, outcome)
    if (this.#early.size < this.#kept.size) return
    for (const one of this.#kept) this.#decide(one, this.#early.get(one) as Settled)
  }

  #decide(index: number, outcome: Settled): void {
    if (this.#decision !== undefined) return
    if (this.#gather.decision) this.#order.push(index)
    this.#decision = this.#gather.ended(index, outcome)
    if (this.#decision === undefined) return
    for (const loser of [...this.#alive]) this.#organiser.cancel(loser)
  }

  #goOn(): void {
    if (this.#decision === undefined && this.#next < this.#gather.count) {
      this.#organiser.whenRoom(this.start)
    }
    this.#close()
  }

  #close(): void {
    if (this.#isOver || this.#isStarting || this.#alive.size > 0) return
    if (this.#next === this.#gather.count) this.#decision ??= this.#gather.otherwise?.()
    if (this.#decision === undefined) return
    this.#isOver = true
    for (const member of this.#met) this.#strand.meets(member)
    this.#organiser.decided(this.#decision)
  }

  readonly #mark = (): OperationUpdate[] | undefined => {
    if (this.#isMarked || this.#decision === undefined) return undefined
    this.#isMarked = true
    return this.#gather.decision?.record({ order: this.#order, started: this.#next })
  }
}
