import type { ChildContextOperation } from '../../operations/child-context.ts'
import type { CombinatorOperation } from '../../operations/combinator.ts'
import type { ForkOperation } from '../../operations/fork.ts'
import type { MapOperation } from '../../operations/map.ts'
import type { Member } from '../../operations/member.ts'
import type { Descriptor } from '../../operations/operation.ts'
import type { ParallelOperation } from '../../operations/parallel.ts'
import type { SagaOperation } from '../../operations/saga.ts'

/** Makes two bodies that stand in the same place one. */
export type PairBodies = (first: Member<unknown>, second: Member<unknown>) => Member<unknown>

type Composite =
  | ChildContextOperation<unknown>
  | SagaOperation<unknown>
  | ForkOperation<unknown>
  | MapOperation<unknown, unknown>
  | ParallelOperation<unknown>
  | CombinatorOperation<unknown>

type Table = {
  readonly [K in Composite['kind']]: (first: never, second: never, pair: PairBodies) => object
}

/** What of an operation made of others holds their bodies: that, of both, made one. */
const table: Table = {
  'child-context': pairBody,
  saga: pairBody,
  fork: (first: ForkOperation<unknown>, second: typeof first, pair) => ({
    member: pair(first.member, second.member),
  }),
  map: (first: MapOperation<unknown, unknown>, second: typeof first, pair) => ({
    fn: (item: unknown, index: number) => {
      const members = pair(
        () => first.fn(item, index),
        () => second.fn(second.items[index], index),
      )
      return (members as () => unknown)()
    },
  }),
  parallel: (first: ParallelOperation<unknown>, second: typeof first, pair) => ({
    branches: first.branches.map((branch, index) => {
      const other = second.branches[index]
      return other === undefined ? branch : { ...branch, run: pair(branch.run, other.run) }
    }),
  }),
  all: pairMembers,
  'all-settled': pairMembers,
  any: pairMembers,
  race: pairMembers,
}

function pairBody(
  first: ChildContextOperation<unknown> | SagaOperation<unknown>,
  second: typeof first,
  pair: PairBodies,
): object {
  return { body: pair(first.body, second.body) }
}

function pairMembers(
  { members }: CombinatorOperation<unknown>,
  second: CombinatorOperation<unknown>,
  pair: PairBodies,
): object {
  const others = second.members as Readonly<Record<string, Member<unknown>>>
  const paired = Object.entries(members).map(([key, member]: [string, Member<unknown>]) => {
    const other = others[key]
    return [key, other === undefined ? member : pair(member, other)] as const
  })
  return {
    members: Array.isArray(members) ? paired.map(([, one]) => one) : Object.fromEntries(paired),
  }
}

/** `first` with each of its bodies paired with that of `second`; itself, where it has none. */
export function withPairedBodies(
  first: Descriptor<unknown>,
  second: Descriptor<unknown>,
  pair: PairBodies,
): Descriptor<unknown> {
  type Pairing = (first: object, second: object, pair: PairBodies) => object
  const pairing = (table as Readonly<Record<string, unknown>>)[first.kind] as Pairing | undefined
  if (pairing === undefined) return first
  const made = Object.create(Object.getPrototypeOf(first) as object) as Descriptor<unknown>
  Object.freeze(Object.assign(made, first, pairing(first, second, pair)))
  return made
}
