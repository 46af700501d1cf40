import type { Clock } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'
import type { OperationUpdate } from '../journal/update.ts'
import type { Callee } from './checkpoint.ts'
import type { Functions, RegisteredFunction } from './functions.ts'
import { failureRecord, type InvocationRequest } from './invoker.ts'
import { calleeResult, type Lifecycle, type Live } from './lifecycle.ts'
import { Refusal } from './refusal.ts'
import type { ServiceLimits } from './service-limits.ts'
import type { ExecutionFacts, OperationExtras } from './store.ts'
import type { Settlement } from './transition.ts'

/** Where a chained invoke goes: an execution that is about to start, or a plain function. */
export type PlannedCall =
  | { readonly kind: 'execution'; readonly facts: ExecutionFacts }
  | { readonly kind: 'plain'; readonly call: PlainCall }

export type PlainCall = NonNullable<OperationExtras['call']>

export interface CallsParts {
  readonly clock: Clock
  readonly random: Random
  readonly functions: Functions
  readonly limits: ServiceLimits
  readonly lifecycle: Lifecycle
}

/**
 * A callee starts a moment after the call was acknowledged, as with any asynchronous invoke. So a
 * caller that has nothing else to do is suspended before its callee can end.
 */
const dispatchMilliseconds = 10

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
    const { clock, lifecycle } = this.#parts
    if (planned.kind === 'plain') return this.dispatchPlain(caller, operationId, planned.call)
    const callee = lifecycle.start(planned.facts)
    clock.startTimer(dispatchMilliseconds, () => lifecycle.act(() => lifecycle.wake(callee)))
  }

  /** Calls a plain function and reports its end to the operation. */
  dispatchPlain(caller: Live, operationId: string, call: PlainCall): void {
    const { clock, lifecycle, functions, limits } = this.#parts
    const report = (settlement: Settlement) =>
      lifecycle.act(() => {
        if (lifecycle.settle(caller, operationId, settlement)) lifecycle.wake(caller)
      })
    clock.startTimer(dispatchMilliseconds, () => {
      const callee = functions.get(call.functionName, call.version)
      if (!callee) {
        const ErrorMessage = `Function not found: ${call.functionName}`
        const error = { ErrorType: 'ResourceNotFoundException', ErrorMessage }
        return report({ status: 'FAILED', error })
      }
      this.callPlain(callee, call.payload, call.tenantId).then(
        (result) => report(calleeResult(result, limits)),
        (thrown: unknown) => report({ status: 'FAILED', error: failureRecord(thrown) }),
      )
    })
  }

  /** One call of a plain function; resolves to its result as JSON. */
  async callPlain(
    callee: RegisteredFunction,
    payload: string | undefined,
    tenantId: string | undefined,
  ): Promise<string> {
    const { clock, random, lifecycle } = this.#parts
    const request: InvocationRequest = {
      functionName: callee.name,
      version: callee.version,
      functionArn: callee.arn,
      requestId: random.uuid(),
      ...tenant(tenantId),
      deadline: clock.now() + callee.timeoutSeconds * 1000,
      attempt: 1,
      event: payload === undefined ? {} : JSON.parse(payload),
      durable: false,
    }
    const returned = await lifecycle.call(request, callee.timeoutSeconds)
    return JSON.stringify(returned) ?? 'null'
  }
}

function tenant(tenantId: string | undefined): { tenantId?: string } {
  return tenantId === undefined ? {} : { tenantId }
}
