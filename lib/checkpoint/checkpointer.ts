import { isSettled, type OperationRecord } from '../journal/record.ts'
import type { OperationUpdate } from '../journal/update.ts'
import { sleep, type Clock } from '../kernel/clock.ts'
import { limits } from '../kernel/limits.ts'
import { trace } from '../kernel/log.ts'
import type { Random } from '../kernel/random.ts'
import { packed } from './batch.ts'
import { retryAfter, ServiceFailure } from './failures.ts'
import { loadRecords } from './load-records.ts'
import type { CheckpointResponse, DurableService } from './port.ts'

// Makes updates durable.
//
//   C1. One call is in flight at a time, because each answer holds the token of the next call.
//   C2. Updates go out in the order in which they came; what comes during a call joins the next.
//   C3. An answer without a token means that this invocation must not say anything more.

/** What one call has made durable, and what the service told in return. */
export interface Acknowledgement {
  readonly count: number
  readonly records: readonly OperationRecord[]
}

export interface CheckpointerOptions {
  readonly service: DurableService
  readonly executionArn: string
  readonly token: string
  readonly clock: Clock
  readonly random: Random
  /** Milliseconds that the invocation has left, to give up on a throttled call in time. */
  readonly remaining: () => number
  /** Whether an operation is known to have ended, so that there is nothing to cancel any more. */
  readonly isOver: (id: string) => boolean
}

const firstBackoff = 100
const longestBackoff = 10_000
/** Tries of one throttled call, the client's own not counted. */
const mostTries = 8

export class Checkpointer {
  readonly #options: CheckpointerOptions
  #token: string | undefined
  /** An update that was left out keeps its place: it is durable with the one after it. */
  #queue: (OperationUpdate | undefined)[] = []
  /** Where in the queue that begins which is not yet sent. */
  #next = 0
  /** Whether something was queued since the last call. */
  #hasGrown = false
  #inFlight = false
  /** Waits of which an answer told that they are over; others come to know that a moment later. */
  readonly #ended = new Set<string>()

  constructor(options: CheckpointerOptions) {
    this.#options = options
    this.#token = options.token
  }

  /** Whether there is nothing to say and nothing being said. */
  get isIdle(): boolean {
    return !this.#inFlight && this.#queued === 0
  }

  /** Whether the service has taken the token away (C3). */
  get isHalted(): boolean {
    return this.#token === undefined
  }

  add(updates: readonly OperationUpdate[]): void {
    if (updates.length === 0) return
    if (this.#queued === 0) {
      this.#queue = [...updates]
      this.#next = 0
    } else for (const update of updates) this.#queue.push(update)
    this.#hasGrown = true
  }

  /** Starts a call when there is something to say and none in flight; answers `undefined` if not. */
  flush(): Promise<Acknowledgement> | undefined {
    if (this.#inFlight || this.#queued === 0 || this.#token === undefined) return undefined
    if (this.#hasGrown && this.#queued > limits.updatesPerCheckpoint) this.#elideStarts()
    this.#hasGrown = false
    const from = this.#next
    this.#next += packed(this.#queue, from)
    const batch = this.#queue.slice(from, this.#next)
    this.#queue.fill(undefined, from, this.#next)
    this.#inFlight = true
    return this.#send(batch, this.#next - from)
  }

  get #queued(): number {
    return this.#queue.length - this.#next
  }

  /** Asks for what is new, when there is nothing to say and no call in flight. */
  refresh(): Promise<Acknowledgement> | undefined {
    if (!this.isIdle || this.#token === undefined) return undefined
    this.#inFlight = true
    return this.#send([], 0)
  }

  /**
   * Drops the START of each step that has ended before it could be sent, when more is queued than one
   * call takes: the service takes the end alone, and a wide fan-out needs a quarter fewer calls.
   */
  #elideStarts(): void {
    const ended = new Set<string>()
    for (let i = this.#queue.length - 1; i >= this.#next; i--) {
      const update = this.#queue[i]
      if (update?.Type !== 'STEP') continue
      if (update.Action === 'SUCCEED' || update.Action === 'FAIL') ended.add(update.Id)
      else if (update.Action === 'START' && ended.delete(update.Id)) this.#queue[i] = undefined
    }
  }

  async #send(
    batch: readonly (OperationUpdate | undefined)[],
    count: number,
  ): Promise<Acknowledgement> {
    let updates = batch.filter((update) => update !== undefined)
    updates = updates.filter(({ Action, Id }) => Action !== 'CANCEL' || !this.#isOver(Id))
    const records: OperationRecord[] = []
    for (let isTaken = false; !isTaken && this.#token !== undefined;) {
      try {
        records.push(...(await this.#exchange(updates, this.#token)))
        isTaken = true
      } catch (failure) {
        if (!isLateCancel(failure, updates)) throw failure
        const news = await this.#exchange([], this.#token)
        records.push(...news)
        updates = withoutLateCancels(updates, news)
      }
    }
    this.#inFlight = false
    trace.checkpoint.say('%d updates durable, %d records new', updates.length, records.length)
    return { count, records }
  }

  #isOver(id: string): boolean {
    return this.#ended.has(id) || this.#options.isOver(id)
  }

  /** One call, and all the records that its answer tells of. */
  async #exchange(
    updates: readonly OperationUpdate[],
    token: string,
  ): Promise<readonly OperationRecord[]> {
    const { CheckpointToken, NewExecutionState } = await this.#call(updates, token)
    this.#token = CheckpointToken ?? undefined
    const records = NewExecutionState?.Operations ?? []
    for (const record of records) {
      if (record.Type === 'WAIT' && isSettled(record)) this.#ended.add(record.Id)
    }
    const marker = NewExecutionState?.NextMarker
    if (!marker || this.#token === undefined) return records
    const { service, executionArn } = this.#options
    const rest = await loadRecords(service, { executionArn, token: this.#token, marker })
    return [...records, ...rest]
  }

  async #call(batch: readonly OperationUpdate[], token: string): Promise<CheckpointResponse> {
    const { service, executionArn, clock, random, remaining } = this.#options
    const request = {
      DurableExecutionArn: executionArn,
      CheckpointToken: token,
      ClientToken: random.uuid(),
      Updates: batch,
    }
    for (let tries = 1; ; tries++) {
      try {
        return await service.checkpoint(request)
      } catch (error) {
        const failure = new ServiceFailure('CheckpointDurableExecution', error)
        if (failure.scope !== 'throttled' || tries >= mostTries) throw failure
        const longest = Math.min(longestBackoff, firstBackoff * 2 ** tries)
        const pause = retryAfter(error) ?? longest / 2 + (random.fraction() * longest) / 2
        if (pause >= remaining()) throw failure
        trace.checkpoint.say('throttled, trying again in %d ms', pause)
        await sleep(clock, pause)
      }
    }
  }
}

/**
 * Whether the service would not cancel a wait because it was over a moment before. Nothing of the call
 * was applied then, and the rest of it still stands.
 */
function isLateCancel(failure: unknown, updates: readonly OperationUpdate[]): boolean {
  if (!(failure instanceof ServiceFailure) || failure.scope !== 'execution') return false
  return /cannot cancel/i.test(failure.message) && updates.some(({ Action }) => Action === 'CANCEL')
}

/** Without those of waits that are over by what the service tells; without any, where it does not tell. */
function withoutLateCancels(
  updates: readonly OperationUpdate[],
  news: readonly OperationRecord[],
): OperationUpdate[] {
  const over = new Set(news.filter(isSettled).map(({ Id }) => Id))
  const isTold = updates.some(({ Action, Id }) => Action === 'CANCEL' && over.has(Id))
  return updates.filter(({ Action, Id }) => Action !== 'CANCEL' || (isTold && !over.has(Id)))
}
