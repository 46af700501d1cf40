import type { Journal } from '../journal/journal.ts'
import type { OperationRecord } from '../journal/record.ts'
import { dueAt } from '../journal/time.ts'
import type { OperationUpdate } from '../journal/update.ts'
import { isPerdureError, type PerdureError } from '../kernel/errors.ts'
import { failed, succeeded, type Settled } from '../kernel/settled.ts'
import type { Begin, Member } from '../operations/member.ts'
import { ShieldOperation } from '../operations/compensation.ts'
import {
  Descriptor,
  isDescriptor,
  watchBuilds,
  type BuildWatch,
  type Operation,
} from '../operations/operation.ts'
import { TaskHandle } from '../operations/task.ts'
import {
  end,
  resume,
  type Answer,
  type Fork,
  type Gather,
  type Pend,
  type Run,
  type Spawn,
} from './answer.ts'
import { Compensations } from './compensations.ts'
import { divergedEnd } from './divergence.ts'
import type { Environment } from './environment.ts'
import { Gates } from './gates.ts'
import type { Ground } from './ground.ts'
import { meet } from './meet.ts'
import type { Observer, Reason } from './observer.ts'
import { Position } from './position.ts'
import { cancelled, notAnOperation, oversized } from './refusals.ts'
import { RunQueue } from './run-queue.ts'
import { undoing } from './sagas.ts'
import { Scope } from './scope.ts'
import { Strand } from './strand.ts'
import { Task } from './task.ts'
import { momentOf } from './timeline.ts'
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

/** Operations that cancelled code may ask for, in vain, before it is left where it is. */
const mostRefusals = 100

/** Updates not yet acknowledged, past which no further member of a bounded fan-out is started. */
const mostUnacknowledged = 2000

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
  #dropped: Job[] = []
  #updates: OperationUpdate[] = []
  #issued = 0
  #running = 0
  #ending: Ending | undefined
  #hasHandedOver = false
  #current: Strand | undefined
  #unused = 0
  readonly #metAgain: Descriptor<unknown>[] = []

  constructor(journal: Journal, env: Environment, observer: Observer = {}) {
    this.#ground = { journal, env, observer, recordsMet: 0, versions: new Map() }
  }

  /** Makes the workflow's own strand ready; its body begins at the next `advance`. */
  start(body: Member<unknown>): void {
    const compensations = new Compensations()
    const { errors } = this.#ground.env
    const begin = () => undoing(body, 'the workflow', compensations, errors)
    this.#goOn(new Strand(Scope.root(compensations), begin), succeeded(undefined))
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

  /** Whether something is waited for at the service while work goes on here. */
  get isWaitingBesideWork(): boolean {
    return this.#running > 0 && this.#waiting.size > 0
  }

  /** Whether the next invocation has been arranged for. */
  get isHandedOver(): boolean {
    return this.#hasHandedOver
  }

  /**
   * What arranges for the next invocation, once: a wait of a second, beside the workflow's own numbers.
   * Nothing while bodies run, and nothing where the service will call again anyway.
   */
  handOver(): OperationUpdate[] {
    if (this.#hasHandedOver || this.#running > 0 || !this.canAdvance) return []
    this.#hasHandedOver = true
    const id = `h-${this.#ground.journal.lastTurn('h') + 1}`
    const position = new Position(id, undefined, { type: 'WAIT', subType: 'HandOver' }, undefined)
    return [position.update('START', { WaitOptions: { WaitSeconds: 1 } })]
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
        if (turn.strand.place === turn) this.#walk(turn.strand, turn.outcome)
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

  /** Jobs that nobody waits for any longer; each is handed out once. */
  takeDropped(): Job[] {
    const dropped = this.#dropped
    if (dropped.length > 0) this.#dropped = []
    return dropped
  }

  /** Gives back a job with its outcome. */
  settle(job: Job, outcome: Settled): void {
    if (job.strand.place !== job) return
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
      if (strand.isUnwinding && ++strand.refused > mostRefusals) {
        return this.#finish(strand, failed(cancelled()))
      }
      const answer = this.#meet(strand, yielded.value)
      if (answer.next === 'end') return this.#stop(answer.error, yielded.value)
      if (answer.next !== 'resume' || answer.updates !== undefined || strand.isTimed) {
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
    if (strand.isUnwinding && !(yielded instanceof ShieldOperation)) {
      return resume(failed(cancelled()))
    }
    if (Descriptor.meet(yielded) > 1) this.#metAgain.push(yielded)
    return meet(yielded, strand, this.#ground)
  }

  #apply(strand: Strand, answer: Answer): void {
    switch (answer.next) {
      case 'resume': {
        strand.onRecordedGround = answer.handedOver === true
        if (answer.updates === undefined || answer.updates.length === 0) {
          return this.#goOn(strand, answer.outcome)
        }
        this.#say(answer.updates)
        strand.horizon = this.#issued
        if (this.#ground.env.checkpointing !== 'eager') return this.#goOn(strand, answer.outcome)
        return this.#hold(strand, this.#issued, () => void this.#goOn(strand, answer.outcome))
      }
      case 'pend':
        this.#say(answer.updates)
        return this.#wait(strand, answer)
      case 'run':
        return this.#run(strand, answer)
      case 'spawn':
        this.#say(answer.updates)
        return this.#spawn(strand, answer)
      case 'gather':
        this.#say(answer.updates)
        return this.#gather(strand, answer)
      case 'fork':
        return this.#fork(strand, answer)
      case 'join':
        return this.#join(strand, answer.task, (outcome) => outcome)
      case 'cancel-task':
        this.#cancel(answer.task.strand)
        return this.#join(strand, answer.task, () => succeeded(undefined))
      case 'acknowledged':
        return this.#hold(strand, strand.horizon, () => void this.#apply(strand, answer.then()))
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
    strand.place = waiter
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
      if (strand.place !== waiter) continue
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
    strand.place = job
    const release = () => {
      if (strand.place === job) this.#jobs.push(job)
    }
    if (this.#gates.hasPassed(until)) this.#jobs.push(job)
    else this.#gates.add(until, release)
  }

  #goOn(strand: Strand, outcome: Settled): void {
    strand.place = strand.isTimed
      ? this.#ready.pushAt(this.#timeOf(strand), strand, outcome)
      : this.#ready.push(strand, outcome)
  }

  /** When that happened by which a strand goes on; what is not yet recorded comes after all that is. */
  #timeOf(strand: Strand): number {
    if (strand.met !== undefined) {
      strand.time = momentOf(strand.met, this.#ground.journal) ?? Infinity
    }
    return strand.time
  }

  /** Has the strand wait until so many updates are durable. */
  #hold(strand: Strand, until: number, then: () => void): void {
    const place = {}
    strand.place = place
    this.#gates.add(until, () => {
      if (strand.place === place) then()
    })
  }

  #spawn(strand: Strand, { scope, begin, then }: Spawn): void {
    strand.place = undefined
    const child: Strand = new Strand(scope, begin, {
      strand,
      ended: (outcome) => {
        strand.meets(child)
        this.#apply(strand, then(outcome))
      },
    })
    this.#goOn(child, succeeded(undefined))
  }

  #gather(strand: Strand, gather: Gather): void {
    strand.place = undefined
    const alive = new Set<Strand>()
    let next = 0
    let decision: Answer | undefined
    const startSome = (): void => {
      while (decision === undefined && alive.size < gather.atOnce && next < gather.count) {
        const { scope, begin } = gather.member(next)
        startOne(next, scope, begin)
        next += 1
      }
    }
    const startOne = (index: number, scope: Scope, begin: Begin): void => {
      const member: Strand = new Strand(scope, begin, {
        strand,
        inOrder: gather.inOrder,
        ended: (outcome) => {
          alive.delete(member)
          if (decision === undefined) {
            strand.meets(member)
            decision = gather.ended(index, outcome)
            if (decision !== undefined) for (const loser of [...alive]) this.#cancel(loser)
          }
          settle()
        },
        dropped: () => {
          alive.delete(member)
          settle()
        },
      })
      alive.add(member)
      this.#goOn(member, succeeded(undefined))
    }
    const settle = (): void => {
      if (decision === undefined) {
        this.#gates.whenFewer(this.#issued, mostUnacknowledged, startSome)
      } else if (alive.size === 0 && !(strand.isCancelled && !strand.isUnwinding)) {
        this.#apply(strand, decision)
      }
    }
    startSome()
  }

  #fork(strand: Strand, { id, name, scope, begin }: Fork): void {
    const child: Strand = new Strand(scope, begin, {
      strand,
      ended: (outcome) => void task.end(outcome),
      dropped: () => void task.end(failed(cancelled())),
    })
    const task = new Task(id, child)
    this.#goOn(child, succeeded(undefined))
    this.#goOn(strand, succeeded(new TaskHandle(name, task)))
  }

  #join(strand: Strand, task: Task, read: (outcome: Settled) => Settled): void {
    const place = {}
    strand.place = place
    task.whenEnded((outcome) => {
      if (strand.place !== place) return
      strand.meets(task.strand)
      this.#goOn(strand, read(outcome))
    })
  }

  /** Ends a strand before its time: those below it first, then its own code, by a throw. */
  #cancel(strand: Strand): void {
    if (strand.isOver || strand.isCancelled) return
    strand.isCancelled = true
    if (strand.children.size === 0) return this.#unwind(strand)
    for (const child of [...strand.children]) this.#cancel(child)
  }

  #unwind(strand: Strand): void {
    this.#leave(strand)
    strand.isUnwinding = true
    const outcome = failed(cancelled())
    if (strand.hasBegun) strand.place = this.#ready.push(strand, outcome)
    else this.#finish(strand, outcome)
  }

  /** Takes a strand out of wherever it waits: its timer is cancelled, its body told, the rest forgotten. */
  #leave(strand: Strand): void {
    const { place } = strand
    strand.place = undefined
    for (const [id, waiters] of this.#waitingAt(place)) {
      const left = waiters.filter((waiter) => waiter !== place)
      if (left.length > 0) this.#waiting.set(id, left)
      else this.#waiting.delete(id)
    }
    if (isWaiter(place) && place.pend.cancel) this.#say([place.pend.cancel])
    if (isJob(place)) {
      this.#running -= 1
      this.#dropped.push(place)
    }
  }

  #waitingAt(place: unknown): [string, Waiter[]][] {
    if (!isWaiter(place)) return []
    const waiters = this.#waiting.get(place.pend.id)
    return waiters ? [[place.pend.id, waiters]] : []
  }

  #finish(strand: Strand, outcome: Settled): void {
    if (strand.children.size > 0) {
      strand.left = outcome
      strand.place = undefined
      for (const child of [...strand.children]) this.#cancel(child)
      return
    }
    if (!strand.isCancelled) {
      const unreached = this.#allMet ? undefined : strand.scope.unreached(this.#ground.journal)
      if (unreached !== undefined) {
        return this.#stop(divergedEnd(this.#ground.journal, unreached))
      }
    }
    strand.isOver = true
    strand.place = undefined
    const { parent } = strand
    if (parent === undefined) {
      this.#ending = outcome.ok
        ? { how: 'returned', value: outcome.value }
        : { how: 'threw', error: outcome.error }
      return
    }
    const above = parent.strand
    above.children.delete(strand)
    const isLeaving = above.isCancelled && !above.isUnwinding
    if (strand.isCancelled || isLeaving) parent.dropped?.()
    else parent.ended(outcome)
    if (above.children.size > 0 || above.isOver) return
    if (above.left) this.#finish(above, above.left)
    else if (above.isCancelled && !above.isUnwinding) this.#unwind(above)
  }
}

function isWaiter(place: unknown): place is Waiter {
  return typeof place === 'object' && place !== null && 'pend' in place
}

function isJob(place: unknown): place is Job {
  return typeof place === 'object' && place !== null && 'work' in place
}
