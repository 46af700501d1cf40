import type { DurableService } from '../checkpoint/port.ts'
import { Checker } from '../driver/checking/checker.ts'
import type { Observer } from '../driver/observer.ts'
import type { StandIn } from '../driver/stand-in.ts'
import { nextTurn } from '../kernel/clock.ts'
import type { Log, LogLevel } from '../kernel/logger.ts'
import type { Random } from '../kernel/random.ts'
import { hostKey, type Deliver, type Host } from '../lambda/host.ts'
import { InvocationFailure, type InvocationRequest } from '../service/invoker.ts'
import { trapExit } from './exit-trap.ts'
import { InvocationClock } from './invocation-clock.ts'
import type { VirtualClock } from './virtual-clock.ts'

export type Handler = (event: unknown, context: unknown) => unknown

export interface InvocationPorts {
  readonly clock: VirtualClock
  readonly random: Random
  readonly service: DurableService
  readonly determinism?: 'off' | 'check' | undefined
  readonly observe: ((invocation: InProcessInvocation) => Onlooker | undefined) | undefined
}

/** Who sees what an invocation does, and, where it says so, hears what it logs and runs its bodies. */
export interface Onlooker {
  readonly observer: Observer
  readonly log?: Log
  readonly standIn?: StandIn
  /** Decides when the workflow hears that a body has ended. */
  readonly deliver?: Deliver
}

/** One invocation of a function in this process, and the means to end it as a crash would. */
export class InProcessInvocation {
  readonly request: InvocationRequest
  readonly #ports: InvocationPorts
  readonly #clock: InvocationClock
  #over = false
  #isKilled = false
  #isSpeaking = false
  #fail: (failure: InvocationFailure) => void = () => {}

  constructor(request: InvocationRequest, ports: InvocationPorts) {
    this.request = request
    this.#ports = ports
    this.#clock = new InvocationClock(ports.clock)
  }

  get isOver(): boolean {
    return this.#over
  }

  /**
   * Ends it here and now: nothing it still does is heard, and the service sees a dead runtime. What it
   * had already set out to say in this turn of the event loop counts as sent.
   */
  crash(reason = 'Runtime exited with error: signal: killed'): void {
    if (this.#over) return
    const message = `RequestId: ${this.request.requestId} Error: ${reason}`
    this.#isKilled = true
    this.#isSpeaking = true
    this.#end()
    nextTurn(() => {
      this.#isSpeaking = false
      this.#fail(new InvocationFailure('Runtime.ExitError', message))
    })
  }

  async run(handler: Handler): Promise<unknown> {
    const { clock } = this.#ports
    const crashed = new Promise<never>((_resolve, reject) => (this.#fail = reject))
    // The service counts the function's time itself; here its remains are ended with it.
    const deadline = clock.startTimer(this.request.deadline - clock.now(), () => void this.#end())
    const running = trapExit(
      (reason) => void this.crash(reason),
      async () => await handler(this.#event(), this.#context()),
    )
    // What is left of a dead invocation may fail later, when nobody listens any more.
    running.catch(() => {})
    // A killed one has no outcome of its own, not even the throw by which `process.exit` ends it.
    const answered = running.finally(() => (this.#isKilled ? crashed : undefined))
    try {
      return await Promise.race([answered, crashed])
    } finally {
      deadline.cancel()
      this.#end()
    }
  }

  #end(): void {
    this.#over = true
    this.#clock.end()
  }

  #event(): unknown {
    const { event, durable } = this.request
    if (!durable) return event
    const { random, observe, determinism } = this.#ports
    const { observer, log, standIn, deliver } = observe?.(this) ?? {}
    const host: Host = {
      service: this.#service(),
      clock: this.#clock,
      random,
      determinism,
      checker: Checker,
      isOver: () => this.#over,
      ...(observer ? { observer: this.#whileAlive(observer) } : {}),
      ...(deliver ? { deliver } : {}),
      ...(log ? { log: this.#heardWhileAlive(log) } : {}),
      ...(standIn ? { standIn } : {}),
    }
    return Object.assign(event as object, { [hostKey]: host })
  }

  /** The service, as long as the invocation lives: a dead one's calls neither arrive nor return. */
  #service(): DurableService {
    const { service } = this.#ports
    const never = new Promise<never>(() => {})
    const guarded = async <T>(call: () => Promise<T>): Promise<T> => {
      if (this.#over && !this.#isSpeaking) return never
      const answer = await call()
      return this.#over ? never : answer
    }
    return {
      checkpoint: (request) => guarded(() => service.checkpoint(request)),
      getExecutionState: (request) => guarded(() => service.getExecutionState(request)),
    }
  }

  #whileAlive(observer: Observer): Observer {
    const alive = () => !this.#over
    return {
      built: (operation) => void (alive() && observer.built?.(operation)),
      used: (operation) => void (alive() && observer.used?.(operation)),
      met: (operation, position, standing) => {
        if (alive()) observer.met?.(operation, position, standing)
      },
      attempting: (...told) => void (alive() && observer.attempting?.(...told)),
      attempted: (...told) => void (alive() && observer.attempted?.(...told)),
      dropped: (...told) => void (alive() && observer.dropped?.(...told)),
      suspended: (...told) => void (alive() && observer.suspended?.(...told)),
    }
  }

  #heardWhileAlive(log: Log): Log {
    const at =
      (level: LogLevel): Log[LogLevel] =>
      (...said) =>
        void (this.#over || log[level](...said))
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  }

  #context(): object {
    const { requestId, functionName, version, functionArn, tenantId, deadline } = this.request
    return {
      awsRequestId: requestId,
      functionName,
      functionVersion: version,
      invokedFunctionArn: functionArn,
      memoryLimitInMB: '128',
      ...(tenantId === undefined ? {} : { tenantId }),
      getRemainingTimeInMillis: () => Math.max(0, deadline - this.#ports.clock.now()),
    }
  }
}
