import type { DurableService } from '../checkpoint/port.ts'
import { invalidOption } from '../kernel/errors.ts'
import { systemRandom, type Random } from '../kernel/random.ts'
import { InvocationFailure, type InvocationRequest } from '../service/invoker.ts'
import { LambdaService, type FunctionSettings, type ServiceOptions } from '../service/service.ts'
import { InProcessInvocation, type Handler, type Onlooker } from './in-process-invocation.ts'
import { VirtualClock } from './virtual-clock.ts'

export type { Handler } from './in-process-invocation.ts'

export interface EmbeddedOptions extends Partial<Omit<ServiceOptions, 'clock' | 'invoker'>> {
  readonly clock?: VirtualClock
  readonly random?: Random
  /** For functions whose driver does not say itself. */
  readonly determinism?: 'off' | 'check' | undefined
  /** Is asked, for each invocation of a durable function, who is to see what it does. */
  readonly observe?: (invocation: InProcessInvocation) => Onlooker | undefined
  /** Is told when an invocation of any function is over, and, where it gave no answer, what it died of. */
  readonly onEnd?: (invocation: InvocationRequest, failure?: unknown) => void
  /** Stands between the engine and the service, for those who want to lose or double a call. */
  readonly between?: (service: DurableService, invocation: InvocationRequest) => DurableService
}

export type EmbeddedSettings = Omit<FunctionSettings, 'name' | 'durable'> & {
  /** `false` for a plain function. */
  readonly durable?: FunctionSettings['durable'] | false
}

/** The emulated service with its functions in this process, on virtual time: no HTTP, no waiting. */
export class Embedded {
  readonly clock: VirtualClock
  readonly service: LambdaService
  readonly #options: EmbeddedOptions
  readonly #handlers = new Map<string, Handler>()

  constructor(options: EmbeddedOptions = {}) {
    this.#options = options
    this.clock = options.clock ?? new VirtualClock()
    this.service = new LambdaService({
      ...options,
      clock: this.clock,
      invoker: { invoke: (request) => this.#invoke(request) },
    })
  }

  /** Hosts a handler made by `driver.lambdaHandler`, or, with `durable: false`, a plain function. */
  register(name: string, handler: Handler, settings: EmbeddedSettings = {}): void {
    if (typeof handler !== 'function') throw invalidOption(name, 'a handler', handler)
    const { durable = {}, ...rest } = settings
    this.#handlers.set(name, handler)
    this.service.register({ ...rest, name, durable: durable === false ? undefined : durable })
  }

  async #invoke(request: InvocationRequest): Promise<unknown> {
    const handler = this.#handlers.get(request.functionName)
    if (!handler) {
      throw new InvocationFailure('Runtime.Unknown', `No handler for ${request.functionName}.`)
    }
    const { observe, random = systemRandom, between, determinism } = this.#options
    const service: DurableService = {
      checkpoint: (call) => this.service.checkpointDurableExecution(call),
      getExecutionState: (call) => this.service.getDurableExecutionState(call),
    }
    const invocation = new InProcessInvocation(request, {
      clock: this.clock,
      random,
      service: between?.(service, request) ?? service,
      determinism,
      observe,
    })
    try {
      const answer = await invocation.run(handler)
      this.#options.onEnd?.(request)
      return answer
    } catch (error) {
      this.#options.onEnd?.(request, error)
      throw error
    }
  }
}
