import { toSeconds, type Duration } from '../../kernel/duration.ts'
import { describeDescriptor } from '../../driver/words.ts'
import type { CallbackOptions } from '../../operations/callback.ts'
import type { BatchOptions } from '../../operations/fan-out.ts'
import type { InvokeOptions } from '../../operations/invoke.ts'
import type { MapOptions } from '../../operations/map.ts'
import type { StepOptions } from '../../operations/step.ts'
import type { ConditionOptions } from '../../operations/wait-for-condition.ts'

/** An operation as far as a test wants to know it; what is left out may be anything. */
export class Likeness {
  readonly kind: string
  readonly name: string | undefined
  readonly seconds: number | undefined
  readonly options: object
  /** Absent where any input will do. */
  declare readonly input?: unknown

  constructor(
    kind: string,
    name: string | undefined,
    rest: { seconds?: number | undefined; options?: object | undefined; input?: [unknown] } = {},
  ) {
    this.kind = kind
    this.name = name
    this.seconds = rest.seconds
    this.options = rest.options ?? {}
    if (rest.input) this.input = rest.input[0]
    Object.freeze(this)
  }

  /** In words: `step "charge"`. */
  get words(): string {
    return describeDescriptor(this)
  }
}

type Some<O> = { readonly [K in keyof O]?: O[K] }

/**
 * Operations written without their code, to be expected of a workflow: `like.step('charge')` fits every
 * step of that name. Of options and input, what is given must be equal.
 */
export const like = {
  step: (name?: string, options?: Some<Omit<StepOptions<unknown>, 'compensate' | 'retry'>>) =>
    new Likeness('step', name, { options }),

  wait: (name?: string, duration?: Duration) =>
    new Likeness('wait', name, { seconds: duration && toSeconds(duration) }),

  waitForCallback: (name?: string, options?: Some<CallbackOptions<unknown>>) =>
    new Likeness('wait-for-callback', name, { options }),

  /** The callback that is waited for by yielding its `result`. */
  callback: (name?: string, options?: Some<CallbackOptions<unknown>>) =>
    new Likeness('callback', name, { options }),

  invoke: (functionName: string, ...rest: InvokeRest) =>
    new Likeness('invoke', functionName, {
      options: rest[1],
      ...(rest.length > 0 ? { input: [rest[0]] } : {}),
    }),

  waitForCondition: (name?: string, options?: Some<ConditionOptions<unknown>>) =>
    new Likeness('condition', name, { options }),

  childContext: (name?: string) => new Likeness('child-context', name),

  map: (name?: string, options?: Some<Omit<MapOptions<unknown, unknown>, 'completion'>>) =>
    new Likeness('map', name, { options }),

  parallel: (name?: string, options?: Some<Omit<BatchOptions<unknown>, 'completion'>>) =>
    new Likeness('parallel', name, { options }),

  all: (name?: string) => new Likeness('all', name),
  allSettled: (name?: string) => new Likeness('all-settled', name),
  any: (name?: string) => new Likeness('any', name),
  race: (name?: string) => new Likeness('race', name),
  saga: (name?: string) => new Likeness('saga', name),

  /** What undoes the step of that name. */
  compensation: (name?: string) => new Likeness('compensation', name),
} as const

type InvokeRest = [] | [input: unknown, options?: Some<InvokeOptions<unknown, unknown>>]
