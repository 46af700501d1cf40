import { invalidOption } from '../kernel/errors.ts'
import { Descriptor, type Operation } from './operation.ts'

/**
 * Which version of the code this execution runs: `max` for one that gets here for the first time,
 * `min` for one that was past here before the gate was there, and ever after what it once was told.
 */
export function version(id: string, range: { min: number; max: number }): Operation<number> {
  return new VersionOperation(id, range)
}

export class VersionOperation extends Descriptor<number> {
  readonly kind = 'version'
  readonly name: string
  readonly min: number
  readonly max: number

  constructor(id: string, range: { min: number; max: number }) {
    super()
    if (typeof id !== 'string' || !/^[a-zA-Z0-9-_]{1,60}$/.test(id)) {
      throw invalidOption('id', '1 to 60 of the characters a-z A-Z 0-9 - _', id)
    }
    if (!isRange(range)) {
      throw invalidOption('range', 'whole numbers min and max, min not above max', range)
    }
    this.name = id
    this.min = range.min
    this.max = range.max
    Object.freeze(this)
  }
}

function isRange(range: unknown): boolean {
  const { min, max } = (range ?? {}) as { readonly min?: unknown; readonly max?: unknown }
  return Number.isInteger(min) && Number.isInteger(max) && (min as number) <= (max as number)
}
