import { positionId } from '../journal/ids.ts'
import type { Journal } from '../journal/journal.ts'

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

  /** The first id past those met that `journal` holds a record for. */
  unreached(journal: Journal): string | undefined {
    const id = positionId(this.id, this.#turn + 1)
    if (journal.has(id)) return id
    // A virtual context leaves no record of its own, but its operations do.
    const inside = positionId(id, 1)
    return journal.has(inside) ? inside : undefined
  }
}
