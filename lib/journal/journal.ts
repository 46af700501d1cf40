import { PerdureError } from '../kernel/errors.ts'
import type { ExecutionRecord, OperationRecord } from './record.ts'

/**
 * The log of one execution as the engine reads it: each operation's latest record, by id. The engine
 * never writes here; records come from the service alone.
 */
export class Journal {
  readonly execution: ExecutionRecord
  readonly #records = new Map<string, OperationRecord>()

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
  }

  /** How many operations are recorded, the execution itself not counted. */
  get size(): number {
    return this.#records.size
  }

  get(id: string): OperationRecord | undefined {
    return this.#records.get(id)
  }

  has(id: string): boolean {
    return this.#records.has(id)
  }

  /** Takes in a newer record of an operation. */
  take(record: OperationRecord): void {
    if (record.Type !== 'EXECUTION') this.#records.set(record.Id, record)
  }

  records(): IterableIterator<OperationRecord> {
    return this.#records.values()
  }
}
