import type { Journal } from '../journal/journal.ts'
import type { OperationRecord } from '../journal/record.ts'
import { dueAt } from '../journal/time.ts'
import type { OperationUpdate } from '../journal/update.ts'
import { isPerdureError, type PerdureError } from '../kernel/errors.ts'
import { failed, succeeded, type Settled } from '../kernel/settled.ts'
import type { Begin } from '../operations/member.ts'
import {
  Descriptor,
  isDescriptor,
  watchBuilds,
  type BuildWatch,
  type Operation,
} from '../operations/operation.ts'
import { end, type Answer, type Pend, type Run } from './answer.ts'
import { divergedEnd } from './divergence.ts'
import type { Environment } from './environment.ts'
import { Gates } from './gates.ts'
import { meet, type Ground } from './meet.ts'
import type { Observer, Reason } from './observer.ts'
import { notAnOperation, oversized } from './refusals.ts'
import { RunQueue } from './run-queue.ts'
import { Scope } from './scope.ts'
import { Strand } from './strand.ts'
import type { Work } from './work.ts'

// The step machine: strands walked against a journal. It is told what happened outside and says what
// is to be done there; it never waits, never calls out, and holds no promise.
//
//   M1. A strand is in one place: ready to go, waiting for a record, waiting for an acknowledgement,
//       or behind a piece of work. Whether anything can go on is read off counters.
//   M2. What is said goes out in the order in which it was said, so a count of acknowledged updates
//       tells what is durable. A strand's horizon is the count up to which it has seen results.
//   M3. Work begins only when the strand's horizon is acknowledged (law L2), unless asked otherwise.
//   M4. Once the machine has ended, it says nothing more.

/** How the machine has ended: what the workflow returned or threw, or why it had to be stopped. */
export type Ending =
  | { readonly how: 'returned'; readonly value: unknown }
  | { readonly how: 'threw'; readonly error: unknown }
  | {
      readonly how: 'stopped'
      readonly error: PerdureError
      /** The operation whose yield it was stopped at, where there is one. */
      readonly at?: Descriptor<unknown> | undefined
    }

/** A piece of work handed out, to be given back with its outcome. */
export interface Job {
  readonly work: Work
  readonly strand: Strand
  readonly then: (outcome: Settled) => Answer
}

interface Waiter {
  readonly strand: Strand
  readonly pend: Pend
  /** Until so many updates are durable, a record is older than what the strand itself has said. */
  readonly from: number
}

export class Machine implements BuildWatch {
  readonly #ground: Ground
  readonly #ready = new RunQueue()
  readonly #waiting = new Map<string, Waiter[]>()
  readonly #gates = new Gates()
  #jobs: Job[] = []
  #updates: OperationUpdate[] = []
  #issued = 0
  #running = 0
  #ending: Ending | undefined
  #current: Strand | undefined
  #unused = 0
  readonly #metAgain: Descriptor<unknown>[] = []

  constructor(journal: Journal, env: Environment, observer: Observer = {}) {
    this.#ground = { journal, env, observer, recordsMet: 0 }
  }

  /** Makes the workflow's own strand ready; its body begins at the next `advance`. */
  start(begin: Begin): void {
    this.#ready.push(new Strand(Scope.root(), begin), succeeded(undefined))
  }

  get ending(): Ending | undefined {
    return this.#ending
  }

  get canAdvance(): boolean {
    return this.#ending === undefined && !this.#ready.isEmpty
  }

  /** Whether nothing can go on before something happens at the service. */
  get isParked(): boolean {
    return this.#ready.isEmpty && this.#running === 0 && this.#gates.isEmpty
  }

  /** What parked strands wait for at the service. */
  get reasons(): Reason[] {
    return [...this.#waiting.values()].flat().map(({ pend: { id, words } }) => {
      return { id, words, until: dueAt(this.#ground.journal.get(id)) }
    })
  }

  /** Whether the code on the stack has run before, in an earlier invocation. */
  get isReplaying(): boolean {
    const strand = this.#current
    if (strand === undefined) return false
    const { scope, onRecordedGround } = strand
    if (scope.rebuilding || onRecordedGround) return true
    return scope.isRecordedAhead(this.#ground.journal)
  }

  /** Whether operations were built during the run that nobody yielded. */
  get hasUnused(): boolean {
    return this.#unused > 0
  }

  /** Descriptors that were met more than once. */
  get metAgain(): readonly Descriptor<unknown>[] {
    return this.#metAgain
  }

  built(descriptor: Descriptor<unknown>): void {
    this.#unused += 1
    this.#ground.observer.built?.(descriptor)
  }

  used(descriptor: Descriptor<unknown>): void {
    this.#unused -= 1
    this.#ground.observer.used?.(descriptor)
  }

  /** Walks every strand that can go on, until none can. */
  advance(): void {
    const watch = watchBuilds(this)
    try {
      while (this.#ending === undefined) {
        const turn = this.#ready.shift()
        if (turn === undefined) return
        this.#walk(turn.strand, turn.outcome)
      }
    } finally {
      watchBuilds(watch)
    }
  }

  /** What is to be reported, in order; each update is handed out once. */
  takeUpdates(): OperationUpdate[] {
    const updates = this.#updates
    if (updates.length > 0) this.#updates = []
    return updates
  }

  /** Work that may begin now; each job is handed out once. */
  takeJobs(): Job[] {
    const jobs = this.#jobs
    if (jobs.length > 0) this.#jobs = []
    return jobs
  }

  /** Gives back a job with its outcome. */
  settle(job: Job, outcome: Settled): void {
    this.#running -= 1
    if (this.#ending === undefined) this.#apply(job.strand, job.then(outcome))
  }

  /** The next `count` updates are durable, and these records are newer than those known. */
  acknowledge(count: number, records: readonly OperationRecord[]): void {
    this.#gates.acknowledge(count)
    for (const record of records) this.#ground.journal.take(record)
    if (this.#ending !== undefined) return
    for (const record of records) this.#wake(record)
    this.#gates.open()
  }

  #walk(strand: Strand, first: Settled): void {
    let outcome = first
    for (;;) {
      let yielded: IteratorResult<Operation<unknown>, unknown>
      this.#current = strand
      try {
        yielded = strand.go(outcome)
      } catch (error) {
        // Not the code's own failure but what it is made of: nothing to be caught around it.
        if (isPerdureError(error, 'NOT_AN_OPERATION')) return this.#stop(error)
        return this.#finish(strand, failed(error))
      } finally {
        this.#current = undefined
      }
      if (yielded.done === true) return this.#finish(strand, succeeded(yielded.value))
      const answer = this.#meet(strand, yielded.value)
      if (answer.next === 'end') return this.#stop(answer.error, yielded.value)
      if (answer.next !== 'resume' || answer.updates !== undefined) {
        return this.#apply(strand, answer)
      }
      strand.onRecordedGround = answer.handedOver === true
      outcome = answer.outcome
    }
  }

  /** Whether every record has been met, as at the end of most replays: then none can be left. */
  get #allMet(): boolean {
    return this.#ground.recordsMet === this.#ground.journal.size
  }

  #meet(strand: Strand, yielded: unknown): Answer {
    if (!isDescriptor(yielded)) return end(notAnOperation(yielded))
    if (Descriptor.meet(yielded) > 1) this.#metAgain.push(yielded)
    return meet(yielded, strand, this.#ground)
  }

  #apply(strand: Strand, answer: Answer): void {
    switch (answer.next) {
      case 'resume': {
        strand.onRecordedGround = answer.handedOver === true
        if (answer.updates === undefined || answer.updates.length === 0) {
          return this.#ready.push(strand, answer.outcome)
        }
        this.#say(answer.updates)
        strand.horizon = this.#issued
        if (this.#ground.env.checkpointing !== 'eager')
          return this.#ready.push(strand, answer.outcome)
        return this.#gates.add(this.#issued, () => void this.#ready.push(strand, answer.outcome))
      }
      case 'pend':
        this.#say(answer.updates)
        return this.#wait(strand, answer)
      case 'run':
        return this.#run(strand, answer)
      case 'spawn':
        this.#say(answer.updates)
        return this.#ready.push(
          new Strand(answer.scope, answer.begin, { strand, then: answer.then }),
          succeeded(undefined),
        )
      case 'acknowledged':
        return this.#gates.add(strand.horizon, () => void this.#apply(strand, answer.then()))
      case 'end':
        return this.#stop(answer.error)
    }
  }

  #stop(error: PerdureError, yielded?: unknown): void {
    this.#ending = { how: 'stopped', error, at: isDescriptor(yielded) ? yielded : undefined }
  }

  #say(updates: readonly OperationUpdate[] = []): void {
    for (const update of updates) {
      const error = oversized(update)
      if (error) return this.#stop(error)
      this.#updates.push(update)
      this.#issued += 1
    }
  }

  #wait(strand: Strand, pend: Pend): void {
    const said = pend.updates !== undefined && pend.updates.length > 0
    const waiter: Waiter = { strand, pend, from: said ? this.#issued : 0 }
    const others = this.#waiting.get(pend.id)
    if (others) others.push(waiter)
    else this.#waiting.set(pend.id, [waiter])
  }

  #wake(record: OperationRecord): void {
    const waiters = this.#waiting.get(record.Id)
    if (waiters === undefined) return
    this.#waiting.delete(record.Id)
    for (const waiter of waiters) {
      const { strand, pend, from } = waiter
      if (this.#gates.hasPassed(from)) this.#apply(strand, pend.on(record))
      else this.#waiting.set(record.Id, [...(this.#waiting.get(record.Id) ?? []), waiter])
    }
  }

  #run(strand: Strand, { updates, work, after, then }: Run): void {
    const seen = strand.horizon
    this.#say(updates)
    const eager = this.#ground.env.checkpointing === 'eager' && work.attempt !== undefined
    const until = after === 'said' || eager ? this.#issued : after === 'results' ? seen : 0
    this.#running += 1
    const job = { work, strand, then }
    if (this.#gates.hasPassed(until)) this.#jobs.push(job)
    else this.#gates.add(until, () => void this.#jobs.push(job))
  }

  #finish(strand: Strand, outcome: Settled): void {
    const unreached = this.#allMet ? undefined : strand.scope.unreached(this.#ground.journal)
    if (unreached !== undefined) {
      return this.#apply(strand, end(divergedEnd(this.#ground.journal, unreached)))
    }
    const { parent } = strand
    if (parent === undefined) {
      this.#ending = outcome.ok
        ? { how: 'returned', value: outcome.value }
        : { how: 'threw', error: outcome.error }
      return
    }
    parent.strand.meets(strand)
    this.#apply(parent.strand, parent.then(outcome))
  }
}
