import { positionId } from '../journal/ids.ts'
import type { Journal } from '../journal/journal.ts'

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
  #turn = 0
  #draws = 0

  constructor(id: string, parentId: string | undefined, rebuilding = false) {
    this.id = id
    this.parentId = parentId
    this.rebuilding = rebuilding
  }

  static root(): Scope {
    return new Scope('', undefined)
  }

  child(id: string, options: { virtual?: boolean; rebuilding?: boolean } = {}): Scope {
    const parentId = options.virtual === true ? this.parentId : id
    return new Scope(id, parentId, options.rebuilding === true || this.rebuilding)
  }

  /** The id of the operation met next; counted from 1, in the order of the yields. */
  nextId(): string {
    this.#turn += 1
    return positionId(this.id, this.#turn)
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

  /** The first id past those met that `journal` holds a record for. */
  unreached(journal: Journal): string | undefined {
    const last = journal.lastTurn(this.id)
    for (let turn = this.#turn + 1; turn <= last; turn++) {
      const id = recordedAt(positionId(this.id, turn), journal)
      if (id !== undefined) return id
    }
    return undefined
  }
}
