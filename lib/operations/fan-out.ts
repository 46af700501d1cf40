import type { Serdes } from '../kernel/serdes.ts'
import type { BatchRecord, BatchResult } from './batch-result.ts'
import { checkCompletion, checkCount, type Completion } from './completion.ts'
import type { Member } from './member.ts'
import { Descriptor } from './operation.ts'
import { checkFunctions, checkName, checkOneOf, checkSerdes, frozen } from './options.ts'

export interface BatchOptions<T> {
  /** How many items are under way at once; all of them when left out. One that is suspended keeps its place. */
  readonly maxConcurrency?: number | undefined
  readonly completion?: Completion | undefined
  /** For the result of each item. */
  readonly itemSerdes?: Serdes<T> | undefined
  /** For the batch as a whole. */
  readonly serdes?: Serdes<BatchRecord<T>> | undefined
  /** Whether each item has a record of its own (`'nested'`, the default) or only its operations have. */
  readonly nesting?: 'nested' | 'flat' | undefined
  /** What to record, for people, of a batch too large to keep. */
  readonly summarize?: ((batch: BatchResult<T>) => string) | undefined
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- options for items of any result
export type AnyBatchOptions = BatchOptions<any>

/** Throws INVALID_OPTION for options that no fan-out can have. */
export function checkBatchOptions<O extends AnyBatchOptions>(
  options: O | undefined,
): O | undefined {
  const kept = frozen(options)
  if (kept === undefined) return undefined
  if (kept.maxConcurrency !== Infinity) checkCount('maxConcurrency', kept.maxConcurrency, 1)
  checkCompletion(kept.completion)
  checkOneOf(kept, 'nesting', ['nested', 'flat'])
  checkFunctions(kept, 'summarize')
  checkSerdes(kept, 'serdes', 'serialize', 'deserialize')
  checkSerdes(kept, 'itemSerdes', 'serialize', 'deserialize')
  return kept
}

/** One item of a fan-out, in the place that its index gives it; made by the driver alone. */
export class IterationOperation extends Descriptor<unknown> {
  readonly kind: 'map-iteration' | 'parallel-branch'
  readonly name: string
  readonly body: Member<unknown>
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the result of an item may be any
  readonly serdes: Serdes<any> | undefined
  readonly virtual: boolean

  constructor(
    kind: IterationOperation['kind'],
    name: string | undefined,
    body: Member<unknown>,
    options: AnyBatchOptions | undefined,
  ) {
    super()
    this.kind = kind
    this.name = checkName(name, 'name of an item') ?? ''
    this.body = body
    this.serdes = options?.itemSerdes
    this.virtual = options?.nesting === 'flat'
    Object.freeze(this)
  }
}
