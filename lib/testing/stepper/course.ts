import type { OperationRecord } from '../../journal/record.ts'
import type { Answer } from './answers.ts'
import { StepperError } from './misuse.ts'
import { isWithin, recordsUpTo } from './past.ts'
import type { Setting } from './setting.ts'
import { Walk } from './walk.ts'

// A course is a line of answers and a point on it: first come those on record, which the walk has gone
// through all at once and the point only moves over; then those given here, which the walk stands
// behind. To go back is to walk again with fewer of them.

interface Given {
  readonly id: string
  /** Absent for a wait whose time passes. */
  readonly answer: Answer | undefined
  /** Whether it is made of others, and none of them was entered. */
  readonly isWhole?: boolean
}

/** What a course starts from, and all that has been answered in it so far. */
interface Line {
  readonly base: readonly OperationRecord[]
  readonly given: readonly Given[]
}

export class Course {
  readonly #setting: Setting
  #line: Line
  #walk: Walk
  /** How many answers lie behind the point. */
  #point: number
  /** The operation that comes first of those that are open, where somebody has said so. */
  #chosen: string | undefined

  /** `past` is how many answers its records have. */
  constructor(setting: Setting, line: Line, point = 0, past = 0) {
    this.#setting = setting
    this.#line = line
    this.#point = point
    this.#walk = this.#walkTo(point, past)
  }

  get walk(): Walk {
    return this.#walk
  }

  get point(): number {
    return this.#point
  }

  /** How many answers were on record. */
  get #past(): number {
    return this.#walk.recorded.length
  }

  get isOnRecord(): boolean {
    return this.#point < this.#past
  }

  /** The ids of the recorded operations that it has gone over. */
  get behind(): string[] {
    return this.#walk.recorded.slice(0, this.#point).map(({ id }) => id)
  }

  /** The ids of the operations that were answered here. */
  get answered(): string[] {
    return this.#given.map(({ id }) => id)
  }

  /** The ids of the records that stand for what is open. */
  get open(): readonly string[] {
    const recorded = this.#walk.recorded[this.#point]
    if (recorded !== undefined) return [recorded.id]
    const { open } = this.#walk
    const chosen = this.#chosen
    if (chosen === undefined || ![...open, ...this.untouched].includes(chosen)) return open
    return [chosen, ...open.filter((id) => id !== chosen)]
  }

  /** The ids of callbacks that may be answered, and are not waited for yet. */
  get early(): readonly string[] {
    return this.isOnRecord ? [] : this.#walk.early
  }

  /** The ids of what is made of others and may be answered as a whole. */
  get untouched(): readonly string[] {
    return this.isOnRecord ? [] : this.#walk.untouched
  }

  /** What the service would hold by now, without the execution's own. */
  get records(): readonly OperationRecord[] {
    const current = this.#walk.recorded[this.#point]
    if (current === undefined) return this.#walk.records
    return recordsUpTo(this.#line.base, this.behind, current.id)
  }

  /** The callback inside a `waitForCallback` has the record that answers it. */
  recordId(id: string): string {
    const ids = [...this.open, ...this.#walk.early]
    return ids.find((one) => this.#walk.sight(one).id === id) ?? id
  }

  /** Has that operation come first. */
  choose(id: string): void {
    this.#chosen = id
  }

  goTo(point: number): void {
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
  }

  fork(): Course {
    return new Course(this.#setting, this.#line, this.#point, this.#past)
  }

  goPast(id: string): void {
    if (this.isOnRecord) {
      this.#point += 1
    } else if (this.untouched.includes(id)) {
      this.#chosen = this.#walk.open.find((one) => isWithin(one, id))
    } else if (this.#walk.isTimer(id)) {
      this.#give({ id, answer: undefined })
    } else {
      const { words } = this.#walk.sight(id)
      throw new StepperError(
        'NEEDS_ANSWER',
        `${words} is new, and nobody has said how it answers: call succeed(value), fail(error) or timeout().`,
      )
    }
  }

  answer(id: string, answer: Answer): void {
    if (!this.isOnRecord) return this.#give({ id, answer })
    const before = { line: this.#line, walk: this.#walk, point: this.#point }
    try {
      this.#line = { base: recordsUpTo(this.#line.base, this.behind, id), given: [] }
      const { id: shownId } = this.#walk.sight(id)
      this.#walk = this.#walkTo(0)
      this.#point = this.#past
      this.#give({ id: this.recordId(shownId), answer })
    } catch (error) {
      this.#line = before.line
      this.#walk = before.walk
      this.#point = before.point
      throw error
    }
  }

  #give(given: Given): void {
    const behind = this.#given
    const isWhole = this.#walk.untouched.includes(given.id)
    if (!isWhole && !this.#walk.isOpen(given.id)) {
      throw new StepperError(
        'UNKNOWN_OPERATION',
        `${this.#walk.sight(given.id).words} (${given.id}) does not wait for an answer any longer.`,
      )
    }
    const taken = isWhole ? { ...given, isWhole } : given
    try {
      // What has been entered is left again by going the same way, and not entering it.
      if (isWhole) this.#walk = this.#walkWith([...behind, taken])
      else apply(this.#walk, taken)
    } catch (error) {
      // What was begun with that answer is not to be seen.
      this.#walk = this.#walkTo(this.#point)
      throw error
    }
    this.#line = { ...this.#line, given: [...behind, taken] }
    this.#point += 1
    this.#chosen = undefined
  }

  get #given(): readonly Given[] {
    return this.#line.given.slice(0, Math.max(0, this.#point - this.#past))
  }

  #walkTo(point: number, past = this.#past): Walk {
    return this.#walkWith(this.#line.given.slice(0, Math.max(0, point - past)))
  }

  #walkWith(given: readonly Given[]): Walk {
    const wholes = given.flatMap(({ id, isWhole }) => (isWhole === true ? [id] : []))
    const base = this.#line.base.filter(
      ({ Id }) => !wholes.some((id) => Id === id || isWithin(Id, id)),
    )
    const walk = new Walk(this.#setting, base, new Set(wholes))
    for (const one of given) apply(walk, one)
    return walk
  }
}

function apply(walk: Walk, { id, answer }: Given): void {
  if (answer === undefined) walk.pass(id)
  else walk.give(id, answer)
}
