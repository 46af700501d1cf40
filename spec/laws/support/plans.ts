import fc from 'fast-check'
import type { CallbackAnswer, Deed, Plan, Thrown, Value } from './plan.ts'

// Plans of all kinds of operations, nested to a depth of three.

const name = fc.option(fc.constantFrom('charge', 'ship', 'cool off', 'a-1'), { nil: undefined })
const message = fc.constantFrom('out of stock', 'declined', '{"looks":"like JSON"}')
const turns = fc.constantFrom(0, 0, 1, 3)
const seconds = fc.integer({ min: 1, max: 4 })

const thrown: fc.Arbitrary<Thrown> = fc.record({
  as: fc.constantFrom('error', 'listed', 'unlisted', 'text'),
  message,
})

const value: fc.Arbitrary<Value> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constant('json' as const),
      json: fc.jsonValue({ maxDepth: 2, noUnicodeString: false }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Value>(
      { is: 'undefined' },
      { is: 'date' },
      { is: 'sparse' },
      { is: 'bigint' },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Value>(
      { is: 'text', length: 20_000 },
      { is: 'text', length: 400_000 },
    ),
  },
)

/** Half a second off what is counted in seconds, so that no order is left to chance. */
const after = fc.constantFrom(0, 1.5, 2.5, 3.5)

const answer: fc.Arbitrary<CallbackAnswer> = fc.oneof(
  fc.record({
    how: fc.constant('succeed' as const),
    text: fc.constantFrom(undefined, '{"ok":true}', 'yes', '"yes"', '3', ''),
    after,
  }),
  fc.record({ how: fc.constant('fail' as const), thrown, after }),
  fc.record({
    how: fc.constantFrom('time-out' as const, 'heartbeat-time-out' as const),
    after: seconds,
  }),
)

const callbackReading = fc.constantFrom(
  'lenient' as const,
  'lenient' as const,
  'strict' as const,
  'shaped' as const,
  'refused' as const,
)

/** How many of how many attempts fail: some, or all. */
const attempts = fc.constantFrom(
  { fails: 0, tries: 1 },
  { fails: 0, tries: 3 },
  { fails: 1, tries: 3 },
  { fails: 2, tries: 3 },
  { fails: 1, tries: 1 },
  { fails: 2, tries: 2 },
)

const stepDeed = fc
  .record({
    kind: fc.constant('step' as const),
    name,
    semantics: fc.constantFrom('at-least-once' as const, 'at-most-once' as const),
    attempts,
    thrown,
    value,
    reading: fc.oneof(
      { weight: 5, arbitrary: fc.constant('json' as const) },
      {
        weight: 3,
        arbitrary: fc.constantFrom('async' as const, 'base64' as const, 'shaped' as const),
      },
      { weight: 1, arbitrary: fc.constantFrom('broken' as const, 'refused' as const) },
    ),
    turns,
  })
  .map(({ attempts: how, ...deed }) => ({ ...deed, ...how }))

const single: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: stepDeed },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), name, seconds }) },
  {
    weight: 2,
    arbitrary: fc
      .record({
        kind: fc.constant('wait-for-callback' as const),
        name,
        answer,
        reading: callbackReading,
        attempts,
        thrown,
        turns,
      })
      .map(({ attempts: how, ...deed }) => ({ ...deed, ...how }))
      // Who is never told of a callback sets it no time either, or time would decide how it ends.
      .filter((deed) => deed.fails < deed.tries || !deed.answer.how.endsWith('time-out')),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('invoke' as const),
      name,
      callee: fc.constantFrom(
        'echo' as const,
        'durable-echo' as const,
        'refuse' as const,
        'durable-refuse' as const,
        'missing' as const,
      ),
      input: value,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('condition' as const),
      name,
      checks: fc.integer({ min: 1, max: 3 }),
      ends: fc.constantFrom(
        'met' as const,
        'met' as const,
        'thrown' as const,
        'exhausted' as const,
      ),
      reading: fc.constantFrom('json' as const, 'async' as const),
      turns,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Deed>({ kind: 'now' }, { kind: 'uuid' }, { kind: 'random' }),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({ kind: fc.constant('throw' as const), thrown }),
      fc.constant({ kind: 'leave' as const }),
    ),
  },
)

const cleanUp = fc.array(
  fc.oneof(
    stepDeed.map((deed) => ({ ...deed, fails: 0 })),
    fc.record({ kind: fc.constant('wait' as const), name, seconds }),
  ),
  { maxLength: 2 },
)

const returns = fc.constantFrom(
  'notes' as const,
  'notes' as const,
  'notes' as const,
  'nothing' as const,
  'much' as const,
)

function deed(depth: number): fc.Arbitrary<Deed> {
  if (depth === 0) return single
  const inside = fc.array(deed(depth - 1), { maxLength: 3 })
  return fc.oneof(
    { weight: 8, arbitrary: single },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('context' as const),
        name,
        virtual: fc.constantFrom(false, false, true),
        mapped: fc.boolean(),
        reading: fc.constantFrom('json' as const, 'async' as const),
        body: fc.record({ deeds: inside, returns }),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('try' as const),
        body: inside,
        rethrows: fc.constantFrom(false, false, false, true),
        cleanUp,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('loop' as const),
        times: fc.integer({ min: 0, max: 3 }),
        body: inside,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('callback' as const),
        name,
        answer,
        reading: callbackReading,
        between: inside,
        awaited: fc.constantFrom(0, 1, 1, 1, 2),
      }),
    },
  )
}

/** A plan whose failures are mostly caught, so that it goes on. */
export const plan: fc.Arbitrary<Plan> = fc.record({
  deeds: fc.array(
    fc.oneof(
      { weight: 1, arbitrary: deed(3) },
      {
        weight: 2,
        arbitrary: deed(2).map((one) => ({
          kind: 'try' as const,
          body: [one],
          rethrows: false,
          cleanUp: [],
        })),
      },
    ),
    { minLength: 1, maxLength: 5 },
  ),
  returns,
})
