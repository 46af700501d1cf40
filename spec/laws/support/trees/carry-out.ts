import { isPerdureError, type Coroutine } from '../../../../lib/index.ts'
import { failed, succeeded, type Settled } from '../../../../lib/kernel/settled.ts'
import { childContext } from '../../../../lib/operations/child-context.ts'
import { fork } from '../../../../lib/operations/fork.ts'
import { saga } from '../../../../lib/operations/saga.ts'
import { step } from '../../../../lib/operations/step.ts'
import { wait } from '../../../../lib/operations/wait.ts'
import type { Stage } from '../stage.ts'
import { carryOutAside, carryOutCallback, operationOf } from './leaves.ts'
import { carryOutCombinator, carryOutFanOut } from './members.ts'
import { isSingle, type Group, type Node, type Tree } from './nodes.ts'
import { taskPlaceOf } from './order-of-places.ts'
import { placeOf, type Spot } from './spot.ts'

/** Carries out a tree as a workflow. */
export function* carryOut(tree: Tree, stage: Stage): Coroutine<unknown> {
  const { nodes, ends } = tree
  const outcomes = yield* carryOutAll(nodes, { tree, stage, body: 'p', path: '' })
  if (ends === 'returns') return outcomes
  if (ends === 'waits and throws') yield* wait('p end', '1s')
  throw new Error('p')
}

/** Does one after the other; every failure is caught where it is met, and told as its code. */
function* carryOutAll(nodes: readonly Node[], around: Spot): Coroutine<unknown[]> {
  const outcomes: unknown[] = []
  for (const [i, node] of nodes.entries()) {
    const spot = { ...around, path: `${around.path}.${i}` }
    let outcome: Settled
    try {
      outcome = succeeded(yield* carryOutOne(node, spot))
    } catch (error) {
      if (isPerdureError(error, 'CANCELLED')) throw error
      outcome = failed(error)
    }
    spot.stage.saw(placeOf(spot), outcome)
    // Those draw what they give from the execution's name, which is another in each run.
    const isDrawn = node.kind === 'now' || node.kind === 'uuid'
    outcomes.push(isDrawn ? node.kind : told(outcome))
  }
  return outcomes
}

function told(outcome: Settled): unknown {
  if (outcome.ok) return outcome.value
  return { failed: isPerdureError(outcome.error) ? outcome.error.code : String(outcome.error) }
}

/** A body that fails where all in it has failed, and says when it is entered and cleaned up. */
function* bodyOf(nodes: readonly Node[], around: Spot, body: string): Coroutine<unknown> {
  const { tree, stage } = around
  stage.enters(body)
  // What a `return()` from outside would not do.
  let isThrough = false
  try {
    const outcomes = yield* carryOutAll(nodes, { tree, stage, body, path: '' })
    isThrough = true
    if (outcomes.every(isFailure)) throw new Error(body)
    return outcomes
  } catch (error) {
    isThrough = true
    if (tree.asksInVain && isPerdureError(error, 'CANCELLED')) yield* askInVain(body)
    throw error
  } finally {
    stage.cleansUp(body, isThrough)
  }
}

function isFailure(outcome: unknown): boolean {
  return typeof outcome === 'object' && outcome !== null && 'failed' in outcome
}

/** Yields what code that is cancelled has no hope of getting done. */
function* askInVain(body: string): Coroutine<void> {
  try {
    yield* step(`${body} in vain`, () => 'in vain')
  } catch (error) {
    if (!isPerdureError(error, 'CANCELLED')) throw error
  }
}

function carryOutOne(node: Node, spot: Spot): Coroutine<unknown> {
  if (isSingle(node)) return operation(node, spot)
  if (node.kind === 'callback') {
    return carryOutCallback(node, spot, () => carryOutAll(node.between, spot))
  }
  if (!('nodes' in node)) return carryOutAside(node, spot)
  return carryOutGroup(node, spot)
}

function* operation(node: Parameters<typeof operationOf>[0], spot: Spot): Coroutine<unknown> {
  return yield* operationOf(node, placeOf(spot), spot.stage)
}

function carryOutGroup(node: Group, spot: Spot): Coroutine<unknown> {
  const member = (k: number) => bodyOf(node.nodes.slice(k, k + 1), spot, `${placeOf(spot)}/${k}`)
  switch (node.kind) {
    case 'context':
    case 'saga':
      return carryOutContext(node, spot)
    case 'map':
    case 'parallel':
      return carryOutFanOut(node, spot, member)
    case 'fork':
      return carryOutFork(node, spot)
    default:
      return carryOutCombinator(node, spot, member)
  }
}

function* carryOutContext(
  { kind, nodes, virtual }: Extract<Group, { kind: 'context' | 'saga' }>,
  spot: Spot,
): Coroutine<unknown> {
  const place = placeOf(spot)
  const body = () => bodyOf(nodes, spot, `${place}/0`)
  return kind === 'saga' ? yield* saga(place, body) : yield* childContext(place, body, { virtual })
}

function* carryOutFork(
  { nodes, ends }: Extract<Group, { kind: 'fork' }>,
  spot: Spot,
): Coroutine<unknown> {
  const { stage } = spot
  const place = taskPlaceOf(spot)
  const task = yield* fork(placeOf(spot), () => bodyOf(nodes.slice(0, 1), spot, place))
  const rest = yield* carryOutAll(nodes.slice(1), spot)
  if (ends === 'leave') return rest
  if (ends === 'cancel') {
    yield* task.cancel()
    stage.saw(place, succeeded('cancelled'))
    return rest
  }
  let outcome: Settled
  try {
    outcome = succeeded(yield* task)
  } catch (error) {
    if (isPerdureError(error, 'CANCELLED')) throw error
    outcome = failed(error)
  }
  stage.saw(place, outcome)
  return [told(outcome), rest]
}
