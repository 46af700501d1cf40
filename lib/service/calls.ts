import type { Clock } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'
import type { OperationUpdate } from '../journal/update.ts'
import { call } from './call.ts'
import type { Callee } from './checkpoint.ts'
import type { Functions, RegisteredFunction } from './functions.ts'
import {
  failureRecord,
  InvocationFailure,
  type InvocationRequest,
  type Invoker,
} from './invoker.ts'
import { calleeResult, functionNotFound } from './ending.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { Live } from './live.ts'
import { Refusal } from './refusal.ts'
import type { ServiceLimits } from './service-limits.ts'
import type { ExecutionFacts, OperationExtras } from './store.ts'
import type { Settlement } from './transition.ts'

/** Where a chained invoke goes: an execution that is about to start, or a plain function. */
export type PlannedCall =
  | { readonly kind: 'execution'; readonly facts: ExecutionFacts }
  | { readonly kind: 'plain'; readonly call: PlainCall }

export type PlainCall = NonNullable<OperationExtras['call']>

/** What a plain function is called with. */
export interface PlainRequest {
  readonly payload?: string | undefined
  readonly tenantId?: string | undefined
  readonly clientContext?: string | undefined
  readonly requestId?: string | undefined
}

export interface CallsParts {
  readonly invocationClock: Clock
  readonly random: Random
  readonly invoker: Invoker
  readonly functions: Functions
  readonly limits: ServiceLimits
  readonly lifecycle: Lifecycle
}

/** Carries out chained invokes. */
export class Calls {
  readonly #parts: CallsParts

  constructor(parts: CallsParts) {
    this.#parts = parts
  }

  /** Finds the callee of an update that starts a chained invoke. */
  plan(caller: string, update: OperationUpdate): Callee<PlannedCall> {
    const { functions, lifecycle } = this.#parts
    const { FunctionName = '', TenantId } = update.ChainedInvokeOptions ?? {}
    let callee: RegisteredFunction
    try {
      callee = functions.resolve(FunctionName, undefined, 'start a CHAINED_INVOKE on')
    } catch (error) {
      if (!(error instanceof Refusal) || error.name !== 'ResourceNotFoundException') throw error
      return { error: { ErrorType: error.name, ErrorMessage: error.message } }
    }
    const { name, version } = callee
    const payload = update.Payload ?? 'null'
    if (!callee.durable) {
      const call = { functionName: name, version, payload, ...tenant(TenantId) }
      return { callee: { kind: 'plain', call }, version, executionArn: '' }
    }
    const parent = { executionArn: caller, operationId: update.Id }
    const facts = lifecycle.plan(callee, { input: payload, tenantId: TenantId, parent })
    return { callee: { kind: 'execution', facts }, version, executionArn: facts.arn }
  }

  /** Starts the callee of operation `operationId`. */
  dispatch(caller: Live, operationId: string, planned: PlannedCall): void {
    const { lifecycle } = this.#parts
    if (planned.kind === 'plain') {
      caller.execution.note(operationId, { call: planned.call })
      return lifecycle.soon(caller, () => this.#dispatchPlain(caller, operationId, planned.call))
    }
    const callee = lifecycle.start(planned.facts)
    lifecycle.soon(caller, () => lifecycle.wake(callee))
  }

  /** Makes those calls again whose end a process that died did not live to see. */
  resume(caller: Live): void {
    const { execution } = caller
    for (const { Id, Type, Status } of execution.records()) {
      const call = execution.extrasOf(Id)?.call
      if (Type !== 'CHAINED_INVOKE' || Status !== 'STARTED' || !call) continue
      this.#parts.lifecycle.soon(caller, () => this.#dispatchPlain(caller, Id, call))
    }
  }

  /** Calls a plain function and reports its end to the operation. */
  #dispatchPlain(caller: Live, operationId: string, call: PlainCall): void {
    const { lifecycle, functions, limits } = this.#parts
    const report = (settlement: Settlement) =>
      lifecycle.later(() => {
        if (lifecycle.settle(caller, operationId, settlement)) lifecycle.wake(caller)
      })
    const callee = functions.get(call.functionName, call.version)
    const called = callee
      ? this.callPlain(callee, call)
      : Promise.reject(functionGone(call.functionName))
    called.then(
      (result) => report(calleeResult(result, limits)),
      (thrown: unknown) => report({ status: 'FAILED', error: failureRecord(thrown) }),
    )
  }

  /** One call of a plain function; resolves to its result as JSON. */
  async callPlain(
    callee: RegisteredFunction,
    { payload, tenantId, clientContext, requestId = this.#parts.random.uuid() }: PlainRequest,
  ): Promise<string> {
    const { invocationClock } = this.#parts
    const request: InvocationRequest = {
      functionName: callee.name,
      version: callee.version,
      functionArn: callee.arn,
      requestId,
      ...tenant(tenantId),
      ...(clientContext === undefined ? {} : { clientContext }),
      deadline: invocationClock.now() + callee.timeoutSeconds * 1000,
      attempt: 1,
      event: payload === undefined ? {} : parsed(payload),
      durable: false,
    }
    const returned = await call(this.#parts, request, callee.timeoutSeconds).answer
    // In a list, what JSON cannot say becomes `null`; so does it as an answer.
    return JSON.stringify([returned]).slice(1, -1)
  }
}

function functionGone(name: string): InvocationFailure {
  const { ErrorType = '', ErrorMessage } = functionNotFound(name)
  return new InvocationFailure(ErrorType, ErrorMessage ?? '')
}

function tenant(tenantId: string | undefined): { tenantId?: string } {
  return tenantId === undefined ? {} : { tenantId }
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    const text = 'Could not parse request body into json: the payload is not JSON.'
    throw new InvocationFailure('InvalidRequestContentException', text)
  }
}
