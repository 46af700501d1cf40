import type { RetryStrategy } from '../kernel/retry.ts'
import { checkCallbackOptions, type CallbackOptions } from './callback.ts'
import { Descriptor, type Operation } from './operation.ts'
import { checkFunction, checkFunctions, checkName, frozen } from './options.ts'
import type { StepContext } from './workflow.ts'

export type Submit = (id: string, context: StepContext) => unknown

export interface WaitForCallbackOptions<T> extends CallbackOptions<T> {
  /** For the submitter alone. */
  readonly retry?: RetryStrategy | undefined
}

/**
 * Make a callback, hand its id to the outside world with `submit`, which runs as a step, and wait for
 * the payload. Fails with CALLBACK_SUBMIT_FAILED when `submit` does, its attempts used up.
 */
export function waitForCallback<T = unknown>(
  submit: Submit,
  options?: WaitForCallbackOptions<T>,
): Operation<T>
export function waitForCallback<T = unknown>(
  name: string | undefined,
  submit: Submit,
  options?: WaitForCallbackOptions<T>,
): Operation<T>
export function waitForCallback<T>(
  first: string | undefined | Submit,
  second?: Submit | WaitForCallbackOptions<T>,
  third?: WaitForCallbackOptions<T>,
): Operation<T> {
  return typeof first === 'function'
    ? new WaitForCallbackOperation(
        undefined,
        first,
        second as WaitForCallbackOptions<T> | undefined,
      )
    : new WaitForCallbackOperation(first, second as Submit, third)
}

export class WaitForCallbackOperation<T> extends Descriptor<T> {
  readonly kind = 'wait-for-callback'
  readonly name: string | undefined
  readonly submit: Submit
  readonly options: WaitForCallbackOptions<T> | undefined

  constructor(
    name: string | undefined,
    submit: Submit,
    options: WaitForCallbackOptions<T> | undefined,
  ) {
    super()
    this.name = checkName(name)
    this.submit = checkFunction(submit, 'submit')
    this.options = frozen(options)
    if (this.options !== undefined) {
      checkCallbackOptions(this.options)
      checkFunctions(this.options, 'retry')
    }
    Object.freeze(this)
  }
}
