import type { DurableService } from '../../checkpoint/port.ts'
import type { Observer } from '../../driver/observer.ts'
import type { StandIn } from '../../driver/stand-in.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { InvocationRequest } from '../../service/invoker.ts'
import type { InProcessInvocation, Onlooker } from '../in-process-invocation.ts'
import { transcribe, type InvocationTranscript, type Scribe } from '../transcript.ts'

export interface WitnessOptions {
  readonly functionName: string
  readonly clock: Clock
  readonly standIn: StandIn | undefined
  /** Steps at which the invocation is to be killed, once each. */
  readonly crashes: readonly string[] | undefined
  readonly onInvocation: ((transcript: InvocationTranscript) => void) | undefined
}

/** Writes down what each invocation of one function does, and kills those that are to be killed. */
export class Witness {
  readonly transcripts: InvocationTranscript[] = []
  readonly #options: WitnessOptions
  readonly #crashes: Set<string>
  #current: { readonly request: InvocationRequest; readonly scribe: Scribe } | undefined

  constructor(options: WitnessOptions) {
    this.#options = options
    this.#crashes = new Set(options.crashes)
  }

  /** Steps that were to be crashed at and were never done. */
  get unusedCrashes(): string[] {
    return [...this.#crashes]
  }

  observe(invocation: InProcessInvocation): Onlooker | undefined {
    const { functionName, clock, standIn } = this.#options
    const { request } = invocation
    if (request.functionName !== functionName) return undefined
    // One that is out of time is over for the service, whether its code has noticed or not.
    this.tell()
    const scribe = transcribe(this.transcripts.length + 1, clock.now())
    const { observer, log, transcript } = scribe
    this.transcripts.push(transcript)
    this.#current = { request, scribe }
    const attempted: Observer['attempted'] = (position, attempt, outcome) => {
      observer.attempted?.(position, attempt, outcome)
      if (position.name === undefined || !this.#crashes.delete(position.name)) return
      transcript.entries.push({ what: 'crashed', id: position.id, words: position.words })
      invocation.crash()
    }
    return { observer: { ...observer, attempted }, log, ...(standIn ? { standIn } : {}) }
  }

  /** Listens to what an invocation sends to the service. */
  between(service: DurableService, request: InvocationRequest): DurableService {
    return {
      getExecutionState: (call) => service.getExecutionState(call),
      checkpoint: (call) => {
        if (request === this.#current?.request) this.#current.scribe.sent(call.Updates ?? [])
        return service.checkpoint(call)
      },
    }
  }

  /** To be called when an invocation is over, with what it died of where it gave no answer. */
  ended(request: InvocationRequest, failure: unknown): void {
    if (request !== this.#current?.request) return
    if (failure !== undefined) this.#current.scribe.died(failure)
    this.tell()
  }

  /** Hands the current transcript over: nothing more will come of it. */
  tell(): void {
    if (this.#current) this.#options.onInvocation?.(this.#current.scribe.transcript)
    this.#current = undefined
  }
}
