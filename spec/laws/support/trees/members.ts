import { completion } from '../../../../lib/operations/completion.ts'
import type { Completion } from '../../../../lib/operations/completion.ts'
import { all } from '../../../../lib/operations/all.ts'
import { allSettled } from '../../../../lib/operations/all-settled.ts'
import { any } from '../../../../lib/operations/any.ts'
import { map } from '../../../../lib/operations/map.ts'
import type { Member } from '../../../../lib/operations/member.ts'
import type { Routine } from '../../../../lib/operations/operation.ts'
import { parallel } from '../../../../lib/operations/parallel.ts'
import { race } from '../../../../lib/operations/race.ts'
import type { Coroutine } from '../../../../lib/operations/workflow.ts'
import { operationOf } from './leaves.ts'
import {
  isBare,
  type CombinatorNode,
  type Gathering,
  type CompletionChoice,
  type FanOutNode,
  type Node,
} from './nodes.ts'
import { placeOf, type Spot } from './spot.ts'

/** Makes the body of the `k`-th member. */
type MakeBody = (k: number) => Coroutine<unknown>

/** What carries out the `k`-th member of a node. */
function routineOf(node: Gathering, k: number, spot: Spot, make: MakeBody): Routine<unknown> {
  const member = node.nodes[k] as Node
  return isBare(node, member) ? operationOf(member, `${placeOf(spot)}/${k}`, spot.stage) : make(k)
}

function memberOf(node: Gathering, k: number, spot: Spot, make: MakeBody): Member<unknown> {
  const isLate = node.members.as !== 'generators' && !isBare(node, node.nodes[k] as Node)
  return isLate ? () => make(k) : (routineOf(node, k, spot, make) as Member<unknown>)
}

export function* carryOutCombinator(
  node: CombinatorNode,
  spot: Spot,
  make: MakeBody,
): Coroutine<unknown> {
  const list = node.nodes.map((_member, k) => memberOf(node, k, spot, make))
  const members: readonly Member<unknown>[] | Record<string, Member<unknown>> = node.members.keyed
    ? Object.fromEntries(list.map((member, k) => [`m${k}`, member]))
    : list
  const place = placeOf(spot)
  switch (node.kind) {
    case 'all':
      return yield* all(place, members)
    case 'any':
      return yield* any(place, members)
    case 'race':
      return yield* race(place, members)
    case 'allSettled': {
      const ends = Object.values<{ readonly status: string }>(yield* allSettled(place, members))
      return ends.map(({ status }) => status)
    }
  }
}

export function* carryOutFanOut(node: FanOutNode, spot: Spot, make: MakeBody): Coroutine<unknown> {
  const place = placeOf(spot)
  const options = {
    maxConcurrency: node.maxConcurrency,
    nesting: node.nesting,
    completion: completionOf(node.completion),
  }
  const indices = node.nodes.map((_member, k) => k)
  const result =
    node.kind === 'map'
      ? yield* map(place, indices, (k) => routineOf(node, k, spot, make), {
          ...options,
          itemName: (k) => `${place}/${k}`,
          ...(node.inPairs ? { batch: { items: 2 } } : {}),
        })
      : yield* parallel(place, branchesOf(node, spot, make), options)
  return [result.completionReason, result.all.map(({ status }) => status)]
}

function branchesOf(node: FanOutNode, spot: Spot, make: MakeBody) {
  const branches = node.nodes.map((_member, k) => {
    const run = memberOf(node, k, spot, make)
    return k % 2 === 0 ? { name: `${placeOf(spot)}/${k}`, run } : run
  })
  if (!node.members.keyed) return branches
  return Object.fromEntries(branches.map((branch, k) => [`${placeOf(spot)}/b${k}`, branch]))
}

function completionOf(choice: CompletionChoice): Completion | undefined {
  switch (choice.by) {
    case 'default':
      return undefined
    case 'all':
      return completion.allCompleted
    case 'successes':
      return { minSuccessful: choice.count }
    case 'failures':
      return { toleratedFailureCount: choice.count }
    case 'decision':
      return ({ completedCount }) => (completedCount >= choice.count ? choice.says : 'continue')
  }
}
