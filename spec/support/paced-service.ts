import { setTimeout as realSleep } from 'node:timers/promises'
import { LocalService, type LocalServiceOptions } from '../../lib/server/local-service.ts'

const day = 24 * 60 * 60

/** What lies further ahead than this is no more than the retention of what has ended. */
const horizonSeconds = 8 * day

/** For functions whose executions may not outlast the horizon. */
export const pacedDurability = { executionTimeoutSeconds: 7 * day, retentionPeriodInDays: 30 }

/** Looks without anything at work, in a row, until nothing is on its way within the server either. */
const calmLooks = 3

/**
 * The local service on a clock that goes on by itself, from timer to timer, but only while somebody
 * waits for it and no process is at work: waits take no time, and nothing is overtaken by one.
 */
export class PacedService {
  readonly local: LocalService

  constructor(options: Omit<LocalServiceOptions, 'clock'>) {
    this.local = new LocalService({ ...options, clock: { kind: 'hand' } })
  }

  /** Lets time pass until `awaited` has settled. */
  async passUntil<T>(awaited: Promise<T>): Promise<T> {
    const settled = awaited.then(
      () => true,
      () => true,
    )
    while (!(await Promise.race([settled, this.quiet()]))) this.moveOn()
    return awaited
  }

  /** Lets so much time pass. */
  sleep(seconds: number): Promise<void> {
    return this.passUntil(
      new Promise((resolve) => void this.local.clock.startTimer(seconds * 1000, resolve)),
    )
  }

  /** Resolves, to nothing, when no function is at work or about to be. */
  async quiet(): Promise<void> {
    for (let calm = 0; calm < calmLooks; calm = this.#isAtWork() ? 0 : calm + 1) await realSleep(1)
  }

  /** Moves to what is due next; `false` where nothing is. */
  moveOn(): boolean {
    const { clock } = this.local
    if (clock.next === undefined || clock.next > clock.now() + horizonSeconds * 1000) return false
    clock.moveToNext()
    return true
  }

  #isAtWork(): boolean {
    const { workers, functions } = this.local
    return (
      workers.processes().some(({ requestId }) => requestId !== undefined) ||
      functions.some(({ name }) => workers.waiting(name) > 0)
    )
  }
}
