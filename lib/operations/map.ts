import { invalidOption } from '../kernel/errors.ts'
import type { BatchResult } from './batch-result.ts'
import { checkCount } from './completion.ts'
import { checkBatchOptions, type BatchOptions } from './fan-out.ts'
import { Descriptor, isDescriptor, type Operation, type Routine } from './operation.ts'
import { checkFunction, checkFunctions, checkName } from './options.ts'

export type MapBody<I, T> = (item: I, index: number) => Routine<T>

export interface MapOptions<I, T> extends BatchOptions<T> {
  readonly itemName?: ((item: I, index: number) => string) | undefined
  /** Put several items into one iteration, with one record: at most so many, or so many bytes of JSON. */
  readonly batch?:
    { readonly items?: number | undefined; readonly bytes?: number | undefined } | undefined
}

/** Run `fn` for each item, each in a context of its own, and go on with what became of them all. */
export function map<I, T>(
  items: readonly I[],
  fn: MapBody<I, T>,
  options?: MapOptions<I, T>,
): Operation<BatchResult<T>>
export function map<I, T>(
  name: string | undefined,
  items: readonly I[],
  fn: MapBody<I, T>,
  options?: MapOptions<I, T>,
): Operation<BatchResult<T>>
export function map<I, T>(
  first: string | undefined | readonly I[],
  second: readonly I[] | MapBody<I, T>,
  third?: MapBody<I, T> | MapOptions<I, T>,
  fourth?: MapOptions<I, T>,
): Operation<BatchResult<T>> {
  return typeof first === 'string' || first === undefined
    ? new MapOperation(first, second as readonly I[], third as MapBody<I, T>, fourth)
    : new MapOperation(
        undefined,
        first,
        second as MapBody<I, T>,
        third as MapOptions<I, T> | undefined,
      )
}

export class MapOperation<I, T> extends Descriptor<BatchResult<T>> {
  readonly kind = 'map'
  readonly name: string | undefined
  readonly items: readonly I[]
  readonly fn: MapBody<I, T>
  readonly options: MapOptions<I, T> | undefined

  constructor(
    name: string | undefined,
    items: readonly I[],
    fn: MapBody<I, T>,
    options: MapOptions<I, T> | undefined,
  ) {
    super()
    this.name = checkName(name)
    if (!Array.isArray(items)) {
      const its = isDescriptor(items) ? 'an array, not the operation that makes it' : 'an array'
      throw invalidOption('items', its, items)
    }
    this.items = Object.freeze([...(items as I[])])
    this.fn = checkFunction(fn, 'fn')
    this.options = checkBatchOptions(options)
    if (this.options) checkFunctions(this.options, 'itemName')
    checkBatch(this.options?.batch)
    Object.freeze(this)
  }
}

/** Without a limit, all items would be one iteration, which nobody can mean who asks for a fan-out. */
function checkBatch(batch: unknown): void {
  if (batch === undefined) return
  const { items, bytes } = (batch ?? {}) as { readonly items?: number; readonly bytes?: number }
  if (items === undefined && bytes === undefined) {
    throw invalidOption('batch', 'an object with items, bytes or both', batch)
  }
  checkCount('batch.items', items, 1)
  checkCount('batch.bytes', bytes, 1)
}
