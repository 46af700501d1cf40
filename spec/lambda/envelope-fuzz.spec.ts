import { expect } from 'chai'
import fc from 'fast-check'
import {
  childContext,
  createCallback,
  createDriver,
  invoke,
  now,
  PerdureError,
  retry,
  step,
  wait,
  waitForCondition,
  type Operation,
} from '../../lib/index.ts'
import { wireTypes } from '../../lib/kernel/errors.ts'
import { executionArn } from '../support/client-double.ts'

const seed = 20_261_121
const numRuns = 10_000

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** Meets an operation of every kind, and looks at nothing that came back. */
function* everything(input: unknown) {
  const seen: unknown[] = [input, yield* now()]
  const settle = function* (operation: Operation<unknown>) {
    try {
      seen.push(yield* childContext(operation, { virtual: true }))
    } catch (error) {
      seen.push(error)
    }
  }
  yield* settle(step('step', () => 1))
  yield* settle(
    childContext(
      'context',
      step('inner', () => 2),
    ),
  )
  yield* settle(wait('wait', '1s'))
  yield* settle(invoke('callee', null, { name: 'invoke' }))
  yield* settle(
    waitForCondition('condition', (state: number) => state, {
      initialState: 0,
      strategy: () => false,
    }),
  )
  const callback = yield* createCallback('callback')
  seen.push(yield* now())
  yield* settle(callback.result)
  return seen.length
}

const at = '2026-01-01T00:00:00.000Z'
const base = { Status: 'SUCCEEDED', StartTimestamp: at, EndTimestamp: at }
const failure = {
  ErrorType: 'CallbackExternalError',
  ErrorMessage: 'no',
  ErrorData: '{"perdure":"CALLBACK_FAILED","errorType":"E","data":1,"cause":{"message":"c"}}',
  StackTrace: ['at here'],
}
const goodEvent = JSON.stringify({
  DurableExecutionArn: executionArn,
  CheckpointToken: 'dG9rZW4=',
  InitialExecutionState: {
    Operations: [
      {
        Id: 'execution',
        Type: 'EXECUTION',
        ...base,
        Status: 'STARTED',
        ExecutionDetails: { InputPayload: '{"a":[1,{"b":null}]}' },
      },
      {
        Id: '1-1',
        Type: 'STEP',
        SubType: 'Step',
        Name: 'step',
        ...base,
        StepDetails: { Attempt: 1, Result: '1' },
      },
      {
        Id: '2-1',
        Type: 'CONTEXT',
        SubType: 'RunInChildContext',
        Name: 'context',
        ...base,
        ContextDetails: { Result: '2', ReplayChildren: true },
      },
      {
        Id: '2-1-1',
        ParentId: '2-1',
        Type: 'STEP',
        SubType: 'Step',
        Name: 'inner',
        ...base,
        StepDetails: { Attempt: 1, Result: '2' },
      },
      {
        Id: '3-1',
        Type: 'WAIT',
        SubType: 'Wait',
        Name: 'wait',
        ...base,
        WaitDetails: { ScheduledEndTimestamp: at },
      },
      {
        Id: '4-1',
        Type: 'CHAINED_INVOKE',
        SubType: 'ChainedInvoke',
        Name: 'invoke',
        ...base,
        ChainedInvokeDetails: { Result: '{"ok":true}' },
      },
      {
        Id: '5-1',
        Type: 'STEP',
        SubType: 'WaitForCondition',
        Name: 'condition',
        ...base,
        Status: 'READY',
        StepDetails: { Attempt: 2, Result: '3', NextAttemptTimestamp: at },
      },
      {
        Id: '6',
        Type: 'CALLBACK',
        SubType: 'Callback',
        Name: 'callback',
        ...base,
        Status: 'FAILED',
        CallbackDetails: { CallbackId: 'Y2I=', Error: failure },
      },
    ],
    NextMarker: null,
  },
  UpdatedOperationIds: ['3-1'],
})

type Tree = Record<string, unknown>

const cycle: Tree = {}
cycle['self'] = cycle
const huge = 'x'.repeat(200_000)

const junk: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.anything({
      maxDepth: 2,
      maxKeys: 3,
      withNullPrototype: true,
      withBigInt: true,
      withDate: true,
    }),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      '',
      '__proto__',
      'constructor',
      '-1',
      '1',
      '\u0000',
      '\ud800',
      '{"perdure":"toString"}',
      '{"perdure":"STEP_FAILED","cause":null}',
      '[[[',
      'EXECUTION',
      'CONTEXT',
      'FAILED',
      'PAUSED',
      'TIMED_OUT',
      huge,
      cycle,
      Object.create(null),
      { toString: 1, valueOf: 1 },
      { constructor: { name: {} } },
      { then: 1 },
      [],
      [null],
      new Map(),
      new Error('junk'),
      () => 1,
      Symbol('junk'),
      10n,
      NaN,
      -0,
      Infinity,
      2 ** 53,
    ),
  },
)

type Mutation = { where: number; how: 'remove' | 'replace' | 'repeat'; by: unknown }
const mutation: fc.Arbitrary<Mutation> = fc.record({
  where: fc.nat(10_000),
  how: fc.constantFrom(
    'remove' as const,
    'replace' as const,
    'replace' as const,
    'repeat' as const,
  ),
  by: junk,
})
const event: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 1, arbitrary: junk },
  { weight: 30, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 4 }).map(mutated) },
)

/** The good event with some of its members, anywhere, taken away or replaced. */
function mutated(mutations: readonly Mutation[]): unknown {
  const root = { event: JSON.parse(goodEvent) as unknown }
  for (const { where, how, by } of mutations) {
    const places = placesIn(root)
    const place = places[where % places.length]
    if (place === undefined) continue
    const { holder, key } = place
    if (how === 'remove') Reflect.deleteProperty(holder, key)
    else if (how === 'replace') holder[key] = by
    else if (Array.isArray(holder)) holder.push(holder[Number(key)])
  }
  return root.event
}

/** Every member of a tree, with who holds it; what is not made of JSON is left alone. */
function placesIn(root: Tree): { holder: Tree; key: string }[] {
  const places: { holder: Tree; key: string }[] = []
  const seen = new Set<unknown>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value) || seen.size > 300) return
    if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return
    seen.add(value)
    for (const key of Object.keys(value).slice(0, 50)) {
      places.push({ holder: value as Tree, key })
      visit((value as Tree)[key])
    }
  }
  visit(root)
  return places
}

/** Takes all that it is told, and has nothing to tell. */
const client = {
  checkpoint: () =>
    Promise.resolve({ CheckpointToken: 't', NewExecutionState: { Operations: [] } }),
  getExecutionState: () => Promise.resolve({ Operations: [] }),
}

const readable = /^[^\0]{10,3000}$/s
/** What JavaScript says when code was not ready for what it got. */
const accident =
  /Cannot (read|convert|set|mix)|is not (a function|iterable|an object)|Maximum call stack/

function judge(answer: unknown): void {
  const { Status, Result, Error: error } = answer as Record<string, unknown>
  if (Status === 'PENDING') {
    expect(answer).to.deep.equal({ Status })
  } else if (Status === 'SUCCEEDED') {
    expect([typeof Result, error]).to.deep.equal(['string', undefined])
  } else {
    const { ErrorType, ErrorMessage } = error as Record<string, unknown>
    expect(Status).to.equal('FAILED')
    expect(Object.values(wireTypes)).to.include(ErrorType)
    expect(ErrorMessage).to.be.a('string').that.does.not.match(accident)
  }
}

describe(`law: an event is answered, however malformed it is (seed ${seed})`, () => {
  it(`holds for ${numRuns} events: a refusal with a code, or an answer`, async function () {
    this.timeout(60_000)
    const handler = createDriver({ client, log: silent, retry: retry.none }).lambdaHandler(
      everything,
    )
    const outcomes: Record<string, number> = {}
    await fc.assert(
      fc.asyncProperty(event, async (malformed) => {
        let answer: unknown
        try {
          answer = await handler(malformed, {})
        } catch (error) {
          if (!(error instanceof PerdureError)) throw error
          outcomes[error.code] = (outcomes[error.code] ?? 0) + 1
          expect(wireTypes).to.have.property(error.code)
          return void expect(error.message).to.match(readable)
        }
        judge(answer)
        const { Status } = answer as { Status: string }
        outcomes[Status] = (outcomes[Status] ?? 0) + 1
      }),
      { seed, numRuns, endOnFailure: false },
    )

    // Events that all end alike would test one line of code ten thousand times.
    expect(outcomes).to.include.all.keys('INVALID_ENVELOPE', 'SUCCEEDED', 'FAILED', 'PENDING')
    expect(Math.min(...Object.values(outcomes))).to.be.greaterThan(10)
  })

  it('is made of one that is answered in full', async () => {
    const handler = createDriver({ client, log: silent }).lambdaHandler(everything)

    expect(await handler(JSON.parse(goodEvent), {})).to.deep.equal({
      Status: 'SUCCEEDED',
      Result: '9',
    })
  })
})
