import { spawn, type ChildProcess } from 'node:child_process'
import { nextTurn, type Clock, type Timer } from '../../kernel/clock.ts'
import { InvocationFailure, timedOut, type InvocationRequest } from '../../service/invoker.ts'
import type { CommandLine } from './command-line.ts'
import { exited, forRequest, type Exit } from './failures.ts'
import { residentBytes } from './memory.ts'
import type { Output } from './output.ts'
import type { Reaper } from './reaper.ts'
import { endLine, reportLine, startLine } from './report.ts'
import { valueOf } from './responses.ts'
import { RuntimeApi, type Outcome } from './runtime-api.ts'

// One process of a function, from its start to its end.
//
//   P1. It has one invocation at a time, and settles it exactly once: by its answer, or by its end.
//   P2. What it wrote before an answer is read before the answer counts.
//   P3. An invocation that was cut off has failed only when its process is gone, with all that this
//       had started.
//
// Lambda freezes a process between invocations; here it runs on. A frozen one could not close its
// connections when the other side does, and would find them dead when it wakes, where on a laptop
// nothing but its own timers is gained by the frost.

/** An invocation on its way through a pool. */
export interface Job {
  readonly request: InvocationRequest
  resolve(value: unknown): void
  reject(failure: unknown): void
}

export interface ProcessPlan {
  readonly commandLine: CommandLine
  readonly environment: (runtimeApi: string) => Record<string, string>
  readonly folder: string
  readonly output: Output
  readonly timeoutSeconds: number
  readonly memoryMegabytes: number
  readonly initMilliseconds: number
  readonly graceMilliseconds: number
  readonly clock: Clock
  readonly reaper: Reaper
}

export interface ProcessEvents {
  /** It can take an invocation. */
  idle(): void
  /** It has answered, but does not come to ask for more. */
  dawdles(): void
  /** It is gone; with a failure where it never came to ask for an invocation. */
  gone(failure?: InvocationFailure): void
}

/** `answered` is one that is expected to ask for its next invocation any moment. */
export type ProcessState = 'starting' | 'idle' | 'busy' | 'answered' | 'stopping' | 'gone'

/** How long a process that has answered is waited for before another is started instead. */
const dawdleMilliseconds = 100

/** What tsx and its compiler hold in memory, which no deployed function would. */
const loaderBytes = 96 * 2 ** 20

export class FunctionProcess {
  readonly startedAt: number
  invocations = 0
  tenantId: string | undefined
  peakBytes = 0
  readonly #plan: ProcessPlan
  readonly #events: ProcessEvents
  readonly #api: RuntimeApi
  #state: ProcessState = 'starting'
  #child: ChildProcess | undefined
  #job: Job | undefined
  #handedAt = 0
  #initMilliseconds: number | undefined
  #timer: Timer | undefined
  /** Why it was killed, or what it said of its end. */
  #verdict: InvocationFailure | undefined
  #outcome: Outcome | undefined
  #isLeaving = false
  #isAbandoned = false

  /** `cause` is the invocation that it is started for, though another may come first. */
  constructor(plan: ProcessPlan, events: ProcessEvents, cause: InvocationRequest | undefined) {
    this.#plan = plan
    this.#events = events
    this.startedAt = plan.clock.now()
    this.#api = new RuntimeApi({
      polled: () => afterReads(() => this.#ready()),
      answered: (outcome) => this.#answered(outcome),
      initFailed: (failure) => this.#doom(failure, 'once it had its time to end by itself'),
    })
    if (cause) plan.output.begin(cause)
    this.#timer = plan.clock.startTimer(plan.initMilliseconds, () => {
      this.#doom(initTimedOut(plan.clock.now(), cause?.requestId, plan.initMilliseconds))
    })
    this.#start().catch((error: unknown) => {
      this.#verdict = invalidEntrypoint(error)
      this.#end()
    })
  }

  get state(): ProcessState {
    return this.#state
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  get request(): InvocationRequest | undefined {
    return this.#job?.request
  }

  /** Hands it an invocation; only while it is idle. */
  run(job: Job): void {
    const { clock, output, timeoutSeconds } = this.#plan
    const { request } = job
    this.#state = 'busy'
    this.#job = job
    this.#handedAt = clock.now()
    this.#timer?.cancel()
    this.#timer = clock.startTimer(timeoutSeconds * 1000, () => {
      const failure = timedOut(clock.now(), request.requestId, timeoutSeconds)
      output.platform(failure.message)
      this.#doom(failure)
    })
    this.invocations += 1
    this.tenantId = request.tenantId
    output.begin(request)
    output.platform(startLine(request))
    this.#api.hand({
      requestId: request.requestId,
      functionArn: request.functionArn,
      deadline: this.#handedAt + timeoutSeconds * 1000,
      tenantId: request.tenantId,
      clientContext: request.clientContext,
      event: request.event === undefined ? '{}' : JSON.stringify(request.event),
    })
  }

  /** Ends it after the invocation under way; at once where there is none. */
  leave(): void {
    this.#isLeaving = true
    if (this.#state !== 'busy' && this.#state !== 'answered') this.#stop()
  }

  /** Ends it as a crash would: what it is at work on fails. */
  kill(): void {
    this.#signal('SIGKILL')
  }

  /** Ends it now. The invocation under way is never settled: its service is ending as well. */
  abandon(): void {
    this.#isAbandoned = true
    this.#stop()
  }

  /** Takes note of what it holds in memory, and kills it when that is too much. */
  weigh(bytes: number): void {
    const { commandLine, memoryMegabytes, output } = this.#plan
    this.peakBytes = Math.max(this.peakBytes, bytes)
    const limit = memoryMegabytes * 2 ** 20 + (commandLine.usesLoader ? loaderBytes : 0)
    if (bytes <= limit || this.#verdict) return
    const used = Math.ceil(bytes / 2 ** 20)
    output.platform(`Memory Size: ${memoryMegabytes} MB exceeded by ${used} MB: process killed`)
    this.#doom(exited(this.#job?.request.requestId, { code: null, signal: 'SIGKILL' }))
  }

  async #start(): Promise<void> {
    const { commandLine, environment, folder, output, reaper } = this.#plan
    const runtimeApi = await this.#api.listen()
    if (this.#state !== 'starting') return void this.#end()
    const child = spawn(commandLine.file, commandLine.args, {
      cwd: folder,
      // A group of its own, so that what it starts ends with it, and a Ctrl-C goes to the server only.
      detached: process.platform !== 'win32',
      env: environment(runtimeApi),
      shell: commandLine.shell,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    if (child.pid !== undefined) reaper.watch(child.pid)
    child.stdout.on('data', (chunk: Buffer) => output.feed('stdout', chunk))
    child.stderr.on('data', (chunk: Buffer) => output.feed('stderr', chunk))
    for (const stream of [child.stdout, child.stderr]) stream.on('error', () => {})
    child.on('error', (error) => {
      if (child.pid !== undefined) return
      this.#verdict = invalidEntrypoint(error)
      this.#end()
    })
    child.on('exit', (code, signal) => {
      // Nothing of it may be left (P3), nor hold its output open.
      this.#signal('SIGKILL')
      if (child.pid !== undefined) reaper.forget(child.pid)
      const late = this.#plan.clock.startTimer(500, () => this.#end({ code, signal }))
      child.on('close', () => {
        late.cancel()
        this.#end({ code, signal })
      })
    })
  }

  #ready(): void {
    if (this.#state === 'stopping' || this.#state === 'gone' || this.#verdict) return
    this.#timer?.cancel()
    if (this.#state === 'starting') {
      this.#initMilliseconds = this.#plan.clock.now() - this.startedAt
    }
    if (this.#isLeaving) return this.#stop()
    this.#state = 'idle'
    this.#events.idle()
  }

  #answered(outcome: Outcome): void {
    if (this.#verdict) return
    this.#timer?.cancel()
    this.#outcome = outcome
    const job = this.#job
    afterReads(() => this.#job === job && this.#settle(outcome))
  }

  #settle(outcome: Outcome): void {
    const { clock, output, memoryMegabytes } = this.#plan
    const job = this.#job
    if (!job) return
    this.#job = undefined
    this.#outcome = undefined
    if (this.#state === 'busy') this.#await()
    if (this.pid !== undefined) this.peakBytes = Math.max(this.peakBytes, residentBytes(this.pid))
    output.flush()
    output.platform(endLine(job.request))
    const report = {
      milliseconds: clock.now() - this.#handedAt,
      memoryMegabytes,
      peakBytes: this.peakBytes,
      initMilliseconds: this.invocations === 1 ? this.#initMilliseconds : undefined,
      failure: outcome.ok || outcome.failure !== this.#verdict ? undefined : this.#verdict,
    }
    output.platform(reportLine(job.request, report))
    try {
      job.resolve(valueOf(outcome))
    } catch (failure) {
      job.reject(failure)
    }
  }

  #await(): void {
    this.#state = 'answered'
    this.#timer?.cancel()
    this.#timer = this.#plan.clock.startTimer(dawdleMilliseconds, () => {
      this.#state = 'busy'
      this.#events.dawdles()
    })
  }

  /** Kills it for a reason; one that has said so itself gets the time to end. */
  #doom(failure: InvocationFailure, patiently?: string): void {
    if (this.#verdict || this.#state === 'stopping' || this.#state === 'gone') return
    this.#timer?.cancel()
    this.#verdict = failure
    if (patiently === undefined) return this.#signal('SIGKILL')
    this.#timer = this.#plan.clock.startTimer(500, () => this.#signal('SIGKILL'))
  }

  #stop(): void {
    if (this.#state === 'stopping' || this.#state === 'gone') return
    this.#state = 'stopping'
    this.#timer?.cancel()
    this.#signal('SIGTERM')
    const { clock, graceMilliseconds } = this.#plan
    this.#timer = clock.startTimer(graceMilliseconds, () => this.#signal('SIGKILL'))
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this
    if (pid === undefined) return
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, signal)
    } catch {
      // It is gone.
    }
  }

  #end(exit?: Exit): void {
    if (this.#state === 'gone') return
    const isInit = this.#state === 'starting'
    this.#state = 'gone'
    this.#timer?.cancel()
    this.#api.close()
    const { output } = this.#plan
    output.flush()
    const hint = isInit ? output.lastError : undefined
    const failure =
      this.#verdict ??
      exited(this.#job?.request.requestId, exit ?? { code: null, signal: null }, hint)
    if (this.#job && !this.#isAbandoned) {
      this.#verdict = failure
      this.#settle(this.#outcome ?? { ok: false, failure })
    }
    this.#events.gone(isInit ? failure : undefined)
  }
}

/**
 * Later by one round of reading from all that the server listens to: what a process wrote before it
 * called has arrived by then (P2).
 */
function afterReads(then: () => void): void {
  nextTurn(() => nextTurn(then))
}

function initTimedOut(
  now: number,
  requestId: string | undefined,
  milliseconds: number,
): InvocationFailure {
  const seconds = (milliseconds / 1000).toFixed(2)
  return new InvocationFailure(
    'Sandbox.Timedout',
    `${new Date(now).toISOString()} ${requestId ?? ''} Task timed out after ${seconds} seconds: ` +
      'the process was started, but never asked for an invocation.',
  )
}

function invalidEntrypoint(error: unknown): InvocationFailure {
  const reason = `The process cannot be started: ${String(error)}`
  return new InvocationFailure('Runtime.InvalidEntrypoint', forRequest(undefined, reason))
}
