import { systemClock, type Clock, type Timer } from '../../kernel/clock.ts'
import { systemRandom, type Random } from '../../kernel/random.ts'
import { InvocationFailure, type InvocationRequest, type Invoker } from '../../service/invoker.ts'
import type { Durability, HostedFunction, LogSink } from '../ports.ts'
import { commandLine } from './command-line.ts'
import { environmentOf } from './environment.ts'
import { FunctionProcess, type ProcessEvents, type ProcessState } from './function-process.ts'
import { readMemory } from './memory.ts'
import { Output } from './output.ts'
import { Pool } from './pool.ts'
import { Reaper } from './reaper.ts'

export interface WorkersOptions {
  /** Where the service is; asked for when a process starts. */
  readonly endpoint: () => string
  readonly region: string
  readonly accountId: string
  readonly durability: Durability
  readonly logs: LogSink
  /** Real time: processes know no other. */
  readonly clock?: Clock
  readonly random?: Random
  /** Where processes start; the present folder when left out. */
  readonly folder?: string
  /** Whether processes get the user's own AWS identity, or a dummy one. */
  readonly credentials?: 'dummy' | 'own'
  readonly limits?: Partial<WorkerLimits>
}

export interface WorkerLimits {
  /** Processes of one function at once, where it does not say. */
  readonly concurrency: number
  readonly memoryMegabytes: number
  /** Idle processes kept of each function, and for how long. */
  readonly idleProcesses: number
  readonly idleMilliseconds: number
  /** What a process may take to ask for its first invocation. */
  readonly initMilliseconds: number
  /** Between SIGTERM and SIGKILL. */
  readonly graceMilliseconds: number
  /** Between two looks at what processes hold in memory. */
  readonly weighMilliseconds: number
  readonly lineCharacters: number
  readonly invocationCharacters: number
}

const defaultLimits: WorkerLimits = {
  concurrency: 10,
  memoryMegabytes: 512,
  idleProcesses: 10,
  idleMilliseconds: 5 * 60 * 1000,
  initMilliseconds: 30_000,
  graceMilliseconds: 1000,
  weighMilliseconds: 200,
  lineCharacters: 256 * 1024,
  invocationCharacters: 1024 * 1024,
}

const defaultTimeoutSeconds = 900

export interface CrashTarget {
  readonly functionName?: string | undefined
  readonly executionArn?: string | undefined
}

/** A process as it is shown to people. */
export interface ProcessDescription {
  readonly functionName: string
  readonly version: string
  readonly pid: number | undefined
  readonly state: ProcessState
  readonly startedAt: number
  readonly invocations: number
  readonly memoryBytes: number
  readonly tenantId?: string | undefined
  /** Of the invocation under way. */
  readonly requestId?: string | undefined
  readonly executionArn?: string | undefined
}

interface Hosted {
  readonly fn: HostedFunction
  readonly pool: Pool
}

/** Calls functions in processes of their own, over the Lambda Runtime API. */
export class Workers implements Invoker {
  readonly keepsTime = true
  readonly #options: WorkersOptions
  readonly #limits: WorkerLimits
  readonly #clock: Clock
  readonly #random: Random
  readonly #reaper = new Reaper()
  /** By name and version. */
  readonly #pools = new Map<string, Hosted>()
  /** Functions as they were before they were hosted anew, until their last process is gone. */
  readonly #retired = new Set<Hosted>()
  #weighing: Timer | undefined
  #isClosed = false

  constructor(options: WorkersOptions) {
    this.#options = options
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#clock = options.clock ?? systemClock
    this.#random = options.random ?? systemRandom
  }

  /**
   * Answers the id of the process that kills all others when this one is gone, and that ends when they
   * have; nothing on Windows.
   */
  guard(): number | undefined {
    return this.#reaper.start()
  }

  /** Takes a function in. One of the same name and version is replaced; its processes finish. */
  host(fn: HostedFunction): void {
    const key = keyOf(fn.name, fn.version)
    const previous = this.#pools.get(key)
    const pool = new Pool({
      concurrency: fn.concurrency ?? this.#limits.concurrency,
      idleProcesses: this.#limits.idleProcesses,
      idleMilliseconds: this.#limits.idleMilliseconds,
      clock: this.#clock,
      start: (events, cause) => this.#start(fn, events, cause),
    })
    this.#pools.set(key, { fn, pool })
    if (!previous) return
    pool.adopt(previous.pool.retire())
    this.#retired.add(previous)
  }

  /**
   * Calls a function once what the call rests on is durable. Waits for a free process; its time counts
   * from when it has one. After `close` nothing settles any more: those calls are made again by the
   * service that opens the store next.
   */
  async invoke(request: InvocationRequest): Promise<unknown> {
    await this.#options.durability.committed()
    if (this.#isClosed) return new Promise(() => {})
    const hosted = this.#pools.get(keyOf(request.functionName, request.version))
    if (!hosted) {
      const text = `No function ${request.functionName}:${request.version} is hosted here.`
      throw new InvocationFailure('ResourceNotFoundException', text)
    }
    return hosted.pool.run(request)
  }

  /** Has the function run from its files as they are now, in all its versions. */
  reload(name: string): void {
    for (const { fn, pool } of this.#pools.values()) if (fn.name === name) pool.reload()
  }

  /**
   * Kills the processes that are at work on an execution, or on any of a function, or on anything.
   * Answers how many; their invocations fail as those of a process that died.
   */
  crash({ functionName, executionArn }: CrashTarget): number {
    const hit = [...this.#pools.values()].flatMap(({ fn, pool }) =>
      pool.processes.filter(
        ({ request }) =>
          request !== undefined &&
          (functionName === undefined || fn.name === functionName) &&
          (executionArn === undefined || request.executionArn === executionArn),
      ),
    )
    for (const one of hit) one.kill()
    return hit.length
  }

  /** Every process that there is, those that are ending included. */
  processes(): ProcessDescription[] {
    return this.#hosted().flatMap(({ fn, pool }) => pool.processes.map((one) => describe(fn, one)))
  }

  /** How many invocations wait for a process. */
  waiting(name: string): number {
    const own = [...this.#pools.values()].filter(({ fn }) => fn.name === name)
    return own.reduce((sum, { pool }) => sum + pool.waiting, 0)
  }

  /** Ends every process: by SIGTERM, and after a while by SIGKILL. Resolves when all are gone. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.#hosted().map(({ pool }) => pool.close()))
    this.#weighing?.cancel()
    this.#reaper.close()
  }

  #hosted(): Hosted[] {
    return [...this.#pools.values(), ...this.#retired]
  }

  #start(
    fn: HostedFunction,
    events: ProcessEvents,
    cause: InvocationRequest | undefined,
  ): FunctionProcess {
    const { endpoint, region, logs, folder = process.cwd(), credentials = 'dummy' } = this.#options
    const { initMilliseconds, graceMilliseconds } = this.#limits
    const memoryMegabytes = fn.memoryMegabytes ?? this.#limits.memoryMegabytes
    const logStreamName = this.#logStreamName(fn.version)
    const started = new FunctionProcess(
      {
        commandLine: commandLine(fn.launch, memoryMegabytes),
        environment: (runtimeApi) =>
          environmentOf(
            fn,
            {
              region,
              endpoint: endpoint(),
              runtimeApi,
              memoryMegabytes,
              logStreamName,
              taskRoot: folder,
              credentials,
            },
            process.env,
          ),
        folder,
        output: new Output(fn.name, () => this.#clock.now(), logs, this.#limits),
        timeoutSeconds: fn.timeoutSeconds ?? defaultTimeoutSeconds,
        memoryMegabytes,
        initMilliseconds,
        graceMilliseconds,
        clock: this.#clock,
        reaper: this.#reaper,
      },
      events,
      cause,
    )
    this.#weighSoon()
    return started
  }

  #logStreamName(version = '$LATEST'): string {
    const day = new Date(this.#clock.now()).toISOString().slice(0, 10).replaceAll('-', '/')
    return `${day}/[${version}]${this.#random.uuid().replaceAll('-', '')}`
  }

  /** Looks at what processes hold, again and again while there are any. */
  #weighSoon(): void {
    this.#weighing ??= this.#clock.startTimer(this.#limits.weighMilliseconds, () => {
      void this.#weigh().finally(() => {
        this.#weighing = undefined
        for (const one of this.#retired) {
          if (one.pool.processes.length === 0) this.#retired.delete(one)
        }
        if (!this.#isClosed && this.#all().length > 0) this.#weighSoon()
      })
    })
  }

  async #weigh(): Promise<void> {
    const all = this.#all()
    const readings = await readMemory(all.flatMap(({ pid }) => pid ?? []))
    for (const one of all) one.weigh(readings.get(one.pid ?? 0) ?? 0)
  }

  #all(): FunctionProcess[] {
    return this.#hosted().flatMap(({ pool }) => pool.processes)
  }
}

function keyOf(name: string, version = '$LATEST'): string {
  return `${name}:${version}`
}

function describe(fn: HostedFunction, one: FunctionProcess): ProcessDescription {
  const { pid, state, startedAt, invocations, peakBytes: memoryBytes, tenantId, request } = one
  return {
    functionName: fn.name,
    version: fn.version ?? '$LATEST',
    pid,
    state,
    startedAt,
    invocations,
    memoryBytes,
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(request ? { requestId: request.requestId, executionArn: request.executionArn } : {}),
  }
}
