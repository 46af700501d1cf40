import type { Clock, Timer } from '../../kernel/clock.ts'
import type { InvocationFailure, InvocationRequest } from '../../service/invoker.ts'
import type { FunctionProcess, Job, ProcessEvents } from './function-process.ts'

/** A process, as far as its pool has to do with it. */
export type Pooled = Pick<
  FunctionProcess,
  'state' | 'invocations' | 'tenantId' | 'run' | 'leave' | 'abandon'
>

export interface PoolOptions<P extends Pooled> {
  readonly concurrency: number
  /** Idle processes that are kept, and for how long. */
  readonly idleProcesses: number
  readonly idleMilliseconds: number
  readonly clock: Clock
  readonly start: (events: ProcessEvents, cause: InvocationRequest | undefined) => P
}

/**
 * The processes of one function, and the invocations that wait for one. A process serves one tenant
 * only, as in Lambda's tenant isolation: the one of its first invocation.
 */
export class Pool<P extends Pooled = FunctionProcess> {
  readonly #options: PoolOptions<P>
  readonly #queue: Job[] = []
  readonly #processes = new Set<P>()
  /** Least recently used first. */
  readonly #idle = new Map<P, Timer>()
  #ended: (() => void)[] = []
  #isClosed = false

  constructor(options: PoolOptions<P>) {
    this.#options = options
  }

  get processes(): readonly P[] {
    return [...this.#processes]
  }

  get waiting(): number {
    return this.#queue.length
  }

  run(request: InvocationRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return
      this.#queue.push({ request, resolve, reject })
      this.#dispatch()
    })
  }

  /** Replaces every process: idle ones now, busy ones after their invocation. */
  reload(): void {
    const wasWarm = this.#idle.size > 0
    for (const one of this.#processes) this.#dismiss(one)
    if (wasWarm && !this.#isClosed) this.#start(undefined)
    this.#dispatch()
  }

  /** Lets go of every process once it is free, and takes in nothing more; what waits is passed on. */
  retire(): Job[] {
    this.#isClosed = true
    for (const one of this.#processes) this.#dismiss(one)
    return this.#queue.splice(0)
  }

  /** Takes over what waited for another pool. */
  adopt(jobs: readonly Job[]): void {
    this.#queue.push(...jobs)
    this.#dispatch()
  }

  /** Ends every process. Invocations under way, and those that wait, are never settled. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#queue.length = 0
    for (const timer of this.#idle.values()) timer.cancel()
    this.#idle.clear()
    for (const one of this.#processes) one.abandon()
    if (this.#processes.size > 0) await new Promise<void>((resolve) => this.#ended.push(resolve))
  }

  #dispatch(): void {
    for (let at = 0; at < this.#queue.length && this.#idle.size > 0;) {
      const job = this.#queue[at]
      const free = job && this.#idleFor(job.request.tenantId)
      if (!free) {
        at += 1
        continue
      }
      this.#queue.splice(at, 1)
      this.#wake(free)
      free.run(job)
    }
    this.#startMissing()
  }

  #startMissing(): void {
    if (this.#queue.length === 0) return
    const states = this.processes.map(({ state }) => state)
    const soonFree = states.filter((state) => state === 'starting' || state === 'answered')
    const working = states.filter((state) => state === 'idle' || state === 'busy')
    let room = this.#options.concurrency - soonFree.length - working.length
    for (const { request } of this.#queue.slice(soonFree.length)) {
      if (room <= 0 && !this.#makeRoom()) return
      this.#start(request)
      room -= 1
    }
  }

  /** Ends the process that has been idle for longest: whoever waits is of another tenant. */
  #makeRoom(): boolean {
    const [oldest] = this.#idle.keys()
    if (oldest) this.#dismiss(oldest)
    return oldest !== undefined
  }

  #start(cause: InvocationRequest | undefined): void {
    const events: ProcessEvents = {
      idle: () => this.#rest(started),
      dawdles: () => this.#dispatch(),
      gone: (failure) => this.#gone(started, failure),
    }
    const started = this.#options.start(events, cause)
    this.#processes.add(started)
  }

  #idleFor(tenantId: string | undefined): P | undefined {
    const free = [...this.#idle.keys()].reverse()
    return free.find((one) => one.invocations === 0 || one.tenantId === tenantId)
  }

  #rest(free: P): void {
    const { clock, idleMilliseconds, idleProcesses } = this.#options
    this.#idle.set(
      free,
      clock.startTimer(idleMilliseconds, () => this.#dismiss(free)),
    )
    this.#dispatch()
    if (this.#idle.size > idleProcesses) this.#makeRoom()
  }

  #wake(free: P): void {
    this.#idle.get(free)?.cancel()
    this.#idle.delete(free)
  }

  #dismiss(one: P): void {
    this.#wake(one)
    one.leave()
  }

  #gone(one: P, failure: InvocationFailure | undefined): void {
    this.#wake(one)
    this.#processes.delete(one)
    // A start that failed is the failure of the invocation that has waited for longest.
    if (failure) this.#queue.shift()?.reject(failure)
    if (!this.#isClosed) this.#dispatch()
    if (this.#processes.size === 0) for (const resolve of this.#ended.splice(0)) resolve()
  }
}
