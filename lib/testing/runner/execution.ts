import type { OperationStatus } from '../../journal/record.ts'
import type { ExecutionStatus } from '../../service/api.ts'
import type { HistoryEvent } from '../../service/history.ts'
import {
  CallbackHandle,
  OperationHandle,
  type CallbackError,
  type HandleGround,
  type Selector,
} from './handle.ts'
import type { RunResult } from './result.ts'

export interface ExecutionParts<O> {
  readonly ground: HandleGround
  readonly arn: () => string
  readonly status: () => ExecutionStatus
  /** Whether no invocation is in flight, as far as is known. */
  readonly isSuspended: () => boolean
  readonly result: () => Promise<RunResult<O>>
  readonly stop: (error: CallbackError | undefined) => Promise<void>
}

/** A run that is under way, with handles to what happens in it. */
export class Execution<O = unknown> {
  readonly #parts: ExecutionParts<O>
  #result: Promise<RunResult<O>> | undefined

  constructor(parts: ExecutionParts<O>) {
    this.#parts = parts
  }

  /** Empty until the service has begun the execution. */
  get executionArn(): string {
    return this.#parts.arn()
  }

  get status(): ExecutionStatus {
    return this.#parts.status()
  }

  /** The history up to now, in the shape of the API. */
  get events(): readonly HistoryEvent[] {
    return this.#parts.ground.watch.history.events
  }

  /** How it went, once it is over. */
  get result(): Promise<RunResult<O>> {
    return (this.#result ??= this.#parts.result())
  }

  /** An operation by its name, its id, or both; `index` counts those that fit, from 0. */
  operation(selector: Selector, index?: number): OperationHandle {
    return new OperationHandle(this.#parts.ground, indexed(selector, index))
  }

  /**
   * A callback by its name, which may be that of the `waitForCallback` around it, by its id, or both;
   * `index` counts those that fit, from 0.
   */
  callback(selector: Selector, index?: number): CallbackHandle {
    return new CallbackHandle(this.#parts.ground, indexed(selector, index))
  }

  /** The operations up to now in the order of their start, or those of a status. */
  operations(filter: { readonly status?: OperationStatus } = {}): OperationHandle[] {
    const { ground } = this.#parts
    return ground.watch.history.operations
      .filter(({ status }) => filter.status === undefined || status === filter.status)
      .map(({ id }) => new OperationHandle(ground, { id }))
  }

  /**
   * Resolves when an invocation has been suspended, and none is in flight: a clock that is moved by hand
   * is best moved then.
   */
  async suspended(): Promise<void> {
    const { ground, isSuspended } = this.#parts
    await ground.watch.until(() => isSuspended() || undefined, 'being suspended')
  }

  /** Has the service stop the execution. */
  async stop(error?: CallbackError): Promise<void> {
    await this.#parts.stop(error)
  }
}

function indexed(selector: Selector, index: number | undefined): Selector {
  if (index === undefined) return selector
  return typeof selector === 'string' ? { name: selector, index } : { ...selector, index }
}
