import type {
  CheckpointRequest,
  CheckpointResponse,
  DurableService,
  StateRequest,
  StateResponse,
} from '../../../lib/checkpoint/port.ts'
import { nextTurn } from '../../../lib/kernel/clock.ts'
import type { CallTrouble } from './faults.ts'
import type { Entry } from './transcript.ts'

/** What the seam is part of. */
export interface Wire {
  note(entry: Entry): void
  nextCall(): number
  /** Takes note that the service has taken the token away: it will invoke another time. */
  supersede(invocation: number): void
  troubleAt(call: number): CallTrouble | undefined
  /** Records in a page of state; a service may well answer with fewer than were asked for. */
  readonly pageItems: number
  /** Lets the time pass that a message takes. */
  travel(): void
}

/** The place between one invocation and the service: writes down each call, and makes its trouble. */
export class Seam implements DurableService {
  readonly #service: DurableService
  readonly #wire: Wire
  readonly #invocation: number
  readonly #crash: () => void
  #throttle: { left: number; retryAfter: number | undefined } | undefined

  constructor(
    service: DurableService,
    wire: Wire,
    { invocation, crash }: { readonly invocation: number; readonly crash: () => void },
  ) {
    this.#service = service
    this.#wire = wire
    this.#invocation = invocation
    this.#crash = crash
  }

  checkpoint(request: CheckpointRequest): Promise<CheckpointResponse> {
    const call = this.#wire.nextCall()
    this.#note({
      what: 'sent',
      call,
      token: request.CheckpointToken,
      updates: [...(request.Updates ?? [])],
    })
    return this.#carry(call, {
      send: () => this.#service.checkpoint(request),
      sendStale: () => this.#service.checkpoint({ ...request, CheckpointToken: 'c3RhbGU=' }),
      withoutToken: ({ CheckpointToken: _token, ...answer }) => answer,
      arrived: ({ CheckpointToken, NewExecutionState }) => {
        this.#note({ what: 'answered', call, token: CheckpointToken })
        this.#note({ what: 'told', records: NewExecutionState?.Operations ?? [] })
      },
    })
  }

  getExecutionState(asked: StateRequest): Promise<StateResponse> {
    const request = { ...asked, MaxItems: this.#wire.pageItems }
    return this.#carry(this.#wire.nextCall(), {
      send: () => this.#service.getExecutionState(request),
      sendStale: () => this.#service.getExecutionState({ ...request, CheckpointToken: 'c3RhbGU=' }),
      withoutToken: (answer) => answer,
      arrived: ({ Operations }) => this.#note({ what: 'told', records: Operations ?? [] }),
    })
  }

  async #carry<T>(call: number, message: Message<T>): Promise<T> {
    const trouble = this.#wire.troubleAt(call)
    if (trouble?.kind === 'crash-before') return this.#die()
    if (trouble?.kind === 'throttled') {
      this.#throttle = { left: trouble.times, retryAfter: trouble.retryAfter }
    }
    await this.#travel()
    try {
      if (this.#throttle && this.#throttle.left-- > 0) throw throttled(this.#throttle.retryAfter)
      if (trouble?.kind === 'unavailable' && !trouble.isApplied) throw unavailable()
      const answer = await (trouble?.kind === 'stale-token' ? message.sendStale() : message.send())
      await this.#travel()
      switch (trouble?.kind) {
        case 'unavailable':
          throw unavailable()
        case 'lost-answer':
          return await this.#die()
        case 'sent-twice':
          return arrive(message, await message.send())
        case 'missing-token':
          this.#wire.supersede(this.#invocation)
          return arrive(message, message.withoutToken(answer))
        case 'crash-after':
          void this.#dieIn(trouble.microtasks)
          return arrive(message, answer)
        default:
          return arrive(message, answer)
      }
    } catch (error) {
      const { name, message: text } = error as Error
      const isPlanned = trouble !== undefined || this.#throttle !== undefined
      this.#note({ what: 'refused', call, name, message: text, isPlanned })
      throw error
    }
  }

  async #travel(): Promise<void> {
    await new Promise<void>(nextTurn)
    this.#wire.travel()
  }

  #die(): Promise<never> {
    this.#note({ what: 'crashed' })
    this.#crash()
    return new Promise<never>(() => {})
  }

  async #dieIn(microtasks: number): Promise<void> {
    for (let i = 0; i < microtasks; i++) await Promise.resolve()
    void this.#die()
  }

  #note(entry: DistributiveOmit<Entry, 'invocation'>): void {
    this.#wire.note({ invocation: this.#invocation, ...entry })
  }
}

/** How one of the two calls is made, and what its answer is worth. */
interface Message<T> {
  send(): Promise<T>
  sendStale(): Promise<T>
  withoutToken(answer: T): T
  arrived(answer: T): void
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

function arrive<T>(message: Message<T>, answer: T): T {
  message.arrived(answer)
  return answer
}

function throttled(retryAfter: number | undefined): Error {
  return Object.assign(new Error('Rate exceeded'), {
    name: 'TooManyRequestsException',
    $metadata: { httpStatusCode: 429 },
    ...(retryAfter === undefined ? {} : { retryAfterSeconds: String(retryAfter) }),
  })
}

function unavailable(): Error {
  return Object.assign(new Error('Service is unavailable'), {
    name: 'ServiceException',
    $metadata: { httpStatusCode: 503 },
  })
}
