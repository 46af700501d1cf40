import { invalidOption } from '../kernel/errors.ts'
import type { BatchResult } from './batch-result.ts'
import { checkBatchOptions, type AnyBatchOptions, type BatchOptions } from './fan-out.ts'
import { isCollection, isMember, useMembers, type Member, type ResultOf } from './member.ts'
import { Descriptor, type Operation } from './operation.ts'
import { checkName } from './options.ts'

export type Branch<T> = Member<T> | { readonly name: string; readonly run: Member<T> }

type Branches = readonly Branch<unknown>[] | { readonly [name: string]: Branch<unknown> }

/** The result of any one of the branches. */
export type Item<B> = B extends readonly unknown[] ? ResultOf<B[number]> : ResultOf<B[keyof B]>

/** The batch; where the branches were an object, with the results under the same names. */
export type FanOut<B> = BatchResult<Item<B>> &
  (B extends readonly unknown[]
    ? unknown
    : { readonly named: { readonly [K in keyof B]?: ResultOf<B[K]> } })

/** Run branches of any kind side by side, each in a context of its own. */
export function parallel<const B extends Branches>(
  branches: B,
  options?: BatchOptions<Item<B>>,
): Operation<FanOut<B>>
export function parallel<const B extends Branches>(
  name: string | undefined,
  branches: B,
  options?: BatchOptions<Item<B>>,
): Operation<FanOut<B>>
export function parallel<B extends Branches>(
  first: string | undefined | B,
  second?: B | BatchOptions<Item<B>>,
  third?: BatchOptions<Item<B>>,
): Operation<FanOut<B>> {
  return typeof first === 'string' || first === undefined
    ? new ParallelOperation<FanOut<B>>(first, second as B, third)
    : new ParallelOperation<FanOut<B>>(undefined, first, second as AnyBatchOptions | undefined)
}

export class ParallelOperation<T> extends Descriptor<T> {
  readonly kind = 'parallel'
  readonly name: string | undefined
  readonly branches: readonly {
    readonly key: string
    readonly name: string
    readonly run: Member<unknown>
  }[]
  /** Whether the branches were given as an object, under names. */
  readonly byName: boolean
  readonly options: AnyBatchOptions | undefined

  constructor(name: string | undefined, branches: Branches, options?: AnyBatchOptions) {
    super()
    this.name = checkName(name)
    if (!isCollection(branches)) {
      throw invalidOption('branches', 'an array or an object of branches', branches)
    }
    this.byName = !isList(branches)
    this.branches = Object.freeze(
      // Holes in an array become branches that are none.
      Object.entries(isList(branches) ? [...branches] : branches).map(([key, branch]) =>
        named(branch, key, this.byName ? key : `parallel-branch-${key}`),
      ),
    )
    useMembers(this.branches.map(({ run }) => run))
    this.options = checkBatchOptions(options)
    Object.freeze(this)
  }
}

function isList(branches: Branches): branches is readonly Branch<unknown>[] {
  return Array.isArray(branches)
}

function named(branch: Branch<unknown>, key: string, fallback: string) {
  if (isMember(branch)) return Object.freeze({ key, name: keyName(fallback), run: branch })
  if (typeof branch !== 'object' || (branch as unknown) === null) throw notABranch(key, branch)
  const { name, run } = branch as { readonly name?: unknown; readonly run?: unknown }
  if (!isMember(run)) {
    throw notABranch(key, branch)
  }
  return Object.freeze({ key, name: checkName(name) ?? keyName(fallback), run })
}

/** The key of a branch goes on the wire as its name. */
function keyName(name: string): string {
  checkName(name)
  return name
}

function notABranch(key: string, branch: unknown) {
  return invalidOption(
    `branches.${key}`,
    'an operation, a body, or { name, run }, not its result',
    branch,
  )
}
