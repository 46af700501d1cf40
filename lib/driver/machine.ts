import type { Journal } from '../journal/journal.ts'
import type { OperationRecord } from '../journal/record.ts'
import type { OperationUpdate } from '../journal/update.ts'
import { isPerdureError, type PerdureError } from '../kernel/errors.ts'
import { failed, succeeded, type Settled } from '../kernel/settled.ts'
import { ShieldOperation } from '../operations/compensation.ts'
import type { Member } from '../operations/member.ts'
import { isDescriptor, watchBuilds, type Operation } from '../operations/operation.ts'
import { end, resume, says, type Answer, type Run } from './answer.ts'
import { isHeldUp, isNew, isOnRecord, type PutOff } from './cancelling.ts'
import { Builds } from './builds.ts'
import { Compensations } from './compensations.ts'
import { divergedEnd } from './divergence.ts'
import type { Ending } from './ending.ts'
import type { Environment } from './environment.ts'
import { Family } from './family.ts'
import type { Ground } from './ground.ts'
import { handOver } from './marks.ts'
import { meet } from './meet.ts'
import type { Observer, Reason } from './observer.ts'
import { Parking, type Job } from './parking.ts'
import { Outbox } from './outbox.ts'
import { cancelled, notAnOperation } from './refusals.ts'
import { RunQueue } from './run-queue.ts'
import { undoing } from './sagas.ts'
import { Scope } from './scope.ts'
import { Strand } from './strand.ts'
import { warnOfLost } from './task.ts'
import { momentOf } from './timeline.ts'

// The step machine: strands walked against a journal. It is told what happened outside and says what
// is to be done there; it never waits, never calls out, and holds no promise.
//
//   M1. A strand is in one place: ready to go, waiting for a record, waiting for an acknowledgement,
//       or behind a piece of work. Whether anything can go on is read off counters.
//   M2. What is said goes out in the order in which it was said, so a count of acknowledged updates
//       tells what is durable. A strand's horizon is the count up to which it has seen results.
//   M3. Work begins only when the strand's horizon is acknowledged (law L2), unless asked otherwise.
//   M4. What is new is put off until all that is recorded has been walked: by then it may turn out to
//       be cancelled, as it was the first time.
//   M5. Once the machine has ended, it says nothing more.

/** Operations that cancelled code may ask for, in vain, before it is left where it is. */
const mostRefusals = 100

/** Updates not yet acknowledged, past which no further member of a bounded fan-out is started. */
const mostUnacknowledged = 2000

export class Machine {
  readonly builds: Builds
  readonly #ground: Ground
  readonly #ready = new RunQueue()
  readonly #parking = new Parking()
  readonly #family: Family
  readonly #outbox = new Outbox()
  /** What is new, as long as records are walked. */
  #putOff: PutOff[] | undefined
  #ending: Ending | undefined
  #hasHandedOver = false
  #current: Strand | undefined

  constructor(journal: Journal, env: Environment, observer: Observer = {}) {
    this.builds = new Builds(observer)
    this.#putOff = journal.size > 0 ? [] : undefined
    this.#ground = { journal, env, observer, recordsMet: 0, versions: new Map() }
    this.#family = new Family({
      goOn: (strand, outcome) => void this.#goOn(strand, outcome),
      unwind: (strand, outcome) => void this.#unwind(strand, outcome),
      conclude: (strand, answer) => void this.#conclude(strand, answer),
      isHeldUp: (strand) => isHeldUp(strand, this.#ground.journal),
      inNextWave: (start) => void this.#ready.pushWave(start),
      whenRoom: (start) =>
        void this.#parking.whenFewer(this.#outbox.issued, mostUnacknowledged, start),
      lost: ({ scope }, task, error) =>
        scope.rebuilding || warnOfLost(task, error, this.#ground.env),
      mayEnd: (strand) => this.#mayEnd(strand),
      end: (outcome) => void this.#end(outcome),
    })
  }

  /** Makes the workflow's own strand ready; its body begins at the next `advance`. */
  start(body: Member<unknown>): void {
    const compensations = new Compensations()
    const { env, journal } = this.#ground
    const saga = {
      words: 'the workflow',
      compensations,
      classes: env.errors,
      journal,
      isCertain: true,
    }
    const begin = () => undoing(body, saga)
    this.#goOn(new Strand(Scope.root(compensations), begin), succeeded(undefined))
  }

  get ending(): Ending | undefined {
    return this.#ending
  }

  get canAdvance(): boolean {
    if (this.#ending !== undefined) return false
    return !this.#ready.isEmpty || (this.#hasPutOff && !this.#parking.isReading)
  }

  get #hasPutOff(): boolean {
    return this.#putOff !== undefined && this.#putOff.length > 0
  }

  /** Whether nothing can go on before something happens at the service. */
  get isParked(): boolean {
    return this.#ready.isEmpty && !this.#hasPutOff && this.#parking.isQuiet
  }

  /** Whether something is waited for at the service while work goes on here. */
  get isWaitingBesideWork(): boolean {
    return this.#parking.isWorking && this.#parking.isWaiting
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
    if (this.#hasHandedOver || this.#parking.isWorking || !this.canAdvance) return []
    this.#hasHandedOver = true
    this.#outbox.count()
    return [handOver(this.#ground.journal)]
  }

  /** What parked strands wait for at the service. */
  get reasons(): Reason[] {
    return this.#parking.reasons(this.#ground.journal)
  }

  /** Whether the code on the stack has run before, in an earlier invocation. */
  get isReplaying(): boolean {
    const strand = this.#current
    if (strand === undefined) return false
    const { scope, onRecordedGround } = strand
    if (scope.rebuilding || onRecordedGround) return true
    return scope.isRecordedAhead(this.#ground.journal)
  }

  /** Walks every strand that can go on, until none can; where none could, a wave of new ones. */
  advance(): void {
    const { check } = this.#ground.env
    if (check === undefined) this.#advance()
    else check.walking(() => void this.#advance())
  }

  #advance(): void {
    const watch = watchBuilds(this.builds)
    try {
      this.#ready.refill()
      while (this.#ending === undefined) {
        const turn = this.#ready.shift()
        if (turn === undefined) {
          if (this.#putOff === undefined || this.#parking.isReading) return
          this.#goPastRecords(this.#putOff)
        } else if (turn.strand.place === turn) this.#walk(turn.strand, turn.outcome)
      }
    } finally {
      watchBuilds(watch)
    }
  }

  /** What is to be reported, in order; each update is handed out once. */
  takeUpdates(): OperationUpdate[] {
    return this.#outbox.take()
  }

  /** Work that may begin now; each job is handed out once. */
  takeJobs(): Job[] {
    return this.#parking.takeJobs()
  }

  /** Jobs that nobody waits for any longer; each is handed out once. */
  takeDropped(): Job[] {
    return this.#parking.takeDropped()
  }

  /** Gives back a job with its outcome. */
  settle(job: Job, outcome: Settled): void {
    if (!this.#parking.claim(job) || this.#ending !== undefined) return
    const { check } = this.#ground.env
    if (check !== undefined && !outcome.ok) check.threw(outcome.error)
    if (check?.mistake !== undefined) return this.#stop(check.mistake)
    this.#apply(job.strand, job.then(outcome))
  }

  /** The next `count` updates are durable, and these records are newer than those known. */
  acknowledge(count: number, records: readonly OperationRecord[]): void {
    this.#parking.acknowledge(count)
    for (const record of records) this.#ground.journal.take(record)
    if (this.#ending !== undefined) return
    for (const record of records) {
      this.#parking.wake(record, (strand, answer) => void this.#apply(strand, answer))
    }
    this.#parking.open()
  }

  /** Sagas come to their ends first, and with them what they had started and not waited for. */
  #goPastRecords(putOff: readonly PutOff[]): void {
    const seals = putOff.filter(({ answer }) => answer.next === 'seal')
    const due = seals.length > 0 ? seals : putOff
    this.#putOff = seals.length > 0 ? putOff.filter((one) => !seals.includes(one)) : undefined
    for (const one of due) {
      if (one.strand.place === one) this.#carryOut(one.strand, one.answer)
    }
  }

  #walk(strand: Strand, first: Settled): void {
    const { check } = this.#ground.env
    let outcome = first
    for (;;) {
      let yielded: IteratorResult<Operation<unknown>, unknown>
      this.#current = strand
      try {
        yielded = strand.go(outcome)
      } catch (error) {
        if (check?.mistake !== undefined) return this.#stop(check.mistake)
        // Not the code's own failure but what it is made of: nothing to be caught around it.
        if (isPerdureError(error, 'NOT_AN_OPERATION')) return this.#stop(error)
        return this.#family.finish(strand, failed(error))
      } finally {
        this.#current = undefined
      }
      if (check?.mistake !== undefined) return this.#stop(check.mistake)
      if (yielded.done === true) return this.#family.finish(strand, succeeded(yielded.value))
      if (strand.isUnwinding && ++strand.refused > mostRefusals) {
        return this.#family.finish(strand, failed(cancelled()))
      }
      const answer = this.#meet(strand, yielded.value)
      if (answer.next === 'end') return this.#stop(answer.error, yielded.value, answer.id)
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
    this.builds.met(yielded)
    if (strand.isUnwinding) {
      if (!(yielded instanceof ShieldOperation)) {
        this.#ground.env.check?.refused(yielded)
        return resume(failed(cancelled()))
      }
      if (yielded.isNeeded()) this.#say(this.#family.marks(strand))
      strand.horizon = this.#outbox.issued
    }
    return meet(yielded, strand, this.#ground)
  }

  /** Says or begins nothing before all that is recorded has been walked (M4). */
  #apply(strand: Strand, answer: Answer): void {
    if (strand.isToUnwind && !isOnRecord(answer, this.#ground.journal)) {
      return this.#hold(strand, answer)
    }
    if (this.#putOff === undefined || !isNew(answer)) return this.#carryOut(strand, answer)
    const putOff = { strand, answer }
    strand.place = putOff
    this.#putOff.push(putOff)
  }

  /**
   * What has come to its end by itself is said even if it is cancelled by now; but not where it was
   * before, and a wait or a callback has ended since.
   */
  #conclude(strand: Strand, answer: Answer): void {
    const isEnd = answer.next === 'resume' && this.#putOff === undefined
    if (isEnd && !strand.scope.rebuilding) this.#carryOut(strand, answer)
    else this.#apply(strand, answer)
  }

  #carryOut(strand: Strand, answer: Answer): void {
    switch (answer.next) {
      case 'resume': {
        strand.onRecordedGround = answer.handedOver === true
        if (!says(answer)) return this.#goOn(strand, answer.outcome)
        this.#say(answer.updates)
        strand.horizon = this.#outbox.issued
        if (this.#ground.env.checkpointing !== 'eager') return this.#goOn(strand, answer.outcome)
        return this.#parking.hold(
          strand,
          this.#outbox.issued,
          () => void this.#goOn(strand, answer.outcome),
        )
      }
      case 'pend':
        this.#say(answer.updates)
        return this.#parking.wait(strand, answer, says(answer) ? this.#outbox.issued : 0)
      case 'seal':
        return this.#goOn(strand, succeeded(undefined))
      case 'run':
        return this.#run(strand, answer)
      case 'clear':
        return this.#family.clear(strand, () => void this.#apply(strand, answer.then()))
      case 'spawn':
        this.#say(answer.updates)
        return this.#family.spawn(strand, answer)
      case 'gather':
        this.#say(answer.updates)
        return this.#family.gather(strand, answer)
      case 'fork':
        return this.#family.fork(strand, answer)
      case 'join':
        return this.#family.join(strand, answer.task, (outcome) => answer.task.joined(outcome))
      case 'cancel-task':
        answer.task.cancel()
        this.#family.cancel(answer.task.strand)
        return this.#family.join(strand, answer.task, () => succeeded(undefined))
      case 'acknowledged':
        return this.#parking.hold(
          strand,
          strand.horizon,
          () => void this.#apply(strand, answer.then()),
        )
      case 'end':
        return this.#stop(answer.error, undefined, answer.id)
    }
  }

  #stop(error: PerdureError, yielded?: unknown, id?: string): void {
    const isPlaced = error === this.#ground.env.check?.mistake
    const at = isDescriptor(yielded) ? yielded : undefined
    this.#ending = { how: 'stopped', error, at, id, isPlaced }
  }

  #say(updates: readonly OperationUpdate[] = []): void {
    const error = this.#outbox.say(updates)
    if (error) this.#stop(error)
  }

  #run(strand: Strand, { updates, work, after, then }: Run): void {
    const seen = strand.horizon
    this.#say(updates)
    const eager = this.#ground.env.checkpointing === 'eager' && work.attempt !== undefined
    const until = after === 'said' || eager ? this.#outbox.issued : after === 'results' ? seen : 0
    this.#parking.run({ work, strand, then }, until)
  }

  #goOn(strand: Strand, outcome: Settled): void {
    strand.place = strand.isTimed
      ? this.#ready.pushAt(this.#timeOf(strand), strand, outcome)
      : this.#ready.push(strand, outcome)
  }

  /** When that happened by which a strand goes on; what is not yet recorded comes after all that is. */
  #timeOf(strand: Strand): number {
    if (strand.met !== undefined) {
      strand.time = momentOf(strand.met, this.#ground.journal) ?? strand.time
    }
    return strand.time
  }

  /** A cancelled strand goes no further; a timer that it had started is there to be cancelled. */
  #hold(strand: Strand, answer: Answer): void {
    if (answer.next === 'pend' && !says(answer)) this.#parking.wait(strand, answer, 0)
    else strand.place = undefined
    this.#family.tell(strand)
  }

  /** A timer that the strand leaves behind is cancelled; the rest is forgotten. */
  #unwind(strand: Strand, outcome: Settled): void {
    const cancel = this.#parking.leave(strand)
    if (cancel) this.#say([cancel])
    // How that ends is left to the service, and nobody here has seen it.
    strand.met = undefined
    strand.place = this.#ready.push(strand, outcome)
  }

  /** Code that ends before it has come to all that is recorded of it has diverged (law L9). */
  #mayEnd({ scope }: Strand): boolean {
    if (this.#allMet) return true
    const unreached = scope.unreached(this.#ground.journal)
    if (unreached === undefined) return true
    this.#stop(divergedEnd(this.#ground.journal, unreached), undefined, unreached)
    return false
  }

  #end(outcome: Settled): void {
    this.#ending = outcome.ok
      ? { how: 'returned', value: outcome.value }
      : { how: 'threw', error: outcome.error }
  }
}
