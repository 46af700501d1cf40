import { Descriptor } from './operation.ts'
import type { Schema } from '../kernel/serdes.ts'
import type { StepBody, StepOptions } from './step.ts'

const none: StepOptions<unknown> = Object.freeze({})

/** The step that undoes another; made by the driver alone, and named by what it undoes. */
export class CompensationOperation extends Descriptor<unknown> {
  readonly kind = 'compensation'
  readonly name: string | undefined
  /** The id of the step that it undoes. */
  readonly undoes: string
  readonly fn: StepBody<unknown>
  readonly options: StepOptions<unknown> & { readonly schema?: Schema<unknown> | undefined } = none

  constructor(name: string | undefined, undoes: string, fn: StepBody<unknown>) {
    super()
    this.name = name
    this.undoes = undoes
    this.fn = fn
    Object.freeze(this)
  }
}

/** Has a body run to its end even where the code around it has been cancelled; for clean-up. */
export class ShieldOperation<T> extends Descriptor<T> {
  readonly kind = 'shield'
  readonly name = undefined
  readonly body: () => Iterator<unknown, T, unknown>
  /** Whether there is anything to clean up. */
  readonly isNeeded: () => boolean

  constructor(body: () => Iterator<unknown, T, unknown>, isNeeded: () => boolean) {
    super()
    this.body = body
    this.isNeeded = isNeeded
    Object.freeze(this)
  }
}

/** Stands at the end of a saga's body: one that is cancelled by then undoes what it has done. */
export class SealOperation extends Descriptor<void> {
  readonly kind = 'seal'
  readonly name = undefined

  constructor() {
    super()
    Object.freeze(this)
  }
}
