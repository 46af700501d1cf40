import { positionId } from '../journal/ids.ts'
import type { Journal } from '../journal/journal.ts'
import { Compensations, type Compensation } from './compensations.ts'

/** The id itself, or of the first operation inside: virtual contexts leave no record of their own. */
function recordedAt(place: string, journal: Journal): string | undefined {
  let id = place
  for (let depth = 0; depth < virtualDepth; depth++) {
    if (journal.has(id)) return id
    id = positionId(id, 1)
  }
  return undefined
}

/** How deep virtual contexts may stand in each other and still be looked into. */
const virtualDepth = 5

interface ScopeOptions {
  readonly rebuilding?: boolean
  readonly slot?: number
  readonly parent?: Scope
  readonly compensations?: Compensations | undefined
}

type ChildOptions = Pick<ScopeOptions, 'rebuilding' | 'compensations'> & {
  readonly virtual?: boolean
}

/**
 * The context in which operations are counted. A virtual one numbers them apart, but they belong, for
 * the service, to the nearest real one.
 */
export class Scope {
  /** The id of the context's own operation, '' for the workflow's. */
  readonly id: string
  /** What its operations name as their parent. */
  readonly parentId: string | undefined
  /** Whether the context has succeeded already, and its body only makes the result again. */
  readonly rebuilding: boolean
  /** Whether it only gives one item of a fan-out its place in the whole. */
  readonly isSlot: boolean
  /** The steps around here that are to be undone should the saga around them fail. */
  readonly compensations: Compensations
  /** Whether something in here is to be undone, so that a replay must enter it to know how. */
  hasCompensations = false
  readonly #parent: Scope | undefined
  #turn = 0
  #draws = 0
  #statuses = 0

  constructor(id: string, parentId: string | undefined, options: ScopeOptions = {}) {
    const { rebuilding = false, slot, parent, compensations } = options
    this.id = id
    this.parentId = parentId
    this.rebuilding = rebuilding
    this.isSlot = slot !== undefined
    this.#turn = slot ?? 0
    this.#parent = parent
    this.compensations = compensations ?? parent?.compensations ?? new Compensations()
  }

  /** Notes how something in here is undone, here and in all contexts up to the saga's. */
  compensate(compensation: Compensation): void {
    this.compensations.add(compensation)
    this.#mark()
  }

  #mark(): void {
    this.hasCompensations = true
    if (this.#parent?.compensations === this.compensations) this.#parent.#mark()
  }

  static root(compensations?: Compensations): Scope {
    return new Scope('', undefined, { compensations })
  }

  child(
    id: string,
    { virtual = false, rebuilding = false, compensations }: ChildOptions = {},
  ): Scope {
    return new Scope(id, virtual ? this.parentId : id, {
      rebuilding: rebuilding || this.rebuilding,
      parent: this,
      compensations,
    })
  }

  /** The place of the `index`-th item, from 0, in the fan-out `id`. */
  slot(id: string, index: number, rebuilding: boolean): Scope {
    return new Scope(id, id, {
      rebuilding: rebuilding || this.rebuilding,
      slot: index,
      parent: this,
    })
  }

  /** The same context, for what the driver does in it beside the code and under ids of its own. */
  aside(): Scope {
    return new Scope(this.id, this.parentId, { rebuilding: this.rebuilding, slot: 0, parent: this })
  }

  /** The virtual context of the `index`-th member, from 0, of the combinator `id`. */
  member(id: string, index: number, rebuilding: boolean): Scope {
    return this.child(positionId(id, index + 1), { virtual: true, rebuilding })
  }

  /** The id of the operation met next; counted from 1, in the order of the yields. */
  nextId(): string {
    this.#turn += 1
    return positionId(this.id, this.#turn)
  }

  /** The id of the next word that the code here gives on how far it is. */
  nextStatusId(): string {
    this.#statuses += 1
    return positionId(this.id === '' ? 's' : `s-${this.id}`, this.#statuses)
  }

  /** A number for values drawn without a record; they count for themselves. */
  nextDraw(): string {
    this.#draws += 1
    return `${this.id}#${this.#draws}`
  }

  /** Whether `journal` holds a record for the operation that would be met next. */
  isRecordedAhead(journal: Journal): boolean {
    return recordedAt(positionId(this.id, this.#turn + 1), journal) !== undefined
  }

  /** Whether `journal` holds anything of what is still to be met here. */
  holdsRecords(journal: Journal): boolean {
    if (this.isRecordedAhead(journal)) return true
    if (this.isSlot) return journal.lastTurn(positionId(this.id, this.#turn + 1)) > 0
    return journal.lastTurn(this.id) > this.#turn
  }

  /** The first id past those met that `journal` holds a record for. */
  unreached(journal: Journal): string | undefined {
    if (this.isSlot) return undefined
    return journal.lastTurn(this.id) > this.#turn
      ? journal.firstPast(this.id, this.#turn)
      : undefined
  }
}
