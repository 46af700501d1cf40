import type { DurableService } from '../../lib/checkpoint/port.ts'
import { createDriver, type DriverOptions, type Workflow } from '../../lib/index.ts'
import type { ErrorRecord } from '../../lib/kernel/error-record.ts'
import type { Log } from '../../lib/kernel/logger.ts'
import { MemoryStore } from '../../lib/service/memory-store.ts'
import { Embedded, type EmbeddedSettings } from '../../lib/testing/embedded.ts'
import type { VirtualClock } from '../../lib/testing/virtual-clock.ts'

export interface HostedOptions {
  readonly driver?: DriverOptions
  readonly function?: EmbeddedSettings
  readonly clock?: VirtualClock
  /** Asked for each call; `false` for one that the process dies at, before it is sent. */
  readonly mayCall?: (call: number) => boolean
}

/** How an execution ended. */
export interface Ended {
  readonly Status: string | undefined
  readonly Result?: string
  readonly Error?: ErrorRecord
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** A workflow hosted in this process, on virtual time: one execution, and all that it told the service. */
export class Hosted {
  readonly embedded: Embedded
  /** Each call as `START 1, SUCCEED 1`. */
  readonly calls: string[] = []
  invocations = 0
  readonly #store = new MemoryStore()

  constructor(workflow: Workflow<never>, options: HostedOptions = {}) {
    const crashes = new Map<string, () => void>()
    this.embedded = new Embedded({
      store: this.#store,
      ...(options.clock ? { clock: options.clock } : {}),
      observe: (invocation) => {
        crashes.set(invocation.request.requestId, () => void invocation.crash())
        return undefined
      },
      between: (service, { requestId }) => {
        this.invocations += 1
        return this.#between(service, () => crashes.get(requestId)?.(), options)
      },
    })
    const handler = createDriver({ log: silent, ...options.driver }).lambdaHandler(workflow)
    this.embedded.register('f', handler, options.function)
  }

  /** Starts the execution; answers its ARN. */
  async start(): Promise<string> {
    const { DurableExecutionArn = '' } = await this.embedded.service.invoke({
      FunctionName: 'f',
      Qualifier: '$LATEST',
      InvocationType: 'Event',
      Payload: 'null',
    })
    return DurableExecutionArn
  }

  /** Runs the execution to its end. */
  async run(): Promise<Ended> {
    const DurableExecutionArn = await this.start()
    await this.embedded.service.ended(DurableExecutionArn)
    const found = await this.embedded.service.getDurableExecution({ DurableExecutionArn })
    const { Status, Result, Error } = found
    return {
      Status,
      ...(Result === undefined ? {} : { Result }),
      ...(Error === undefined ? {} : { Error }),
    }
  }

  /** The statuses of all operations by id, the execution's left out. */
  get statuses(): Record<string, string> {
    const [stored] = this.#store.load()
    const operations = stored?.operations.map(({ record }) => record) ?? []
    return Object.fromEntries(
      operations.filter(({ Type }) => Type !== 'EXECUTION').map(({ Id, Status }) => [Id, Status]),
    )
  }

  #between(service: DurableService, crash: () => void, { mayCall }: HostedOptions): DurableService {
    return {
      getExecutionState: (request) => service.getExecutionState(request),
      checkpoint: (request) => {
        const { Updates = [] } = request
        this.calls.push(Updates.map(({ Action, Id }) => `${Action} ${Id}`).join(', '))
        if (mayCall?.(this.calls.length) !== false) return service.checkpoint(request)
        crash()
        return new Promise<never>(() => {})
      },
    }
  }
}
