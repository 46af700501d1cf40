import type { OperationRecord, OperationStatus } from '../../lib/journal/record.ts'
import type { OperationUpdate } from '../../lib/journal/update.ts'
import type { CheckpointResponse } from '../../lib/service/api.ts'
import { InvocationFailure, type InvocationRequest } from '../../lib/service/invoker.ts'
import {
  LambdaService,
  type FunctionSettings,
  type ServiceOptions,
} from '../../lib/service/service.ts'
import { VirtualClock } from '../../lib/testing/virtual-clock.ts'

export const start = Date.UTC(2026, 0, 1)

interface Envelope {
  readonly DurableExecutionArn: string
  readonly CheckpointToken: string
  readonly InitialExecutionState: {
    readonly Operations: readonly OperationRecord[]
    readonly NextMarker: string
  }
  readonly UpdatedOperationIds: readonly string[]
}

/** The service, its clock, and its functions played by hand: an invocation ends when a spec says so. */
export class ByHand {
  readonly clock = new VirtualClock({ start, auto: false })
  readonly service: LambdaService
  /** Every invocation there has been, oldest first. */
  readonly invocations: HandledInvocation[] = []

  constructor(options: Partial<ServiceOptions> = {}) {
    this.service = new LambdaService({
      ...options,
      clock: this.clock,
      invoker: {
        invoke: (request) =>
          new Promise((resolve, reject) => {
            const invocation = new HandledInvocation(this.service, request, resolve, reject)
            this.invocations.push(invocation)
          }),
      },
    })
  }

  /** Registers a durable function and starts an execution of it, up to its first invocation. */
  async start(
    settings: Partial<FunctionSettings> = {},
    input?: string,
  ): Promise<HandledInvocation> {
    const name = settings.name ?? 'orders'
    this.service.register({ name, durable: {}, ...settings })
    await this.service.invoke({
      FunctionName: name,
      InvocationType: 'Event',
      ...(input === undefined ? {} : { Payload: input }),
    })
    return this.latest()
  }

  /** The newest invocation, once everything that goes on by itself has come to rest. */
  async latest(): Promise<HandledInvocation> {
    await rest()
    const latest = this.invocations.at(-1)
    if (!latest) throw new Error('Nothing has been invoked.')
    return latest
  }

  /** Lets `seconds` pass. */
  async pass(seconds: number): Promise<void> {
    this.clock.advance(seconds * 1000)
    await rest()
  }

  /** The history as `1 ExecutionStarted`, `2 StepStarted charge`, and so on. */
  async history(arn: string): Promise<string[]> {
    const { Events } = await this.service.getDurableExecutionHistory({
      DurableExecutionArn: arn,
      MaxItems: 1000,
    })
    return Events.map(({ EventId, EventType, Id }) =>
      EventType.startsWith('Execution') || Id === undefined
        ? `${EventId} ${EventType}`
        : `${EventId} ${EventType} ${Id}`,
    )
  }

  async status(arn: string): Promise<string> {
    return (await this.service.getDurableExecution({ DurableExecutionArn: arn })).Status
  }
}

/** One invocation of a function, from the function's side. */
export class HandledInvocation {
  readonly request: InvocationRequest
  token: string
  readonly #service: LambdaService
  readonly #resolve: (answer: unknown) => void
  readonly #reject: (error: unknown) => void

  constructor(
    service: LambdaService,
    request: InvocationRequest,
    resolve: (answer: unknown) => void = () => {},
    reject: (error: unknown) => void = () => {},
  ) {
    this.request = request
    this.#service = service
    this.#resolve = resolve
    this.#reject = reject
    this.token = request.durable ? this.envelope.CheckpointToken : ''
  }

  get envelope(): Envelope {
    return this.request.event as Envelope
  }

  get arn(): string {
    return this.envelope.DurableExecutionArn
  }

  /** The operations in the event, as `1 STARTED`; the execution's own is left out. */
  get operations(): string[] {
    return shown(this.envelope.InitialExecutionState.Operations)
  }

  /** Sends updates with the newest token. */
  async checkpoint(...updates: OperationUpdate[]): Promise<CheckpointResponse> {
    const response = await this.#service.checkpointDurableExecution({
      DurableExecutionArn: this.arn,
      CheckpointToken: this.token,
      Updates: updates,
    })
    if (response.CheckpointToken !== undefined) this.token = response.CheckpointToken
    return response
  }

  /** Sends updates; answers with the records that came back, as `1 STARTED`. */
  async update(...updates: OperationUpdate[]): Promise<string[]> {
    return shown((await this.checkpoint(...updates)).NewExecutionState.Operations)
  }

  async answer(returned: unknown): Promise<void> {
    this.#resolve(returned)
    await rest()
  }

  pending(): Promise<void> {
    return this.answer({ Status: 'PENDING' })
  }

  succeed(result?: string): Promise<void> {
    return this.answer({ Status: 'SUCCEEDED', ...(result === undefined ? {} : { Result: result }) })
  }

  async throw(error: unknown): Promise<void> {
    this.#reject(error)
    await rest()
  }

  crash(): Promise<void> {
    return this.throw(new InvocationFailure('Runtime.ExitError', 'Runtime exited'))
  }
}

export function shown(records: readonly OperationRecord[]): string[] {
  return records
    .filter(({ Type }) => Type !== 'EXECUTION')
    .map(({ Id, Status }) => `${Id} ${Status satisfies OperationStatus}`)
}

/** Promises that hang on nothing but each other have settled by then. */
export function rest(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** How a promise was rejected: the error's name and message. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error) return `${error.name}: ${error.message}`
    throw error
  }
  throw new Error('Expected a refusal, got an answer.')
}
