import { brokenInvariant } from '../kernel/errors.ts'
import type { OperationRecord } from '../journal/record.ts'
import { add, emptyContent, hide, hidesChildren, type Content, type Operation } from './content.ts'
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
//   E4. The operations and events of one that has ended may be let go of; who asks has them read
//       again, and they are forgotten with whoever asked.

/** Reads the execution again from where it is stored. */
export type Reread = () => StoredExecution

/** Who caused a change: the handler's own update, or something that befell the operation. */
export type Cause = 'update' | 'event'

const opened: ExecutionProgress = {
  status: 'RUNNING',
  crashes: 0,
  errors: 0,
  idle: 0,
  checkpoints: 0,
}

/** Some records, and the place in the order of starts from which the next page goes on. */
export interface RecordPage {
  readonly records: OperationRecord[]
  readonly next?: number
}

export class Execution {
  readonly facts: ExecutionFacts
  #progress: ExecutionProgress = opened
  /** Absent once it was let go of (E4). */
  #held: Content | undefined
  #seen: WeakRef<Content> | undefined
  #reread: Reread | undefined
  #pending = 0
  /** Operations whose latest record the handler has not been sent, and what changed them. */
  readonly #undelivered = new Map<string, Cause>()

  readonly #onChange: (execution: Execution) => void
  readonly #unsaved = new Set<Operation>()
  #savedEvents = 0
  #isStored = false

  /**
   * A new execution; or one that was `stored`, as it was then. `onChange` hears of every change. With
   * `reread`, what an ended one holds is not read before somebody asks.
   */
  constructor(
    facts: ExecutionFacts,
    onChange: (execution: Execution) => void,
    stored?: StoredExecution,
    reread?: Reread,
  ) {
    this.facts = facts
    this.#onChange = onChange
    if (!stored) {
      this.#held = emptyContent()
      const { record } = opening(facts)
      this.#unsaved.add(this.#place(this.#held, record))
      onChange(this)
      return
    }
    this.#progress = stored.progress
    this.#isStored = true
    if (reread && !this.isRunning) this.#reread = reread
    else this.#held = this.#fill(stored)
    this.#savedEvents = this.#held?.events.length ?? 0
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
    return this.#content.order.length - 1
  }

  /** How many operations can still move without the handler. */
  get pending(): number {
    return this.#pending
  }

  get events(): readonly StoredEvent[] {
    return this.#content.events
  }

  get(id: string): OperationRecord | undefined {
    return this.#content.operations.get(id)?.record
  }

  extrasOf(id: string): OperationExtras | undefined {
    return this.#content.operations.get(id)?.extras
  }

  /** Every record, in the order of starts. */
  *records(): IterableIterator<OperationRecord> {
    for (const operation of this.#content.order) yield operation.record
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
    this.#content.events.push(event)
    this.#onChange(this)
  }

  /** Takes in the next record of an operation (E1), its extras with it where they change. */
  put(record: OperationRecord, cause: Cause, extras?: OperationExtras): void {
    const operation = this.#place(this.#content, record, extras)
    this.#undelivered.set(record.Id, cause)
    this.#unsaved.add(operation)
    this.#onChange(this)
  }

  /** Takes over what is kept besides the record; the handler has no part in it. */
  note(id: string, extras: OperationExtras): void {
    const operation = this.#content.operations.get(id)
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
      if (cause === 'event' && !this.#content.operations.get(id)?.hidden) ids.push(id)
    }
    this.#undelivered.clear()
    return ids
  }

  /**
   * Records in the order of starts, from place `from` on. A first record over `maxBytes` is left
   * for a later page, unless `isWhole` wants each page to make progress.
   */
  page(from: number, maxItems: number, maxBytes: number, isWhole: boolean): RecordPage {
    const { order } = this.#content
    const records: OperationRecord[] = []
    let bytes = 0
    for (let place = from; place < order.length; place += 1) {
      const operation = order[place]
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
      events: this.#content.events.slice(this.#savedEvents),
    }
    this.#isStored = true
    this.#unsaved.clear()
    this.#savedEvents = this.#content.events.length
    return change
  }

  /** Lets go of what can be read again; only for one that has ended, and is stored as it is (E4). */
  release(reread: Reread): void {
    this.#reread = reread
    this.#held = undefined
    this.#undelivered.clear()
  }

  get #content(): Content {
    const known = this.#held ?? this.#seen?.deref()
    if (known) return known
    if (!this.#reread) throw brokenInvariant(`nothing is known of ${this.arn}`)
    const content = this.#fill(this.#reread())
    this.#seen = new WeakRef(content)
    return content
  }

  #fill({ operations, events }: StoredExecution): Content {
    const content = emptyContent()
    this.#pending = 0
    for (const { record, extras } of operations) this.#place(content, record, extras)
    for (const one of events) content.events.push(one)
    return content
  }

  /** Puts a record in its place, its extras with it where they are given. */
  #place(content: Content, record: OperationRecord, extras?: OperationExtras): Operation {
    const known = content.operations.get(record.Id)
    const operation = known ?? add(content, record)
    this.#pending +=
      Number(isPending(record)) - Number(known !== undefined && isPending(known.record))
    operation.record = record
    operation.bytes = 0
    if (extras) operation.extras = extras
    if (hidesChildren(record)) hide(operation.children)
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

/** Bytes of the record in an answer, where times are longer than they are here. */
function sizeOf(record: OperationRecord): number {
  return Buffer.byteLength(JSON.stringify(record)) + 48
}

function stored({ sequence, record, extras }: Operation): StoredOperation {
  return { sequence, record, ...(extras ? { extras } : {}) }
}
