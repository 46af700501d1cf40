import { toSeconds, type Duration } from '../kernel/duration.ts'
import { invalidOption } from '../kernel/errors.ts'
import type { PollStrategy } from '../kernel/poll.ts'
import type { Serdes } from '../kernel/serdes.ts'
import { Descriptor, type Operation } from './operation.ts'
import { checkFunction, checkName, checkSerdes, frozen } from './options.ts'
import type { Returns } from './step.ts'
import type { StepContext } from './workflow.ts'

export type Check<S> = (state: S, context: StepContext) => Returns<S>

export interface ConditionOptions<S> {
  /** What the first check is handed; not `undefined`. */
  readonly initialState: S
  /** Decides on each new state whether, and after how long, to check again. */
  readonly strategy: PollStrategy<S>
  /** Time, from the first check, after which no further one is put off and it fails with CONDITION_EXHAUSTED. */
  readonly timeout?: Duration | undefined
  readonly serdes?: Serdes<S> | undefined
}

/** Run `check` again and again, suspended in between, until the strategy says that its state will do. */
export function waitForCondition<S>(check: Check<S>, options: ConditionOptions<S>): Operation<S>
export function waitForCondition<S>(
  name: string | undefined,
  check: Check<S>,
  options: ConditionOptions<S>,
): Operation<S>
export function waitForCondition<S>(
  first: string | undefined | Check<S>,
  second: Check<S> | ConditionOptions<S>,
  third?: ConditionOptions<S>,
): Operation<S> {
  return typeof first === 'function'
    ? new ConditionOperation(undefined, first, second as ConditionOptions<S>)
    : new ConditionOperation(first, second as Check<S>, third)
}

export class ConditionOperation<S> extends Descriptor<S> {
  readonly kind = 'condition'
  readonly name: string | undefined
  readonly check: Check<S>
  readonly options: ConditionOptions<S>

  constructor(name: string | undefined, check: Check<S>, options: ConditionOptions<S> | undefined) {
    super()
    this.name = checkName(name)
    this.check = checkFunction(check, 'check')
    if (options === undefined) {
      throw invalidOption('options', 'an object with initialState and strategy', options)
    }
    this.options = frozen(options) as ConditionOptions<S>
    if (this.options.initialState === undefined) {
      throw invalidOption('initialState', 'a value (null will do)', undefined)
    }
    checkFunction(this.options.strategy, 'strategy')
    if (this.options.timeout !== undefined) toSeconds(this.options.timeout, 'timeout')
    checkSerdes(this.options, 'serdes', 'serialize', 'deserialize')
    Object.freeze(this)
  }
}
