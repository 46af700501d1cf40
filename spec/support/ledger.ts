import type {
  ExecutionRecord,
  OperationRecord,
  OperationStatus,
  OperationType,
} from '../../lib/journal/record.ts'
import type { OperationUpdate } from '../../lib/journal/update.ts'
import type { ErrorRecord } from '../../lib/kernel/error-record.ts'

/** What happened to an operation outside: how it ended, with a result or an error. */
export interface Happening {
  readonly status: OperationStatus
  readonly result?: string
  readonly error?: ErrorRecord
}

const start = Date.UTC(2026, 0, 1)
const detailsOf = {
  EXECUTION: 'ExecutionDetails',
  CONTEXT: 'ContextDetails',
  STEP: 'StepDetails',
  WAIT: 'WaitDetails',
  CALLBACK: 'CallbackDetails',
  CHAINED_INVOKE: 'ChainedInvokeDetails',
} as const satisfies Record<OperationType, string>

const statusAfter = {
  START: 'STARTED',
  SUCCEED: 'SUCCEEDED',
  FAIL: 'FAILED',
  RETRY: 'PENDING',
  CANCEL: 'CANCELLED',
} as const

type Details = Record<string, unknown>

/** A service's records, as plain as can be: updates go in, records come out, a second passes each time. */
export class Ledger {
  readonly #records = new Map<string, OperationRecord>()
  #seconds = 0

  constructor(input: unknown = null) {
    this.put({
      Id: 'execution',
      Type: 'EXECUTION',
      Status: 'STARTED',
      StartTimestamp: this.#now(),
      ExecutionDetails: { InputPayload: JSON.stringify(input) },
    })
  }

  get execution(): ExecutionRecord {
    return this.#records.get('execution') as ExecutionRecord
  }

  get records(): OperationRecord[] {
    return [...this.#records.values()]
  }

  /** The statuses of all operations by id, the execution's left out. */
  get statuses(): Record<string, OperationStatus> {
    const operations = this.records.filter(({ Type }) => Type !== 'EXECUTION')
    return Object.fromEntries(operations.map(({ Id, Status }) => [Id, Status]))
  }

  put(record: OperationRecord): OperationRecord {
    this.#records.set(record.Id, record)
    return record
  }

  /** Takes updates in; answers the records that they made. */
  apply(updates: readonly OperationUpdate[]): OperationRecord[] {
    const touched = new Set<string>()
    for (const update of updates) {
      this.#seconds += 1
      this.put(this.#after(update))
      touched.add(update.Id)
    }
    return [...touched].map((id) => this.#get(id))
  }

  /** Something happens to an operation outside; answers its new record. */
  happen(id: string, { status, result, error }: Happening): OperationRecord {
    this.#seconds += 1
    const record = this.#get(id)
    const details = this.#detailsOf(record)
    if (result !== undefined) details['Result'] = result
    if (error !== undefined) details['Error'] = error
    return this.put(this.#made(record, status, details))
  }

  #after(update: OperationUpdate): OperationRecord {
    const { Id, Type, Action, ParentId, Name, SubType } = update
    const before = this.#records.get(Id)
    const base = before ?? {
      Id,
      Type,
      StartTimestamp: this.#now(),
      ...(ParentId === undefined ? {} : { ParentId }),
      ...(Name === undefined ? {} : { Name }),
      ...(SubType === undefined ? {} : { SubType }),
    }
    const details = before ? this.#detailsOf(before) : {}
    if (update.Payload !== undefined) details['Result'] = update.Payload
    if (update.Error !== undefined) details['Error'] = update.Error
    if (update.ContextOptions?.ReplayChildren === true) details['ReplayChildren'] = true
    if (Type === 'CALLBACK') details['CallbackId'] = `callback-${Id}`
    if (Type === 'CHAINED_INVOKE') delete details['Result']
    if (Type === 'STEP') {
      const ended = typeof details['Attempt'] === 'number' ? details['Attempt'] : 0
      details['Attempt'] = Action === 'START' ? ended : ended + 1
    }
    return this.#made(base as OperationRecord, statusAfter[Action], details)
  }

  #made(record: OperationRecord, status: OperationStatus, details: Details): OperationRecord {
    const isOver = !['STARTED', 'PENDING', 'READY'].includes(status)
    return {
      ...record,
      Status: status,
      ...(isOver ? { EndTimestamp: this.#now() } : {}),
      [detailsOf[record.Type]]: details,
    }
  }

  #detailsOf(record: OperationRecord): Details {
    return { ...(record as unknown as Record<string, Details>)[detailsOf[record.Type]] }
  }

  #get(id: string): OperationRecord {
    const record = this.#records.get(id)
    if (record === undefined) throw new Error(`Expected a record of operation ${id}.`)
    return record
  }

  #now(): string {
    return new Date(start + this.#seconds * 1000).toISOString()
  }
}
