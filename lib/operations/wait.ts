import { toSeconds, type Duration } from '../kernel/duration.ts'
import { Descriptor, type Operation } from './operation.ts'
import { checkName } from './options.ts'

/** Suspend the execution for `duration`, rounded up to whole seconds. No invocation is kept alive meanwhile. */
export function wait(duration: Duration): Operation<void>
export function wait(name: string | undefined, duration: Duration): Operation<void>
export function wait(first: unknown, second?: Duration): Operation<void> {
  return second === undefined
    ? new WaitOperation(undefined, first as Duration)
    : new WaitOperation(first as string | undefined, second)
}

export class WaitOperation extends Descriptor<void> {
  readonly kind = 'wait'
  readonly name: string | undefined
  readonly seconds: number

  constructor(name: string | undefined, duration: Duration) {
    super()
    this.name = checkName(name)
    this.seconds = toSeconds(duration)
    Object.freeze(this)
  }
}
