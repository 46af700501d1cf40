import { toSeconds, type Duration } from '../kernel/duration.ts'
import type { ErrorClass } from '../kernel/error-record.ts'
import type { RetryStrategy } from '../kernel/retry.ts'
import type { Schema, Serdes } from '../kernel/serdes.ts'
import { Descriptor, type Operation } from './operation.ts'
import {
  checkClasses,
  checkFunction,
  checkFunctions,
  checkName,
  checkOneOf,
  checkSerdes,
  frozen,
} from './options.ts'
import type { StepContext } from './workflow.ts'

export type Returns<T> = T | PromiseLike<T>
export type StepBody<T> = (context: StepContext) => Returns<T>

export interface StepOptions<T> {
  /**
   * What a crash in the middle of an attempt means: run it again (`'at-least-once'`, the default), or
   * count it as failed with STEP_INTERRUPTED (`'at-most-once'`), so that no attempt begins twice.
   */
  readonly semantics?: 'at-least-once' | 'at-most-once' | undefined
  readonly retry?: RetryStrategy | undefined
  /** Time for one attempt; when it is over, `signal` is aborted and the attempt has failed. */
  readonly timeout?: Duration | undefined
  readonly serdes?: Serdes<T> | undefined
  /** How the step is undone, should the saga around it fail after it has succeeded. */
  readonly compensate?: ((value: T, context: StepContext) => unknown) | undefined
  /** Error classes that come back as themselves, beside those of the driver. */
  readonly errors?: readonly ErrorClass[] | undefined
}

type Checked<T> = StepOptions<T> & { readonly schema: Schema<T> }

/**
 * Run `fn` once and keep what it returned. Anything with an effect, or that may answer differently
 * next time, belongs in one.
 */
export function step<T>(fn: StepBody<unknown>, options: Checked<T>): Operation<T>
export function step<T>(
  name: string | undefined,
  fn: StepBody<unknown>,
  options: Checked<T>,
): Operation<T>
export function step<T>(fn: StepBody<T>, options?: StepOptions<T>): Operation<T>
export function step<T>(
  name: string | undefined,
  fn: StepBody<T>,
  options?: StepOptions<T>,
): Operation<T>
export function step<T>(
  first: string | undefined | StepBody<T>,
  second?: StepBody<T> | StepOptions<T>,
  third?: StepOptions<T>,
): Operation<T> {
  return typeof first === 'function'
    ? new StepOperation(undefined, first, second as StepOptions<T> | undefined)
    : new StepOperation(first, second as StepBody<T>, third)
}

export class StepOperation<T> extends Descriptor<T> {
  readonly kind = 'step'
  readonly name: string | undefined
  readonly fn: StepBody<T>
  readonly options: (StepOptions<T> & { readonly schema?: Schema<T> | undefined }) | undefined

  constructor(name: string | undefined, fn: StepBody<T>, options: StepOptions<T> | undefined) {
    super()
    this.name = checkName(name)
    this.fn = checkFunction(fn, 'fn')
    this.options = frozen(options)
    if (this.options !== undefined) checkOptions(this.options)
    Object.freeze(this)
  }
}

function checkOptions<T>(options: StepOptions<T>): void {
  const { timeout, errors } = options
  checkOneOf(options, 'semantics', ['at-least-once', 'at-most-once'])
  if (timeout !== undefined) toSeconds(timeout, 'timeout')
  if (errors !== undefined) checkClasses(errors, 'errors')
  checkFunctions(options, 'retry', 'compensate')
  checkSerdes(options, 'serdes', 'serialize', 'deserialize')
  checkSerdes(options, 'schema', 'create')
}
