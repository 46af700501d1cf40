import type { Journal } from '../journal/journal.ts'
import type { OperationRecord } from '../journal/record.ts'
import { dueAt } from '../journal/time.ts'
import type { OperationUpdate } from '../journal/update.ts'
import type { Settled } from '../kernel/settled.ts'
import type { Answer, Pend } from './answer.ts'
import { Gates } from './gates.ts'
import type { Reason } from './observer.ts'
import type { Strand } from './strand.ts'
import type { Work } from './work.ts'

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

/** Where strands wait: for records, for acknowledgements, and behind work. */
export class Parking {
  readonly #waiting = new Map<string, Waiter[]>()
  readonly #gates = new Gates()
  #jobs: Job[] = []
  #dropped: Job[] = []
  #running = 0
  /** Those of them that are a serdes taking its time. */
  #reading = 0

  /** Whether nobody waits for anything but the service. */
  get isQuiet(): boolean {
    return this.#running === 0 && this.#gates.isEmpty
  }

  get isWorking(): boolean {
    return this.#running > 0
  }

  get isReading(): boolean {
    return this.#reading > 0
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0
  }

  /** What is waited for at the service. */
  reasons(journal: Journal): Reason[] {
    return [...this.#waiting.values()].flat().map(({ pend: { id, words } }) => {
      return { id, words, until: dueAt(journal.get(id)) }
    })
  }

  /** The strand stays until a record of its operation comes that is no older than the first `from` updates. */
  wait(strand: Strand, pend: Pend, from: number): void {
    const waiter = { strand, pend, from }
    strand.place = waiter
    const others = this.#waiting.get(pend.id)
    if (others) others.push(waiter)
    else this.#waiting.set(pend.id, [waiter])
  }

  /** Hands a record to those that wait for it. */
  wake(record: OperationRecord, apply: (strand: Strand, answer: Answer) => void): void {
    const waiters = this.#waiting.get(record.Id)
    if (waiters === undefined) return
    this.#waiting.delete(record.Id)
    for (const waiter of waiters) {
      const { strand, pend, from } = waiter
      if (strand.place !== waiter) continue
      if (this.#gates.hasPassed(from)) apply(strand, pend.on(record))
      else this.wait(strand, pend, from)
    }
  }

  /** The strand stays behind work, which begins when the first `until` updates are durable. */
  run(job: Job, until: number): void {
    this.#count(job, 1)
    job.strand.place = job
    if (this.#gates.hasPassed(until)) this.#jobs.push(job)
    else {
      this.#gates.add(until, () => {
        if (job.strand.place === job) this.#jobs.push(job)
      })
    }
  }

  #count({ work }: Job, change: 1 | -1): void {
    this.#running += change
    if (work.attempt === undefined) this.#reading += change
  }

  /** Whether the outcome of a job is still waited for; asked once, when it is there. */
  claim(job: Job): boolean {
    if (job.strand.place !== job) return false
    this.#count(job, -1)
    return true
  }

  /** The strand stays until the first `until` updates are durable. */
  hold(strand: Strand, until: number, then: () => void): void {
    const place = {}
    strand.place = place
    this.#gates.add(until, () => {
      if (strand.place === place) then()
    })
  }

  /** Calls `then` when no more than `most` of the first `issued` updates are still to be acknowledged. */
  whenFewer(issued: number, most: number, then: () => void): void {
    this.#gates.add(issued - most, then)
  }

  /** Another `count` updates are durable; what that opens is opened by `open`. */
  acknowledge(count: number): void {
    this.#gates.acknowledge(count)
  }

  open(): void {
    this.#gates.open()
  }

  /** Takes a strand out of wherever it waits, and answers what the service is to be told of it. */
  leave(strand: Strand): OperationUpdate | undefined {
    const { place } = strand
    strand.place = undefined
    if (isJob(place)) {
      this.#count(place, -1)
      this.#dropped.push(place)
    }
    if (!isWaiter(place)) return undefined
    const { id, cancel } = place.pend
    const left = this.#waiting.get(id)?.filter((waiter) => waiter !== place) ?? []
    if (left.length > 0) this.#waiting.set(id, left)
    else this.#waiting.delete(id)
    return cancel
  }

  /** Work that may begin now; each job is handed out once. */
  takeJobs(): Job[] {
    const jobs = this.#jobs
    if (jobs.length === 0) return jobs
    this.#jobs = []
    // A strand may have been cancelled since its job was put here.
    return jobs.every(isAwaited) ? jobs : jobs.filter(isAwaited)
  }

  /** Jobs that nobody waits for any longer; each is handed out once. */
  takeDropped(): Job[] {
    const dropped = this.#dropped
    if (dropped.length > 0) this.#dropped = []
    return dropped
  }
}

function isAwaited(job: Job): boolean {
  return job.strand.place === job
}

export function isWaiter(place: unknown): place is Waiter {
  return typeof place === 'object' && place !== null && 'pend' in place
}

export function isJob(place: unknown): place is Job {
  return typeof place === 'object' && place !== null && 'work' in place
}
