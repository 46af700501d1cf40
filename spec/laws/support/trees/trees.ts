import fc from 'fast-check'
import type { Pace } from '../pace.ts'
import type { CallbackAnswer } from '../plan.ts'
import type { CompletionChoice, Leaf, Members, Node, Tree } from './nodes.ts'

// Trees as they are generated. Everything that one may hold stands in a table of weights, the simplest
// first, and all that `PERDURE_WITHOUT` names is left out: `PERDURE_WITHOUT=race,leave` to see what
// fails without them.

const without = new Set((process.env['PERDURE_WITHOUT'] ?? '').split(',').filter(Boolean))

/** One of the keys of a table, as often as it says. */
function pick<K extends string>(table: Readonly<Record<K, number>>): fc.Arbitrary<K> {
  return fc.oneof(
    { withCrossShrink: true },
    ...(Object.entries<number>(table) as [K, number][]).map(([key, weight]) => ({
      weight: without.has(key) ? 0 : weight,
      arbitrary: fc.constant(key),
    })),
  )
}

/** The same of arbitraries under names. */
function choose<T>(table: Readonly<Record<string, readonly [number, fc.Arbitrary<T>]>>) {
  return fc.oneof(
    { withCrossShrink: true },
    ...Object.entries(table).map(([key, [weight, arbitrary]]) => ({
      weight: without.has(key) ? 0 : weight,
      arbitrary,
    })),
  )
}

const pace: fc.Arbitrary<Pace> = choose<Pace>({
  turns: [3, fc.nat({ max: 3 })],
  open: [4, fc.constant('open')],
  milliseconds: [1, fc.record({ milliseconds: fc.constantFrom(1, 20, 500, 1000, 1500) })],
})

const attempts = pick({ once: 8, failing: 4, retried: 2 }).map((how) => {
  if (how === 'once') return { fails: 0, tries: 1 }
  return how === 'failing' ? { fails: 1, tries: 1 } : { fails: 1, tries: 2 }
})

/** Whole seconds, in which waits are counted too; and, far apart from all, none. */
const answer: fc.Arbitrary<CallbackAnswer> = choose<CallbackAnswer>({
  answered: [
    4,
    fc.record({
      how: fc.constant('succeed' as const),
      text: fc.constant('"yes"'),
      after: fc.constantFrom(0, 0.001, 1, 1.02, 2),
    }),
  ],
  refused: [
    1,
    fc.record({
      how: fc.constant('fail' as const),
      thrown: fc.constant({ as: 'error' as const, message: 'no' }),
      after: fc.constantFrom(0, 1, 2),
    }),
  ],
  timeout: [
    1,
    fc.record({
      how: fc.constantFrom('time-out' as const, 'heartbeat-time-out' as const),
      after: fc.integer({ min: 1, max: 3 }),
    }),
  ],
})

const step: fc.Arbitrary<Leaf> = fc
  .tuple(
    pace,
    pick({ 'at-least-once': 3, 'at-most-once': 1 }),
    attempts,
    pick({ never: 5, undo: 3, 'undo late': 1, 'undo fails': 1 }),
  )
  .map(([its, semantics, { fails, tries }, undo]) => ({
    kind: 'step',
    pace: its,
    semantics,
    fails,
    tries,
    undo: { undo: 'works', 'undo late': 'works late', 'undo fails': 'fails', never: undefined }[
      undo
    ] as never,
  }))

const wait: fc.Arbitrary<Leaf> = fc.record({
  kind: fc.constant('wait' as const),
  seconds: fc.integer({ min: 1, max: 3 }),
})

const leaf: fc.Arbitrary<Leaf> = choose<Leaf>({
  step: [10, step],
  wait: [3, wait],
  callback: [
    1,
    fc.record({
      kind: fc.constant('callback' as const),
      answer,
      between: fc.array(choose<Leaf>({ step: [2, step], wait: [1, wait] }), { maxLength: 1 }),
    }),
  ],
  waitForCallback: [
    1,
    fc.tuple(answer, pace, attempts).map(([its, how, { fails, tries }]) => ({
      kind: 'waitForCallback',
      answer: its,
      pace: how,
      fails,
      tries,
    })),
  ],
  invoke: [
    1,
    fc.record({
      kind: fc.constant('invoke' as const),
      callee: pick({ echo: 2, 'durable-echo': 1, refuse: 1, 'durable-refuse': 1 }),
    }),
  ],
  condition: [
    1,
    fc.record({
      kind: fc.constant('condition' as const),
      checks: fc.integer({ min: 1, max: 3 }),
      ends: pick({ met: 3, thrown: 1 }),
      pace,
    }),
  ],
  aside: [1, fc.record({ kind: pick({ now: 1, uuid: 1, version: 1, status: 1 }) })],
})

const members: fc.Arbitrary<Members> = fc.record({
  as: pick({ bodies: 3, generators: 1, operations: 2 }),
  keyed: fc.boolean(),
})

const completion: fc.Arbitrary<CompletionChoice> = choose<CompletionChoice>({
  default: [2, fc.constant({ by: 'default' })],
  all: [3, fc.constant({ by: 'all' })],
  successes: [
    2,
    fc.record({ by: fc.constant('successes'), count: fc.integer({ min: 1, max: 2 }) }),
  ],
  failures: [1, fc.record({ by: fc.constant('failures'), count: fc.nat({ max: 1 }) })],
  decision: [
    1,
    fc.record({
      by: fc.constant('decision'),
      count: fc.integer({ min: 1, max: 3 }),
      says: fc.constantFrom('succeed', 'fail'),
    }),
  ],
})

/** Where `isTimed` is false, what a node comes to is not left to what ends first. */
function node(inner: fc.Arbitrary<Node>, isTimed: boolean): fc.Arbitrary<Node> {
  const nodes = fc.array(inner, { minLength: 1, maxLength: 3 })
  return choose<Node>({
    leaf: [4, leaf],
    contexts: [
      4,
      fc.record({
        kind: pick({ context: 1, saga: 1 }),
        nodes,
        virtual: pick({ real: 3, virtual: 1 }).map((how) => how === 'virtual'),
      }),
    ],
    combinators: [
      6,
      fc.record({
        kind: isTimed
          ? pick({ all: 1, allSettled: 1, any: 1, race: 1 })
          : fc.constant('allSettled' as const),
        nodes,
        members,
      }),
    ],
    fanOuts: [
      6,
      fc.record({
        kind: pick({ map: 1, parallel: 1 }),
        nodes,
        members,
        maxConcurrency: pick({ unlimited: 2, 'one at once': 1, 'two at once': 1 }).map((how) =>
          how === 'unlimited' ? undefined : how === 'one at once' ? 1 : 2,
        ),
        nesting: pick({ nested: 2, flat: 1 }),
        completion: isTimed ? completion : fc.constant({ by: 'all' as const }),
        inPairs: pick({ singly: 3, pairs: 1 }).map((how) => how === 'pairs'),
      }),
    ],
    fork: [
      4,
      fc.record({
        kind: fc.constant('fork' as const),
        nodes,
        ends: isTimed ? pick({ join: 2, cancel: 1, leave: 1 }) : fc.constant('join' as const),
      }),
    ],
  })
}

const timed = node(node(node(leaf, true), true), true)
const untimed = node(node(node(leaf, false), false), false)

/** Trees to a depth of three, every fourth of them one that has to come to the same in any order. */
export const tree: fc.Arbitrary<Tree> = fc.record({
  nodes: choose<readonly Node[]>({
    timed: [3, fc.array(timed, { minLength: 1, maxLength: 3 })],
    untimed: [1, fc.array(untimed, { minLength: 1, maxLength: 3 })],
  }),
  ends: pick({ returns: 3, throws: 1, 'waits and throws': 1 }),
  asksInVain: pick({ quiet: 3, vain: 1 }).map((how) => how === 'vain'),
})
