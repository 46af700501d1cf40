import type { OperationRecord } from '../journal/record.ts'
import type { StoredEvent } from './history.ts'
import type {
  ExecutionChange,
  ExecutionFacts,
  ExecutionProgress,
  OperationExtras,
  StoredExecution,
  StoredOperation,
} from './store.ts'

// The state of one execution.
//
//   E1. Records are never changed in place: a newer one replaces them. What was handed out stays as
//       it was.
//   E2. How many operations are pending, and which the handler has not been told of, is counted as
//       things happen. No question asked at a checkpoint looks at all operations.
//   E3. Operations below a context that has ended are hidden from the handler, unless the context
//       asked for its children to be replayed. They stay in the history.

interface Operation {
  readonly sequence: number
  record: OperationRecord
  extras: OperationExtras | undefined
  hidden: boolean
  /** Bytes of the record as JSON; 0 until somebody asks. */
  bytes: number
  children: Operation[] | undefined
}

/** Who caused a change: the handler's own update, or something that befell the operation. */
export type Cause = 'update' | 'event'

/** Some records, and the place in the order of starts from which the next page goes on. */
export interface RecordPage {
  readonly records: OperationRecord[]
  readonly next?: number
}

export class Execution {
  readonly facts: ExecutionFacts
  #progress: ExecutionProgress = { status: 'RUNNING', crashes: 0, errors: 0, idle: 0 }
  readonly #operations = new Map<string, Operation>()
  readonly #order: Operation[] = []
  readonly #events: StoredEvent[] = []
  #pending = 0
  /** Operations whose latest record the handler has not been sent, and what changed them. */
  readonly #undelivered = new Map<string, Cause>()

  readonly #onChange: (execution: Execution) => void
  readonly #unsaved = new Set<Operation>()
  #savedEvents = 0
  #isStored = false

  /** A new execution; or one that was `stored`, as it was then. `onChange` hears of every change. */
  constructor(
    facts: ExecutionFacts,
    onChange: (execution: Execution) => void,
    stored?: StoredExecution,
  ) {
    this.facts = facts
    this.#onChange = onChange
    for (const { record, extras } of stored?.operations ?? [opening(facts)]) {
      this.put(record, 'update', extras)
    }
    this.#undelivered.clear()
    if (!stored) return
    this.#unsaved.clear()
    for (const one of stored.events) this.#events.push(one)
    this.#savedEvents = this.#events.length
    this.#progress = stored.progress
    this.#isStored = true
  }

  get arn(): string {
    return this.facts.arn
  }

  get progress(): ExecutionProgress {
    return this.#progress
  }

  get isRunning(): boolean {
    return this.#progress.status === 'RUNNING'
  }

  /** How many operations there are besides the execution's own. */
  get size(): number {
    return this.#order.length - 1
  }

  /** How many operations can still move without the handler. */
  get pending(): number {
    return this.#pending
  }

  get events(): readonly StoredEvent[] {
    return this.#events
  }

  get(id: string): OperationRecord | undefined {
    return this.#operations.get(id)?.record
  }

  extrasOf(id: string): OperationExtras | undefined {
    return this.#operations.get(id)?.extras
  }

  /** Every record, in the order of starts. */
  *records(): IterableIterator<OperationRecord> {
    for (const operation of this.#order) yield operation.record
  }

  /** Takes over what changed in how far the execution has come; `undefined` takes a member away. */
  advance(change: { [K in keyof ExecutionProgress]?: ExecutionProgress[K] | undefined }): void {
    const progress: Record<string, unknown> = { ...this.#progress, ...change }
    for (const member of Object.keys(change)) {
      if (progress[member] === undefined) Reflect.deleteProperty(progress, member)
    }
    this.#progress = progress as unknown as ExecutionProgress
    this.#onChange(this)
  }

  append(event: StoredEvent): void {
    this.#events.push(event)
    this.#onChange(this)
  }

  /** Takes in the next record of an operation (E1), its extras with it where they change. */
  put(record: OperationRecord, cause: Cause, extras?: OperationExtras): void {
    const operation = this.#operations.get(record.Id) ?? this.#add(record)
    this.#pending += Number(isPending(record)) - Number(isPending(operation.record))
    operation.record = record
    operation.bytes = 0
    if (extras) operation.extras = extras
    if (hidesChildren(record)) hide(operation.children)
    this.#undelivered.set(record.Id, cause)
    this.#unsaved.add(operation)
    this.#onChange(this)
  }

  /** Takes over what is kept besides the record; the handler has no part in it. */
  note(id: string, extras: OperationExtras): void {
    const operation = this.#operations.get(id)
    if (!operation) return
    operation.extras = extras
    this.#unsaved.add(operation)
    this.#onChange(this)
  }

  /** Whether something befell an operation that the handler has not been told. */
  get hasNews(): boolean {
    for (const cause of this.#undelivered.values()) if (cause === 'event') return true
    return false
  }

  /** The records that the handler has not been sent; from now on it has. */
  takeUndelivered(): OperationRecord[] {
    const records: OperationRecord[] = []
    for (const id of this.#undelivered.keys()) {
      const record = this.get(id)
      if (record) records.push(record)
    }
    this.#undelivered.clear()
    return records
  }

  /** The ids of operations that something befell; the handler is about to be sent all there is. */
  takeNews(): string[] {
    const ids: string[] = []
    for (const [id, cause] of this.#undelivered) {
      if (cause === 'event' && !this.#operations.get(id)?.hidden) ids.push(id)
    }
    this.#undelivered.clear()
    return ids
  }

  /**
   * Records in the order of starts, from place `from` on. A first record over `maxBytes` is left
   * for a later page, unless `isWhole` wants each page to make progress.
   */
  page(from: number, maxItems: number, maxBytes: number, isWhole: boolean): RecordPage {
    const records: OperationRecord[] = []
    let bytes = 0
    for (let place = from; place < this.#order.length; place += 1) {
      const operation = this.#order[place]
      if (!operation || operation.hidden) continue
      operation.bytes ||= sizeOf(operation.record)
      bytes += operation.bytes
      const isForced = isWhole && records.length === 0
      if (records.length >= maxItems || (bytes > maxBytes && !isForced)) {
        return { records, next: place }
      }
      records.push(operation.record)
    }
    return { records }
  }

  /** What changed since the last time this was asked. */
  takeChange(): ExecutionChange {
    const change: ExecutionChange = {
      arn: this.arn,
      ...(this.#isStored ? {} : { facts: this.facts }),
      progress: this.#progress,
      operations: [...this.#unsaved].map(stored),
      events: this.#events.slice(this.#savedEvents),
    }
    this.#isStored = true
    this.#unsaved.clear()
    this.#savedEvents = this.#events.length
    return change
  }

  #add(record: OperationRecord): Operation {
    const parent = record.ParentId == null ? undefined : this.#operations.get(record.ParentId)
    const operation: Operation = {
      sequence: this.#order.length,
      record,
      extras: undefined,
      hidden: parent !== undefined && (parent.hidden || hidesChildren(parent.record)),
      bytes: 0,
      children: undefined,
    }
    this.#operations.set(record.Id, operation)
    this.#order.push(operation)
    if (parent) (parent.children ??= []).push(operation)
    if (isPending(record)) this.#pending += 1
    return operation
  }
}

/** Whether an operation can still move without the handler. */
export function isPending({ Type, Status }: OperationRecord): boolean {
  if (Type === 'STEP') return Status === 'PENDING'
  return (
    Status === 'STARTED' && (Type === 'WAIT' || Type === 'CALLBACK' || Type === 'CHAINED_INVOKE')
  )
}

function opening(facts: ExecutionFacts): Pick<StoredOperation, 'record' | 'extras'> {
  return {
    record: {
      Id: facts.id,
      Type: 'EXECUTION',
      Status: 'STARTED',
      StartTimestamp: facts.startedAt,
      ExecutionDetails: facts.input === undefined ? {} : { InputPayload: facts.input },
    },
  }
}

function hidesChildren(record: OperationRecord): boolean {
  return (
    record.Type === 'CONTEXT' &&
    record.Status !== 'STARTED' &&
    record.ContextDetails?.ReplayChildren !== true
  )
}

function hide(operations: readonly Operation[] | undefined): void {
  for (const operation of operations ?? []) {
    if (operation.hidden) continue
    operation.hidden = true
    hide(operation.children)
  }
}

/** Bytes of the record in an answer, where times are longer than they are here. */
function sizeOf(record: OperationRecord): number {
  return Buffer.byteLength(JSON.stringify(record)) + 48
}

function stored({ sequence, record, extras }: Operation): StoredOperation {
  return { sequence, record, ...(extras ? { extras } : {}) }
}
