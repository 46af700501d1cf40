import { toSeconds, type Duration } from '../kernel/duration.ts'
import { limits } from '../kernel/limits.ts'
import type { Deserializer, Schema } from '../kernel/serdes.ts'
import { Descriptor, type Operation } from './operation.ts'
import { checkName, checkSerdes, frozen } from './options.ts'

export interface CallbackOptions<T> {
  /** Time, from its creation, after which the callback fails with CALLBACK_TIMED_OUT. */
  readonly timeout?: Duration | undefined
  /** Time without a heartbeat after which it fails with CALLBACK_HEARTBEAT_TIMED_OUT. */
  readonly heartbeatTimeout?: Duration | undefined
  /** Without one, the payload is parsed as JSON, and is the text itself where it is not JSON. */
  readonly serdes?: Deserializer<T> | undefined
  readonly schema?: Schema<T> | undefined
}

export interface Callback<out T> {
  /** What the outside world completes it with. */
  readonly id: string
  /** Yield this to wait for the payload. */
  readonly result: Operation<T>
}

/** Make a callback, whose id may then be handed out; the payload is waited for by yielding its `result`. */
export function createCallback<T = unknown>(options?: CallbackOptions<T>): Operation<Callback<T>>
export function createCallback<T = unknown>(
  name: string | undefined,
  options?: CallbackOptions<T>,
): Operation<Callback<T>>
export function createCallback<T>(
  first?: string | CallbackOptions<T>,
  second?: CallbackOptions<T>,
): Operation<Callback<T>> {
  return typeof first === 'object'
    ? new CallbackOperation(undefined, first)
    : new CallbackOperation(first, second)
}

export class CallbackOperation<T> extends Descriptor<Callback<T>> {
  readonly kind = 'callback'
  readonly name: string | undefined
  readonly options: CallbackOptions<T> | undefined

  constructor(name: string | undefined, options: CallbackOptions<T> | undefined) {
    super()
    this.name = checkName(name)
    this.options = frozen(options)
    if (this.options !== undefined) checkCallbackOptions(this.options)
    Object.freeze(this)
  }
}

/** The payload of a callback that exists; takes no number of its own. */
export class CallbackResultOperation<T> extends Descriptor<T> {
  readonly kind = 'callback-result'
  readonly name: string | undefined
  /** The id of the operation that made the callback. */
  readonly operationId: string
  readonly options: CallbackOptions<T> | undefined

  constructor(name: string | undefined, operationId: string, options?: CallbackOptions<T>) {
    super()
    this.name = name
    this.operationId = operationId
    this.options = options
    Object.freeze(this)
  }
}

/** Throws INVALID_OPTION for what no callback can be made with. */
export function checkCallbackOptions(options: CallbackOptions<unknown>): void {
  for (const option of ['timeout', 'heartbeatTimeout'] as const) {
    const duration = options[option]
    if (duration !== undefined) toSeconds(duration, option, limits.longestCallbackTimeoutSeconds)
  }
  checkSerdes(options, 'serdes', 'deserialize')
  checkSerdes(options, 'schema', 'create')
}
