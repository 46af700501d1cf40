import fc from 'fast-check'
import {
  all,
  allSettled,
  any,
  childContext,
  fork,
  map,
  race,
  saga,
  step,
  wait,
  type Coroutine,
} from '../../../lib/index.ts'

// Trees of concurrent operations as plain data, and what carries them out.

export type Node =
  | {
      readonly kind: 'step'
      readonly turns: number
      readonly fails: boolean
      readonly undoes: boolean
    }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'context' | 'saga'; readonly nodes: readonly Node[] }
  | { readonly kind: 'all' | 'allSettled' | 'any' | 'race'; readonly nodes: readonly Node[] }
  | {
      readonly kind: 'map'
      readonly nodes: readonly Node[]
      readonly maxConcurrency: number | undefined
      readonly minSuccessful: number | undefined
    }
  | {
      readonly kind: 'fork'
      readonly nodes: readonly Node[]
      readonly ends: 'join' | 'cancel' | 'leave'
    }

/** Where a tree is carried out. */
export interface Ground {
  /** Runs the body of a step, named by its place in the tree. */
  body(place: string, turns: number): void | Promise<void>
  saw(place: string, outcome: unknown): void
  cleansUp(place: string): void
}

const leaf: fc.Arbitrary<Node> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('step' as const),
      turns: fc.nat({ max: 5 }),
      fails: fc.constantFrom(false, false, false, true),
      undoes: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      seconds: fc.integer({ min: 1, max: 4 }),
    }),
  },
)

function branch(inner: fc.Arbitrary<Node>): fc.Arbitrary<Node> {
  const nodes = fc.array(inner, { minLength: 1, maxLength: 3 })
  return fc.oneof(
    leaf,
    fc.record({ kind: fc.constantFrom('context' as const, 'saga' as const), nodes }),
    fc.record({
      kind: fc.constantFrom('all' as const, 'allSettled' as const, 'any' as const, 'race' as const),
      nodes,
    }),
    fc.record({
      kind: fc.constant('map' as const),
      nodes,
      maxConcurrency: fc.constantFrom(undefined, 1, 2),
      minSuccessful: fc.constantFrom(undefined, undefined, 1),
    }),
    fc.record({
      kind: fc.constant('fork' as const),
      nodes,
      ends: fc.constant('join' as const),
    }),
  )
}

/** Trees to a depth of three. */
export const tree: fc.Arbitrary<readonly Node[]> = fc.array(branch(branch(branch(leaf))), {
  minLength: 1,
  maxLength: 4,
})

/** Whether what a tree comes to depends on what ends first. */
export function isTimed(node: Node): boolean {
  if (node.kind === 'step' || node.kind === 'wait') return false
  if (node.kind === 'fork' && node.ends !== 'join') return true
  // The first failure ends a map without limits, whatever its other items are doing.
  if (node.kind === 'map' && (node.minSuccessful !== undefined || canFail(node))) return true
  return ['any', 'race', 'all'].includes(node.kind) || node.nodes.some(isTimed)
}

function canFail(node: Node): boolean {
  if (node.kind === 'step') return node.fails
  return node.kind !== 'wait' && node.nodes.some(canFail)
}

/** Carries out a tree; every failure is caught where it is met, and told as its code. */
export function* carryOut(
  nodes: readonly Node[],
  place: string,
  ground: Ground,
): Coroutine<unknown> {
  const outcomes: unknown[] = []
  for (const [i, node] of nodes.entries()) {
    const here = `${place}.${i}`
    let outcome: unknown
    try {
      outcome = yield* one(node, here, ground)
    } catch (error) {
      const { code } = error as { code?: string }
      if (code === 'CANCELLED') throw error
      outcome = { failed: code ?? String(error) }
    }
    ground.saw(here, outcome)
    outcomes.push(outcome)
  }
  return outcomes
}

/** The same as a body that fails where all in it has failed, and says when it cleans up. */
function* body(nodes: readonly Node[], place: string, ground: Ground): Coroutine<unknown> {
  try {
    const outcomes = (yield* carryOut(nodes, place, ground)) as ({ failed?: string } | undefined)[]
    if (outcomes.every((outcome) => outcome?.failed !== undefined)) throw new Error(place)
    return outcomes
  } finally {
    ground.cleansUp(place)
  }
}

function* one(node: Node, place: string, ground: Ground): Coroutine<unknown> {
  switch (node.kind) {
    case 'step':
      return yield* step(place, () => perform(node, place, ground), {
        ...(node.undoes ? { compensate: () => ground.body(`undo ${place}`, 1) } : {}),
      })
    case 'wait':
      return yield* wait(place, { seconds: node.seconds })
    case 'context':
      return yield* childContext(place, () => body(node.nodes, place, ground))
    case 'saga':
      return yield* saga(place, () => body(node.nodes, place, ground))
    case 'map': {
      const result = yield* map(
        place,
        node.nodes,
        (item, index) => body([item], `${place}.${index}`, ground),
        {
          maxConcurrency: node.maxConcurrency,
          completion:
            node.minSuccessful === undefined ? undefined : { minSuccessful: node.minSuccessful },
        },
      )
      return [result.completionReason, result.all.map(({ status }) => status)]
    }
    case 'fork': {
      const [first, ...rest] = node.nodes
      const task = yield* fork(place, () => body(first ? [first] : [], `${place}.task`, ground))
      yield* carryOut(rest, place, ground)
      if (node.ends === 'join') return yield* task
      if (node.ends === 'cancel') yield* task.cancel()
      return node.ends
    }
    default: {
      const members = node.nodes.map((member, index) => () => {
        return body([member], `${place}.${index}`, ground)
      })
      if (node.kind === 'all') return yield* all(place, members)
      if (node.kind === 'any') return yield* any(place, members)
      if (node.kind === 'race') return yield* race(place, members)
      const ends = yield* allSettled(place, members)
      return ends.map(({ status }) => status)
    }
  }
}

function perform(
  { turns, fails }: Extract<Node, { kind: 'step' }>,
  place: string,
  ground: Ground,
): string | Promise<string> {
  const end = (): string => {
    if (fails) throw new Error(place)
    return place
  }
  const running = ground.body(place, turns)
  return running === undefined ? end() : running.then(end)
}
