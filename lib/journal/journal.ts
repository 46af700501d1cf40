import { PerdureError } from '../kernel/errors.ts'
import type { ExecutionRecord, OperationRecord } from './record.ts'

/**
 * The log of one execution as the engine reads it: each operation's latest record, by id. The engine
 * never writes here; records come from the service alone.
 */
export class Journal {
  readonly execution: ExecutionRecord
  /** How many operations this invocation has found on record, the execution itself not counted. */
  readonly size: number
  readonly #records = new Map<string, OperationRecord>()
  #lastTurns: Map<string, number> | undefined

  /** Throws INVALID_ENVELOPE when no record is the execution's own. */
  constructor(records: Iterable<OperationRecord>) {
    let execution: ExecutionRecord | undefined
    for (const record of records) {
      if (record.Type === 'EXECUTION') execution = record
      else this.#records.set(record.Id, record)
    }
    if (!execution) {
      throw new PerdureError(
        'INVALID_ENVELOPE',
        'The state of the execution holds no operation of type EXECUTION, even on its last page.',
      )
    }
    this.execution = execution
    this.size = this.#records.size
  }

  get(id: string): OperationRecord | undefined {
    return this.#records.get(id)
  }

  has(id: string): boolean {
    return this.#records.has(id)
  }

  /** Takes in a newer record of an operation. */
  take(record: OperationRecord): void {
    if (record.Type === 'EXECUTION') return
    this.#records.set(record.Id, record)
  }

  /**
   * The highest turn in a context at which, or inside of which, something is recorded; 0 for none, and
   * for a context that is on record whole.
   */
  lastTurn(context: string): number {
    if (!this.#lastTurns) {
      this.#lastTurns = new Map()
      for (const record of this.#records.values()) {
        if (!this.#isInWhole(record)) noteTurns(record.Id, this.#lastTurns)
      }
    }
    return this.#lastTurns.get(context) ?? 0
  }

  /** Whether it lies in a context that is on record whole, so that no code will come to it again. */
  #isInWhole({ ParentId }: OperationRecord): boolean {
    const parent = ParentId === undefined ? undefined : this.#records.get(ParentId)
    if (parent?.Type !== 'CONTEXT' || parent.Status !== 'SUCCEEDED') return false
    return parent.ContextDetails?.ReplayChildren !== true
  }

  /** The first record of a context that stands past `turn`: what code that ends there has not come to. */
  firstPast(context: string, turn: number): string | undefined {
    let first: { id: string; turn: number } | undefined
    for (const id of this.#records.keys()) {
      const its = turnIn(context, id)
      if (its !== undefined && its > turn && (!first || its < first.turn)) first = { id, turn: its }
    }
    return first?.id
  }

  records(): IterableIterator<OperationRecord> {
    return this.#records.values()
  }
}

/** The turn in `context` at which, or inside of which, `id` stands; nothing for what stands elsewhere. */
function turnIn(context: string, id: string): number | undefined {
  const prefix = context === '' ? '' : `${context}-`
  if (!id.startsWith(prefix)) return undefined
  const turn = Number.parseInt(id.slice(prefix.length), 10)
  return Number.isNaN(turn) ? undefined : turn
}

/**
 * Notes the turns along a position such as `3-1-2`, up to a context that has been noted before: what
 * is around that one has been noted with it. Ids that are no such path tell none.
 */
function noteTurns(id: string, turns: Map<string, number>): void {
  let path = id
  for (let isNew = true; isNew && path !== '';) {
    const dash = path.lastIndexOf('-')
    const turn = Number(path.slice(dash + 1))
    path = dash < 0 ? '' : path.slice(0, dash)
    const known = turns.get(path)
    isNew = known === undefined
    if (Number.isInteger(turn) && turn > (known ?? 0)) turns.set(path, turn)
    else if (isNew) turns.set(path, 0)
  }
}
