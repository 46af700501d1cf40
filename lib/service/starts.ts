import type { Clock } from '../kernel/clock.ts'
import type { ErrorRecord } from '../kernel/error-record.ts'
import type { Random } from '../kernel/random.ts'
import type * as Api from './api.ts'
import { callbackId } from './callback-id.ts'
import type { Calls } from './calls.ts'
import type { Execution } from './execution.ts'
import type { Executions } from './executions.ts'
import { forkedState } from './fork.ts'
import type { Functions, RegisteredFunction } from './functions.ts'
import type { EventDetails } from './history.ts'
import { failureRecord } from './invoker.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { Live } from './live.ts'
import { invalid, Refusal } from './refusal.ts'
import type { ServiceLimits } from './service-limits.ts'
import { checkBytes, checkError, checkExecutionName, checkTenant } from './validation.ts'

export interface StartsParts {
  readonly clock: Clock
  readonly random: Random
  readonly limits: ServiceLimits
  readonly functions: Functions
  readonly executions: Executions
  readonly lifecycle: Lifecycle
  readonly calls: Calls
  readonly needsQualifier: boolean
}

/** How executions come to be, and plain functions are called: from outside, or from another execution. */
export class Starts {
  readonly #parts: StartsParts

  constructor(parts: StartsParts) {
    this.#parts = parts
  }

  /** As `LambdaService.invoke`. */
  async invoke(
    request: Api.InvokeRequest,
    onStart?: (started: Api.StartedExecution) => void,
  ): Promise<Api.InvokeResponse> {
    const { InvocationType: type = 'RequestResponse', Payload, TenantId } = request
    const callee = this.#parts.functions.resolve(request.FunctionName, request.Qualifier)
    checkTenant(TenantId)
    checkExecutionName(request.DurableExecutionName)
    checkInput(Payload, type === 'Event', this.#parts.limits)
    const ExecutedVersion = callee.version
    if (type === 'DryRun') return { StatusCode: 204, ExecutedVersion }
    if (!callee.durable) return this.#invokePlain(callee, request)
    if (
      this.#parts.needsQualifier &&
      !this.#parts.functions.isQualified(request.FunctionName, request.Qualifier)
    ) {
      throw invalid('You cannot invoke a durable function using an unqualified ARN.')
    }

    const live = this.#parts.lifecycle.act(() => this.#startOrAttach(callee, request))
    const DurableExecutionArn = live.execution.arn
    if (type === 'Event') return { StatusCode: 202, ExecutedVersion, DurableExecutionArn }
    onStart?.({ ExecutedVersion, DurableExecutionArn })
    await this.#parts.lifecycle.ended(live)
    const { status, result, error } = live.execution.progress
    const RequestId = lastInvocation(live.execution)
    return {
      StatusCode: 200,
      ExecutedVersion,
      DurableExecutionArn,
      ...(RequestId === undefined ? {} : { RequestId }),
      ...(status === 'SUCCEEDED'
        ? { ...(result === undefined ? {} : { Payload: result }) }
        : { FunctionError: 'Unhandled', Payload: errorPayload(error ?? {}) }),
    }
  }

  /** As `LambdaService.forkDurableExecution`, of the execution that the request names. */
  fork(source: Execution, request: Api.ForkRequest): Api.ForkResponse {
    const { OperationId, Result, Error: error, IsAnswered = error !== undefined } = request
    checkError(error, this.#parts.limits)
    checkExecutionName(request.DurableExecutionName)
    checkBytes(Result, this.#parts.limits.operationPayloadBytes, 'Operation output')
    const { input, tenantId, functionName, version } = source.facts
    const callee = this.#parts.functions.resolve(functionName, version)
    const name = request.DurableExecutionName
    if (name !== undefined && this.#parts.executions.named(name)) throw alreadyStarted(name)
    const facts = this.#parts.lifecycle.plan(callee, { name, input, tenantId })
    const answer = error
      ? ({ status: 'FAILED', error } as const)
      : ({ status: 'SUCCEEDED', result: Result } as const)
    const point = { operationId: OperationId, answer: IsAnswered ? answer : undefined }
    const state = forkedState(source, point, {
      now: this.#parts.clock.now(),
      newCallbackId: (id) => callbackId(this.#parts.random, facts.arn, id),
    })
    const live = this.#parts.lifecycle.start(facts)
    this.#parts.lifecycle.goOnFrom(live, state, source.facts.startedAt)
    this.#parts.lifecycle.wake(live)
    return { DurableExecutionArn: facts.arn }
  }

  async #invokePlain(
    callee: RegisteredFunction,
    request: Api.InvokeRequest,
  ): Promise<Api.InvokeResponse> {
    if (request.DurableExecutionName !== undefined) {
      throw invalid('A durable execution name was given for a function that is not durable.')
    }
    const ExecutedVersion = callee.version
    const { Payload, TenantId, ClientContext } = request
    const RequestId = this.#parts.random.uuid()
    const call = this.#parts.calls.callPlain(callee, {
      payload: Payload || undefined,
      tenantId: TenantId,
      clientContext: ClientContext,
      requestId: RequestId,
    })
    const answered = call.then(
      (result) => ({ StatusCode: 200, ExecutedVersion, RequestId, Payload: result }),
      (thrown: unknown) => ({
        StatusCode: 200,
        ExecutedVersion,
        RequestId,
        FunctionError: 'Unhandled',
        Payload: errorPayload(failureRecord(thrown)),
      }),
    )
    if (request.InvocationType === 'Event') return { StatusCode: 202, ExecutedVersion, RequestId }
    return answered
  }

  #startOrAttach(callee: RegisteredFunction, request: Api.InvokeRequest): Live {
    const { DurableExecutionName: name, Payload, TenantId: tenantId } = request
    const input = Payload || undefined
    const existing = name === undefined ? undefined : this.#parts.executions.named(name)
    if (!existing) {
      const live = this.#parts.lifecycle.start(
        this.#parts.lifecycle.plan(callee, { name, input, tenantId }),
      )
      this.#parts.lifecycle.wake(live)
      return live
    }
    const { facts } = existing
    if (facts.functionArn === callee.arn && facts.input === input) {
      return this.#parts.lifecycle.live(existing)
    }
    throw alreadyStarted(facts.name, ' with another payload')
  }
}

function lastInvocation({ events }: Execution): string | undefined {
  const last = events.findLast(({ type }) => type === 'InvocationCompleted')
  return (last?.details as EventDetails['InvocationCompleted'] | undefined)?.RequestId
}

function checkInput(payload: string | undefined, isEvent: boolean, limits: ServiceLimits): void {
  if (!payload) return
  const most = isEvent ? limits.eventPayloadBytes : limits.executionPayloadBytes
  const bytes = Buffer.byteLength(payload)
  if (bytes > most) {
    throw new Refusal(
      'RequestTooLargeException',
      `Request must be smaller than ${most} bytes for the InvokeFunction operation`,
    )
  }
  try {
    JSON.parse(payload)
  } catch {
    throw new Refusal(
      'InvalidRequestContentException',
      'Could not parse request body into json: the payload is not JSON.',
    )
  }
}

/** An error as the body of an invoke that failed. */
function errorPayload({ ErrorType, ErrorMessage, ErrorData, StackTrace }: ErrorRecord): string {
  return JSON.stringify({
    errorMessage: ErrorMessage,
    errorType: ErrorType,
    errorData: ErrorData,
    stackTrace: StackTrace,
  })
}

function alreadyStarted(name: string, how = ''): Refusal {
  return new Refusal(
    'DurableExecutionAlreadyStartedException',
    `A durable execution named ${name} was already started${how}.`,
  )
}
