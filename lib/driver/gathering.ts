import type { OperationUpdate } from '../journal/update.ts'
import type { Settled } from '../kernel/settled.ts'
import type { Answer, Gather } from './answer.ts'
import { Strand, type Parent } from './strand.ts'
import type { Timeline } from './timeline.ts'

/** What a gathering has done with its members. */
export interface Organiser {
  goOn(member: Strand): void
  cancel(member: Strand): void
  /** Calls `start` when no strand is left that could go on. */
  inNextWave(start: () => void): void
  /** Calls `start` when there is room for what another member may say. */
  whenRoom(start: () => void): void
  /** It is decided, and no member is left. */
  decided(answer: Answer): void
}

/** Members that are begun together, so that most of what they need is gone before others need theirs. */
const wave = 250

/** Members walked side by side until it is decided what they come to. */
export class Gathering {
  /** The strand that waits for what they come to. */
  readonly strand: Strand
  readonly #gather: Gather
  readonly #organiser: Organiser
  readonly #alive = new Set<Strand>()
  /** What those had seen that had ended before it was decided. */
  readonly #seen: Timeline[] = []
  #reach: number
  /** Members do not depend on each other, so none starts from what another has seen. */
  readonly #horizon: number
  /** In what order members ended until it was decided; kept only where that can be asked for. */
  readonly #order: number[] = []
  /** Those that had ended when that was decided once before. */
  readonly #kept: ReadonlySet<number> | undefined
  /** Their outcomes, until all are there to be heard in the order that was kept. */
  readonly #early = new Map<number, Settled>()
  /** Those that had ended by their own records and are still to be heard. */
  readonly #awaited = new Set<number>()
  #next = 0
  #started = 0
  #decision: (() => Answer) | undefined
  #isMarked: boolean
  #isStarting = false
  /** Whether further members are to begin when those of this wave have gone as far as they can. */
  #isBetweenWaves = false
  #isOver = false

  constructor(strand: Strand, gather: Gather, organiser: Organiser) {
    this.strand = strand
    this.#gather = gather
    this.#organiser = organiser
    this.#horizon = strand.horizon
    this.#reach = strand.horizon
    const recorded = gather.decision?.recorded
    this.#isMarked = recorded !== undefined
    this.#kept = recorded && new Set(recorded.order)
  }

  /** Whether the order in which members end decides. */
  get inOrder(): boolean {
    return this.#gather.inOrder
  }

  readonly start = (): void => {
    if (this.#isStarting || this.#isBetweenWaves) return
    this.#isStarting = true
    const until = this.#comesInWaves ? this.#next + wave : this.#gather.count
    while (this.#next < this.#gather.count) {
      const index = this.#next
      const mayStart = this.#mayStart(index)
      if (!mayStart && this.#isOpen) break
      if (index === until) {
        this.#rest()
        break
      }
      this.#next += 1
      if (!mayStart) continue
      this.#started = index + 1
      const outcome = this.#gather.recorded?.(index)
      if (outcome) this.#hear(index, outcome)
      else this.#startOne(index)
    }
    this.#isStarting = false
    this.#close()
  }

  /** Where it matters what went first, or what had ended before, all that may begin does so at once. */
  get #comesInWaves(): boolean {
    const { isNew = false, inOrder } = this.#gather
    return isNew && !inOrder && !this.strand.isTimed
  }

  #rest(): void {
    this.#isBetweenWaves = true
    this.#organiser.inNextWave(() => {
      this.#isBetweenWaves = false
      this.start()
    })
  }

  /** What had begun is walked again in any case, so that it can be ended. */
  #mayStart(index: number): boolean {
    const { atOnce, hasBegun, decision } = this.#gather
    if (decision?.recorded !== undefined && index < decision.recorded.started) return true
    return (this.#isOpen && this.#alive.size < atOnce) || hasBegun(index)
  }

  /** Whether any member may still begin, as soon as there is a place for it. */
  get #isOpen(): boolean {
    return this.#decision === undefined && !this.strand.isCancelled
  }

  #startOne(index: number): void {
    const { scope, begin, isOver = false } = this.#gather.member(index)
    const member = new Strand(scope, begin, new Membership(this, index))
    member.horizon = this.#horizon
    this.#alive.add(member)
    if (this.#gather.known?.has(index) === true) this.#awaited.add(index)
    this.#organiser.goOn(member)
    if (isOver || this.#decision !== undefined || this.strand.isToUnwind) {
      this.#organiser.cancel(member)
    }
  }

  /** A member has ended by itself. */
  ended(index: number, outcome: Settled, member: Strand): void {
    this.#alive.delete(member)
    if (this.#decision === undefined) {
      if (!this.#gather.isRecorded) this.#seen.push(member.timeline)
      this.#reach = Math.max(this.#reach, member.horizon)
      this.#hear(index, outcome)
    }
    this.#goOn()
  }

  /** A member was ended. */
  dropped(member: Strand): void {
    this.#alive.delete(member)
    this.#goOn()
  }

  #hear(index: number, outcome: Settled): void {
    if (this.#kept === undefined) {
      if (!this.#awaited.delete(index) || this.#awaited.size === 0) this.#decide(index, outcome)
      else this.#gather.known?.note(index, outcome)
      return
    }
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
    const isOpen = this.#decision === undefined && !this.#isBetweenWaves
    if (isOpen && this.#next < this.#gather.count) this.#organiser.whenRoom(this.start)
    this.#close()
  }

  #close(): void {
    if (this.#isOver || this.#isStarting || this.#alive.size > 0) return
    if (this.#next === this.#gather.count) this.#decision ??= this.#gather.otherwise
    if (this.#decision === undefined) return
    this.#isOver = true
    this.strand.meetsAt(this.#reach)
    for (const timeline of this.#seen) this.strand.timeline.saw(timeline)
    this.#organiser.decided(this.#decision())
  }

  /** What is to be kept of the decision, once. */
  mark(): OperationUpdate[] | undefined {
    if (this.#isMarked || this.#decision === undefined) return undefined
    this.#isMarked = true
    return this.#gather.decision?.record({ order: this.#order, started: this.#started })
  }
}

/** What a member has above it. A class, because there may be thousands of them. */
class Membership implements Parent {
  readonly #gathering: Gathering
  readonly #index: number

  constructor(gathering: Gathering, index: number) {
    this.#gathering = gathering
    this.#index = index
  }

  get strand(): Strand {
    return this.#gathering.strand
  }

  get inOrder(): boolean {
    return this.#gathering.inOrder
  }

  ended(outcome: Settled, member: Strand): void {
    this.#gathering.ended(this.#index, outcome, member)
  }

  dropped(member: Strand): void {
    this.#gathering.dropped(member)
  }

  mark(): OperationUpdate[] | undefined {
    return this.#gathering.mark()
  }
}
