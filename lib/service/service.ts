import type { Clock } from '../kernel/clock.ts'
import { systemRandom, type Random } from '../kernel/random.ts'
import type * as Api from './api.ts'
import { isExecutionArn } from './arn.ts'
import { callbackId, parseCallbackId, unknownCallback } from './callback-id.ts'
import { Calls, type PlannedCall } from './calls.ts'
import { stageCheckpoint, type StagedCheckpoint } from './checkpoint.ts'
import type { Execution } from './execution.ts'
import { Executions } from './executions.ts'
import { Functions, type FunctionSettings, type RegisteredFunction } from './functions.ts'
import { defaultInvocationRetry, type InvocationRetry } from './invocation-retry.ts'
import type { Invoker } from './invoker.ts'
import { Lifecycle } from './lifecycle.ts'
import type { Live } from './live.ts'
import { MemoryStore } from './memory-store.ts'
import { description, historyPage, listPage, statePage } from './queries.ts'
import { invalid, notFound, Refusal } from './refusal.ts'
import { defaultServiceLimits, type ServiceLimits } from './service-limits.ts'
import type { WhenDue } from './scheduler.ts'
import { apiRecord } from './shown-record.ts'
import { Starts } from './starts.ts'
import type { Store } from './store.ts'
import type { Settlement } from './transition.ts'
import { checkBytes, checkClientToken, checkError } from './validation.ts'

export type { FunctionSettings } from './functions.ts'

export interface ServiceOptions {
  readonly clock: Clock
  /** For what happens to processes, whatever the time in the service: `clock` when left out. */
  readonly invocationClock?: Clock
  readonly invoker: Invoker
  readonly random?: Random
  readonly store?: Store
  readonly region?: string
  readonly accountId?: string
  readonly limits?: Partial<ServiceLimits>
  readonly retry?: Partial<InvocationRetry>
  /**
   * Whether a durable function can be invoked from outside only by a version, an alias or `$LATEST`, as
   * on Lambda; not when left out.
   */
  readonly needsQualifier?: boolean
  /** Decides when what is due happens to an operation; at once when left out. */
  readonly whenDue?: WhenDue | undefined
}

/** How long an answer is kept for a checkpoint that is sent again. */
const repeatMilliseconds = 15 * 60 * 1000

/**
 * The durable execution service: the calls of its API as methods. Each rejects with a `Refusal` for
 * a request that cannot be carried out, and answers only when what it changed is stored.
 */
export class LambdaService {
  readonly #clock: Clock
  readonly #random: Random
  readonly #limits: ServiceLimits
  readonly #functions: Functions
  readonly #executions: Executions
  readonly #lifecycle: Lifecycle
  readonly #calls: Calls
  readonly #starts: Starts

  constructor(options: ServiceOptions) {
    const { clock, invoker, random = systemRandom, store = new MemoryStore() } = options
    const { invocationClock = clock } = options
    const limits = { ...defaultServiceLimits, ...options.limits }
    const retry = { ...defaultInvocationRetry, ...options.retry }
    const { region = 'us-east-1', accountId = '123456789012' } = options
    const functions = new Functions({ region, accountId })
    const executions = new Executions(store, clock)
    const lifecycle = new Lifecycle({
      clock,
      invocationClock,
      random,
      invoker,
      functions,
      executions,
      limits,
      retry,
      whenDue: options.whenDue,
    })
    this.#clock = clock
    this.#random = random
    this.#limits = limits
    this.#functions = functions
    this.#executions = executions
    this.#lifecycle = lifecycle
    const calls = new Calls({ invocationClock, random, invoker, functions, limits, lifecycle })
    this.#calls = calls
    const { needsQualifier = false } = options
    const parts = { clock, random, limits, functions, executions, lifecycle, calls, needsQualifier }
    this.#starts = new Starts(parts)
  }

  /** Makes a function known; one registered before under the same name and version is replaced. */
  register(settings: FunctionSettings): void {
    this.#functions.register(settings)
  }

  /**
   * Calls a function. A durable one starts an execution, or is attached to the one of that name;
   * `RequestResponse` answers when it has ended, `Event` at once. `onStart` is told of the execution
   * before that.
   */
  invoke(
    request: Api.InvokeRequest,
    onStart?: (started: Api.StartedExecution) => void,
  ): Promise<Api.InvokeResponse> {
    return this.#starts.invoke(request, onStart)
  }

  checkpointDurableExecution(request: Api.CheckpointRequest): Promise<Api.CheckpointResponse> {
    return this.#verb(() => {
      const live = this.#running(request.DurableExecutionArn)
      const { CheckpointToken, ClientToken, Updates } = request
      checkClientToken(ClientToken)
      const key = ClientToken == null ? undefined : `${CheckpointToken} ${ClientToken}`
      const repeated = this.#repeated(live, key)
      if (repeated) return repeated

      const { execution, tokens } = live
      if (!tokens || CheckpointToken !== tokens.current) throw invalid('Invalid checkpoint token')
      const now = this.#clock.now()
      const staged = stageCheckpoint<PlannedCall>(execution, Updates ?? [], {
        now,
        limits: this.#limits,
        newCallbackId: (id) => callbackId(this.#random, execution.arn, id),
        findCallee: (update) => this.#calls.plan(execution.arn, update),
      })
      execution.advance({ checkpoints: execution.progress.checkpoints + 1 })
      this.#apply(live, staged)
      this.#lifecycle.applyDue(live)
      const response: Api.CheckpointResponse = {
        ...(execution.isRunning ? { CheckpointToken: tokens.spend() } : {}),
        NewExecutionState: { Operations: execution.takeUndelivered().map(apiRecord) },
      }
      if (key !== undefined) live.last = { key, at: now, response }
      return response
    })
  }

  getDurableExecutionState(request: Api.StateRequest): Promise<Api.StateResponse> {
    return this.#verb(() => {
      const { execution, tokens } = this.#running(request.DurableExecutionArn)
      if (!tokens?.issued(request.CheckpointToken)) throw invalid('Invalid checkpoint token')
      return statePage(execution, request, this.#limits)
    })
  }

  getDurableExecution(request: Api.GetExecutionRequest): Promise<Api.ExecutionDescription> {
    return this.#verb(() =>
      description(this.#find(request.DurableExecutionArn), request.IncludeExecutionData ?? true),
    )
  }

  getDurableExecutionHistory(request: Api.HistoryRequest): Promise<Api.HistoryResponse> {
    return this.#verb(() =>
      historyPage(this.#find(request.DurableExecutionArn), request, this.#limits),
    )
  }

  listDurableExecutionsByFunction(request: Api.ListRequest): Promise<Api.ListResponse> {
    return this.#verb(() => {
      const { name, version } = this.#functions.resolve(request.FunctionName, request.Qualifier)
      const executions = this.#executions
        .of(name)
        .filter(({ facts }) => request.Qualifier == null || facts.version === version)
      return listPage(executions, request, this.#limits)
    })
  }

  sendDurableExecutionCallbackSuccess(request: Api.CallbackSuccessRequest): Promise<void> {
    return this.#verb(() => {
      const { live, operationId } = this.#callback(request.CallbackId)
      const { Result } = request
      checkBytes(Result, this.#limits.operationPayloadBytes, 'CALLBACK output')
      // A body may be empty, and then there is no result.
      const result = Result === '' ? undefined : Result
      this.#settleCallback(live, operationId, { status: 'SUCCEEDED', result })
    })
  }

  sendDurableExecutionCallbackFailure(request: Api.CallbackFailureRequest): Promise<void> {
    return this.#verb(() => {
      const { live, operationId } = this.#callback(request.CallbackId)
      checkError(request.Error, this.#limits)
      this.#settleCallback(live, operationId, { status: 'FAILED', error: request.Error ?? {} })
    })
  }

  sendDurableExecutionCallbackHeartbeat(request: Api.CallbackHeartbeatRequest): Promise<void> {
    return this.#verb(() => {
      const { live, operationId } = this.#callback(request.CallbackId)
      if (!this.#lifecycle.beat(live, operationId)) throw closedCallback()
    })
  }

  stopDurableExecution(request: Api.StopRequest): Promise<Api.StopResponse> {
    return this.#verb(() => {
      const execution = this.#find(request.DurableExecutionArn)
      checkError(request.Error, this.#limits)
      const error = request.Error ?? { ErrorMessage: 'Execution stopped by user request' }
      this.#lifecycle.end(this.#lifecycle.live(execution), { status: 'STOPPED', error })
      return { StopTimestamp: new Date(execution.progress.endedAt ?? this.#clock.now()) }
    })
  }

  /**
   * Starts an execution that goes on from an operation of another one, as if that had come to the
   * answer given, or anew from it. No call of Lambda's: a way to try what would have happened.
   */
  forkDurableExecution(request: Api.ForkRequest): Promise<Api.ForkResponse> {
    return this.#verb(() => this.#starts.fork(this.#find(request.DurableExecutionArn), request))
  }

  /** The function that a name, partial or full ARN stands for. */
  getFunction(reference: string, qualifier?: string): RegisteredFunction {
    return this.#functions.resolve(reference, qualifier)
  }

  /** What an execution has cost up to now that its history does not tell. No call of Lambda's. */
  usage(arn: string): { readonly checkpoints: number } {
    return { checkpoints: this.#find(arn).progress.checkpoints }
  }

  /** Resolves when the execution has ended. */
  ended(arn: string): Promise<void> {
    return this.#verb(() => this.#lifecycle.ended(this.#lifecycle.live(this.#find(arn))))
  }

  /**
   * Goes on with the unfinished executions that were in the store when this service was made. Their
   * functions have to be registered before.
   */
  resume(): void {
    this.#lifecycle.act(() => {
      for (const execution of this.#executions.all()) {
        if (execution.isRunning) this.#calls.resume(this.#lifecycle.resume(execution))
      }
    })
  }

  /**
   * Lets nothing happen any more by itself: no timer, no answer of a function. What is under way goes
   * on in the service that is made on the same store next.
   */
  close(): void {
    this.#lifecycle.close()
  }

  /** Carries out a verb at once; its answer, or refusal, becomes a promise's. */
  #verb<T>(work: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve) => {
      resolve(this.#lifecycle.act(work))
    })
  }

  #apply(live: Live, staged: StagedCheckpoint<PlannedCall>): void {
    const { execution } = live
    for (const [id, { record, extras }] of staged.operations) {
      execution.put(record, 'update', extras)
      this.#lifecycle.schedule(live, id)
    }
    for (const event of staged.events) execution.append(event)
    for (const { update, callee } of staged.calls) {
      this.#calls.dispatch(live, update.Id, callee)
    }
    const { ending } = staged
    if (!ending) return
    this.#lifecycle.end(
      live,
      ending.Action === 'SUCCEED'
        ? { status: 'SUCCEEDED', result: ending.Payload ?? undefined }
        : { status: 'FAILED', error: ending.Error ?? undefined },
    )
  }

  #repeated(live: Live, key: string | undefined): Api.CheckpointResponse | undefined {
    const { last } = live
    if (key === undefined || last?.key !== key) return undefined
    if (this.#clock.now() - last.at > repeatMilliseconds) return undefined
    return last.response
  }

  #settleCallback(live: Live, operationId: string, settlement: Settlement): void {
    if (!this.#lifecycle.settle(live, operationId, settlement)) throw closedCallback()
    this.#lifecycle.wake(live)
  }

  #callback(id: string): { live: Live; operationId: string } {
    const { executionArn, operationId } = parseCallbackId(id)
    const execution = this.#executions.get(executionArn)
    const record = execution?.get(operationId)
    if (!execution || record?.Type !== 'CALLBACK') throw unknownCallback()
    if (record.CallbackDetails?.CallbackId !== id) throw unknownCallback()
    return { live: this.#lifecycle.live(execution), operationId }
  }

  /** For the calls of a handler, which know no answer for an execution that is not there. */
  #running(arn: string): Live {
    const execution = this.#executions.get(arn)
    if (!execution) throw invalid('Invalid Durable Execution ARN')
    return this.#lifecycle.live(execution)
  }

  #find(arn: string): Execution {
    if (!isExecutionArn(arn)) throw invalid('Invalid Durable Execution ARN')
    const execution = this.#executions.get(arn)
    if (!execution) throw notFound(`Durable execution not found: ${arn}`)
    return execution
  }
}

function closedCallback(): Refusal {
  return new Refusal('CallbackTimeoutException', 'The callback has ended or timed out already.')
}
