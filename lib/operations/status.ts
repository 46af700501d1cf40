import { Descriptor, type Operation } from './operation.ts'

/** Say how far the workflow is, for others to read: a record that nobody waits for. */
export function status(value: unknown): Operation<void> {
  return new StatusOperation(value)
}

export class StatusOperation extends Descriptor<void> {
  readonly kind = 'status'
  readonly name = undefined
  readonly value: unknown

  constructor(value: unknown) {
    super()
    this.value = value
    Object.freeze(this)
  }
}
