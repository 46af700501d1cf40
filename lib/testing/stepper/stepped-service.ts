import {
  isSettled,
  type CallbackRecord,
  type InvokeRecord,
  type OperationRecord,
  type StepRecord,
  type WaitRecord,
} from '../../journal/record.ts'
import { dueAt, toEpochMilliseconds } from '../../journal/time.ts'
import type { OperationUpdate } from '../../journal/update.ts'
import { elapsed, settled, transition, type Settlement } from '../../service/transition.ts'
import { latestOf } from './past.ts'

/** What the service would be to a walk: its records, what is due when, and the time. */
export class SteppedService {
  readonly #records = new Map<string, OperationRecord>()
  readonly #due = new Map<string, number>()
  /** Steps whose failure, and polls whose state, is their last, whatever their strategy says. */
  readonly #final = new Set<string>()
  /** Delays drawn before, so that the same walk takes the same time again. */
  readonly #delays: Map<string, number>
  #now: number

  constructor(base: readonly OperationRecord[], startedAt: number, delays: Map<string, number>) {
    this.#delays = delays
    this.#now = latestOf(base, startedAt)
    for (const record of base) this.#put(record)
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#now
  }

  get records(): OperationRecord[] {
    return [...this.#records.values()]
  }

  get(id: string): OperationRecord | undefined {
    return this.#records.get(id)
  }

  /** Which attempt of a body comes next or runs, counted from 1. */
  attempt(id: string): number {
    const record = this.#records.get(id)
    return (record?.Type === 'STEP' ? (record.StepDetails?.Attempt ?? 0) : 0) + 1
  }

  /** When the service moves an operation on by itself. */
  dueOf(id: string): number | undefined {
    return this.#due.get(id)
  }

  /** A callback is out of time then, unless it has ended. */
  setDue(id: string, due: number): void {
    if (!isSettled(this.#records.get(id))) this.#due.set(id, due)
  }

  /** What is due first, before `time`; nothing if nothing is. */
  firstDue(time: number, except: string): string | undefined {
    let first: string | undefined
    let soonest = time
    for (const [id, due] of this.#due) {
      if (due >= soonest || id === except) continue
      first = id
      soonest = due
    }
    return first
  }

  advanceTo(time: number): void {
    this.#now = Math.max(this.#now, time)
  }

  /** The next failure of a step, or state of a poll, is its last. */
  finish(id: string): void {
    this.#final.add(id)
  }

  /** Takes in what the machine reports, and answers the records that this has changed. */
  apply(updates: readonly OperationUpdate[]): OperationRecord[] {
    const changed = new Map<string, OperationRecord>()
    for (const update of updates) {
      const given = { now: this.#now, callbackId: `callback-${update.Id}` }
      const { record } = transition(this.#records.get(update.Id), this.#meant(update), given)
      this.#put(record)
      changed.set(record.Id, record)
    }
    return [...changed.values()]
  }

  /** The outside world ends a callback or a chained invoke. */
  settle(record: CallbackRecord | InvokeRecord, settlement: Settlement): OperationRecord {
    return this.#put(settled(record, settlement, this.#now).record)
  }

  /** The time of a wait, or of the delay before an attempt, is over. */
  elapse(record: WaitRecord | StepRecord): OperationRecord {
    return this.#put(elapsed(record, this.#now).record)
  }

  #meant(update: OperationUpdate): OperationUpdate {
    if (update.Action !== 'RETRY') return update
    if (this.#final.has(update.Id)) {
      const { StepOptions: _delay, ...rest } = update
      return { ...rest, Action: rest.SubType === 'WaitForCondition' ? 'SUCCEED' : 'FAIL' }
    }
    const { Id, Error: error, Payload, StepOptions } = update
    const key = JSON.stringify([Id, this.attempt(Id), error, Payload])
    const seconds = this.#delays.get(key) ?? StepOptions?.NextAttemptDelaySeconds ?? 0
    this.#delays.set(key, seconds)
    return { ...update, StepOptions: { NextAttemptDelaySeconds: seconds } }
  }

  #put(record: OperationRecord): OperationRecord {
    const { Id: id } = record
    this.#records.set(id, record)
    const due = isSettled(record) ? undefined : dueAt(record)
    if (due !== undefined) this.#due.set(id, due)
    else if (record.Type !== 'CALLBACK' || isSettled(record)) this.#due.delete(id)
    return record
  }
}

/** When an operation began, in milliseconds since 1970. */
export function startOf(record: OperationRecord | undefined): number | undefined {
  return toEpochMilliseconds(record?.StartTimestamp)
}
