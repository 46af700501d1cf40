import { expect } from 'chai'
import {
  childContext,
  createCallback,
  invoke,
  json,
  now,
  PerdureError,
  random,
  retry,
  step,
  text,
  uuid,
  wait,
  waitForCallback,
  waitForCondition,
  type Coroutine,
  type Operation,
} from '../../lib/index.ts'
import type { OperationRecord, OperationType } from '../../lib/journal/record.ts'
import { Ledger } from '../support/ledger.ts'
import { errorWords, Stage, type StageOptions } from '../support/stage.ts'

const failure = { ErrorType: 'Declined', ErrorMessage: 'no funds', ErrorData: '{"limit":5}' }

/** A workflow of this one operation, which tells how it ended. */
const only = (build: () => Operation<unknown>) =>
  function* () {
    try {
      return yield* build()
    } catch (error) {
      return `caught ${errorWords(error)}`
    }
  }

interface Case {
  readonly status: OperationRecord['Status'] | 'none'
  readonly details?: object
  readonly words: string[]
  readonly parked?: boolean
}

interface Kind {
  readonly what: string
  readonly type: OperationType
  readonly subType: string
  readonly details: string
  readonly build: () => Operation<unknown>
  readonly cases: readonly Case[]
}

const kinds: readonly Kind[] = [
  {
    what: 'a step',
    type: 'STEP',
    subType: 'Step',
    details: 'StepDetails',
    build: () => step(() => 1),
    cases: [
      { status: 'none', words: ['START 1', 'run 1'] },
      { status: 'SUCCEEDED', details: { Result: '{"a":1}' }, words: ['returned {"a":1}'] },
      { status: 'SUCCEEDED', details: {}, words: ['returned undefined'] },
      {
        status: 'FAILED',
        details: { Error: failure },
        words: ['returned "caught STEP_FAILED: no funds"'],
      },
      { status: 'PENDING', details: { Attempt: 1 }, words: [], parked: true },
      { status: 'READY', details: { Attempt: 1 }, words: ['START 1', 'run 1'] },
      { status: 'STARTED', details: { Attempt: 0 }, words: ['run 1'] },
      { status: 'HOVERING' as 'STARTED', words: [], parked: true },
    ],
  },
  {
    what: 'an at-most-once step without a retry',
    type: 'STEP',
    subType: 'Step',
    details: 'StepDetails',
    build: () => step(() => 1, { semantics: 'at-most-once', retry: retry.none }),
    cases: [
      {
        status: 'STARTED',
        details: { Attempt: 0 },
        words: [
          'FAIL 1',
          'returned "caught STEP_INTERRUPTED: Attempt 1 of step (operation 1) began and was never ' +
            'heard of again: its invocation ended in the middle. It is not known how far it came."',
        ],
      },
      { status: 'READY', details: { Attempt: 1 }, words: ['START 1'] },
    ],
  },
  {
    what: 'an at-most-once step with a retry',
    type: 'STEP',
    subType: 'Step',
    details: 'StepDetails',
    build: () =>
      step(() => 1, {
        semantics: 'at-most-once',
        retry: retry.fixed({ delay: '9s', maxAttempts: 3 }),
      }),
    cases: [
      { status: 'STARTED', details: { Attempt: 0 }, words: ['RETRY 1 +9s'], parked: true },
      { status: 'STARTED', details: { Attempt: 1 }, words: ['RETRY 1 +9s'], parked: true },
    ],
  },
  {
    what: 'a wait',
    type: 'WAIT',
    subType: 'Wait',
    details: 'WaitDetails',
    build: () => wait('5s'),
    cases: [
      { status: 'none', words: ['START 1'], parked: true },
      { status: 'STARTED', words: [], parked: true },
      { status: 'SUCCEEDED', words: ['returned undefined'] },
      // Whoever had cancelled it comes by again; nobody else gets past.
      { status: 'CANCELLED', words: [], parked: true },
      { status: 'HOVERING' as 'STARTED', words: [], parked: true },
    ],
  },
  {
    what: 'an invoke',
    type: 'CHAINED_INVOKE',
    subType: 'ChainedInvoke',
    details: 'ChainedInvokeDetails',
    build: () => invoke('callee:1', { a: 1 }),
    cases: [
      { status: 'none', words: ['START 1 {"a":1}'], parked: true },
      { status: 'STARTED', words: [], parked: true },
      { status: 'SUCCEEDED', details: { Result: '[1]' }, words: ['returned [1]'] },
      {
        status: 'FAILED',
        details: { Error: failure },
        words: ['returned "caught INVOKE_FAILED: no funds"'],
      },
      { status: 'FAILED', details: {}, words: ['returned "caught INVOKE_FAILED: Invoke failed"'] },
      {
        status: 'TIMED_OUT',
        details: { Error: failure },
        words: ['returned "caught INVOKE_TIMED_OUT: no funds"'],
      },
      {
        status: 'STOPPED',
        details: { Error: failure },
        words: ['returned "caught INVOKE_STOPPED: no funds"'],
      },
      { status: 'HOVERING' as 'STARTED', words: [], parked: true },
    ],
  },
  {
    what: 'a condition',
    type: 'STEP',
    subType: 'WaitForCondition',
    details: 'StepDetails',
    build: () =>
      waitForCondition((state: number) => state + 1, { initialState: 0, strategy: () => '7s' }),
    cases: [
      { status: 'none', words: ['START 1', 'run 1'] },
      { status: 'STARTED', details: { Attempt: 1, Result: '4' }, words: ['run 1'] },
      { status: 'READY', details: { Attempt: 1, Result: '4' }, words: ['START 1', 'run 1'] },
      { status: 'PENDING', details: { Attempt: 1, Result: '4' }, words: [], parked: true },
      { status: 'SUCCEEDED', details: { Result: '9' }, words: ['returned 9'] },
      {
        status: 'FAILED',
        details: { Error: failure },
        words: ['returned "caught CONDITION_FAILED: no funds"'],
      },
    ],
  },
  {
    what: 'a child context',
    type: 'CONTEXT',
    subType: 'RunInChildContext',
    details: 'ContextDetails',
    build: () => childContext(() => step(() => 1)),
    cases: [
      { status: 'none', words: ['START 1', 'START 1-1', 'run 1-1'] },
      { status: 'STARTED', words: ['START 1-1', 'run 1-1'] },
      { status: 'SUCCEEDED', details: { Result: '5' }, words: ['returned 5'] },
      { status: 'SUCCEEDED', details: {}, words: ['returned undefined'] },
      {
        status: 'FAILED',
        details: { Error: failure },
        words: ['returned "caught CHILD_CONTEXT_FAILED: no funds"'],
      },
    ],
  },
]

for (const { what, type, subType, details: member, build, cases } of kinds) {
  describe(`${what}, met`, () => {
    for (const { status, details, words, parked = false } of cases) {
      const shown = details === undefined ? '' : ` with ${JSON.stringify(details)}`
      it(`with ${status === 'none' ? 'no record' : `the status ${status}`}${shown}`, () => {
        const ledger = new Ledger()
        if (status !== 'none') {
          ledger.put({
            Id: '1',
            Type: type,
            SubType: subType,
            Status: status,
            StartTimestamp: 0,
            ...(details === undefined ? {} : { [member]: details }),
          })
        }
        const stage = new Stage(only(build), { ledger })

        expect(stage.take()).to.deep.equal(words)
        expect(stage.machine.isParked && stage.machine.ending === undefined).to.equal(parked)
      })
    }
  })
}

describe('the result of a callback', () => {
  const table: { status: OperationRecord['Status']; details?: object; words: string[] }[] = [
    { status: 'STARTED', words: [] },
    { status: 'SUCCEEDED', details: { Result: '{"ok":true}' }, words: ['returned {"ok":true}'] },
    { status: 'SUCCEEDED', details: { Result: 'yes' }, words: ['returned "yes"'] },
    { status: 'SUCCEEDED', words: ['returned undefined'] },
    {
      status: 'FAILED',
      details: { Error: failure },
      words: ['returned "caught CALLBACK_FAILED: no funds"'],
    },
    {
      status: 'FAILED',
      details: { Error: {} },
      words: ['returned "caught CALLBACK_FAILED: Callback failed"'],
    },
    {
      status: 'TIMED_OUT',
      details: { Error: { ErrorType: 'Callback.Timeout' } },
      words: ['returned "caught CALLBACK_TIMED_OUT: Callback timed out"'],
    },
    {
      status: 'TIMED_OUT',
      details: { Error: { ErrorType: 'Callback.Heartbeat', ErrorMessage: 'no pulse' } },
      words: ['returned "caught CALLBACK_HEARTBEAT_TIMED_OUT: no pulse"'],
    },
  ]
  function* ask() {
    const { result } = yield* createCallback('ask')
    try {
      return yield* result
    } catch (error) {
      return `caught ${errorWords(error)}`
    }
  }
  for (const { status, details = {}, words } of table) {
    it(`is found ${status} with ${JSON.stringify(details)}`, () => {
      const ledger = new Ledger()
      ledger.put({
        Id: '1',
        Type: 'CALLBACK',
        SubType: 'Callback',
        Name: 'ask',
        Status: status,
        StartTimestamp: 0,
        CallbackDetails: { CallbackId: 'cb', ...details },
      })

      expect(new Stage(ask, { ledger }).take()).to.deep.equal(words)
    })
  }

  const payloads: { by: string; options: object; words: string[] }[] = [
    { by: 'no serdes', options: {}, words: ['returned "yes please"'] },
    { by: 'text', options: { serdes: text }, words: ['returned "yes please"'] },
    {
      by: 'json, which is strict',
      options: { serdes: json },
      words: [
        'threw SERDES_FAILED: The payload of callback (operation 1) could not be deserialized: ' +
          `Unexpected token 'y', "yes please" is not valid JSON`,
      ],
    },
    {
      by: 'a schema that refuses it',
      options: {
        schema: {
          create: () => {
            throw new Error('no boolean')
          },
        },
      },
      words: [
        'threw SERDES_FAILED: The payload of callback (operation 1) does not fit its schema: no boolean',
      ],
    },
  ]
  for (const { by, options, words } of payloads) {
    it(`is read by ${by}`, () => {
      const stage = new Stage(function* () {
        const callback = yield* createCallback(options)
        return yield* callback.result
      }).acknowledge()
      stage.take()

      expect(stage.happen('1', { status: 'SUCCEEDED', result: 'yes please' }).take()).to.deep.equal(
        words,
      )
    })
  }
})

describe('a callback', () => {
  it('is handed over when the service has given it an id', () => {
    const stage = new Stage(function* () {
      const { id, result } = yield* createCallback('ask', {
        timeout: '3d',
        heartbeatTimeout: '90s',
      })
      yield* step('mail', () => id)
      return yield* result
    })
    const [start] = stage.said

    expect(start).to.deep.equal({
      Id: '1',
      Type: 'CALLBACK',
      SubType: 'Callback',
      Name: 'ask',
      Action: 'START',
      CallbackOptions: { TimeoutSeconds: 259_200, HeartbeatTimeoutSeconds: 90 },
    })
    expect([stage.take(), stage.acknowledge().take(), stage.run().take()]).to.deep.equal([
      ['START 1'],
      ['START 2', 'run 2'],
      ['SUCCEED 2 "callback-1"'],
    ])
  })

  it('says nothing on the wire of time-outs that it has not', () => {
    const stage = new Stage(function* () {
      yield* createCallback()
    })

    expect(stage.said[0]?.CallbackOptions).to.deep.equal({})
  })
})

describe('the failure of an operation', () => {
  class Declined extends Error {
    readonly limit: number
    constructor(limit: number) {
      super('no funds')
      this.limit = limit
    }
  }
  const seen = (options: StageOptions = {}, thrown: unknown = new Declined(5)) => {
    const caught: unknown[] = []
    function* pay() {
      try {
        yield* step('pay', () => {
          throw thrown
        })
      } catch (error) {
        caught.push(error)
      }
    }
    const settings = { retry: retry.none, ...options }
    const stage = new Stage(pay, settings).finish()
    new Stage(pay, { ...settings, ledger: stage.ledger }).finish()
    return caught as PerdureError[]
  }

  it('looks the same on the first run as on replay', () => {
    const [first, again] = seen()
    const looks = (error: PerdureError | undefined) => ({
      class: error?.constructor,
      code: error?.code,
      message: error?.message,
      errorType: error?.errorType,
      data: error?.data,
      cause: error?.cause instanceof Error && error.cause.name,
    })

    expect(looks(first)).to.deep.equal({
      class: PerdureError,
      code: 'STEP_FAILED',
      message: 'no funds',
      errorType: 'Declined',
      data: { limit: 5 },
      cause: 'Declined',
    })
    expect(looks(again)).to.deep.equal(looks(first))
    expect(first).to.not.equal(again)
  })

  it('is of a listed class again, on the first run as on replay', () => {
    for (const error of seen({ errors: [Declined] })) {
      expect(error).to.be.instanceOf(Declined)
      expect(error).to.include({ limit: 5, message: 'no funds' })
    }
  })

  it('is caught as an error though no error was thrown', () => {
    const [first, again] = seen({}, { reason: 'busy' })

    expect([first?.code, first?.message]).to.deep.equal(['STEP_FAILED', '{"reason":"busy"}'])
    expect([again?.code, again?.message]).to.deep.equal(['STEP_FAILED', '{"reason":"busy"}'])
  })
})

describe('the value of an operation', () => {
  it('is what its serdes reads back, on the first run as on replay', () => {
    const got: unknown[] = []
    function* when() {
      got.push(yield* step(() => ({ at: new Date(0), gone: undefined })))
    }
    const stage = new Stage(when).finish()
    new Stage(when, { ledger: stage.ledger }).finish()
    const value = { at: '1970-01-01T00:00:00.000Z' }

    expect(got).to.deep.equal([value, value])
  })

  it('fails the step where its serdes cannot write it, and is not made again', () => {
    const stage = new Stage(only(() => step('big', () => 10n)))
    stage.take()

    expect(stage.run().take()).to.deep.equal([
      'FAIL 1',
      'returned "caught SERDES_FAILED: The payload of step \\"big\\" (operation 1) could not be ' +
        'serialized: Do not know how to serialize a BigInt"',
    ])
  })

  it('fails the step where its serdes writes no text', () => {
    const stage = new Stage(only(() => step('odd', () => 5, { serdes: text as never })))
    stage.take()
    const [fail, end] = stage.run().take()

    expect([fail, end?.slice(0, 32)]).to.deep.equal(['FAIL 1', 'returned "caught SERDES_FAILED: '])
  })

  it('fails the step where its schema refuses it', () => {
    const schema = {
      create: (): number => {
        throw new Error('no number')
      },
    }
    const stage = new Stage(only(() => step('n', () => 'x', { schema })))
    stage.take()

    expect(stage.run().take()).to.deep.equal([
      'FAIL 1',
      'returned "caught SERDES_FAILED: The payload of step \\"n\\" (operation 1) does not fit its ' +
        'schema: no number"',
    ])
  })
})

describe('small values', () => {
  it('are drawn again on replay, each from its place', () => {
    const drawn: unknown[][] = []
    function* draw() {
      const values: unknown[] = [yield* uuid(), yield* random()]
      yield* childContext(
        function* () {
          values.push(yield* uuid(), yield* random())
          yield* step(() => 1)
        },
        { virtual: true },
      )
      yield* step(() => 2)
      values.push(yield* random())
      drawn.push(values)
    }
    const stage = new Stage(draw).finish()
    new Stage(draw, { ledger: stage.ledger }).finish()
    const [first = [], again] = drawn

    expect(again).to.deep.equal(first)
    expect(new Set(first).size).to.equal(5)
    expect(first[0]).to.match(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    expect(first[1]).to.be.within(0, 1)
    expect(stage.ledger.statuses).to.deep.equal({ '1-1': 'SUCCEEDED', '2': 'SUCCEEDED' })
  })

  it('are others in another execution', () => {
    const drawn: unknown[] = []
    const draw = function* () {
      drawn.push(yield* uuid(), yield* random(), yield* uuid(), yield* random())
    }
    for (const executionArn of ['one', 'other']) new Stage(draw, { executionArn })

    expect(new Set(drawn).size).to.equal(8)
  })

  type Tell = (place: string, time: number) => void
  const moments: { at: string; workflow: (tell: Tell) => () => Coroutine<unknown> }[] = [
    {
      at: 'the beginning, after a step and after a wait',
      workflow: (tell) =>
        function* () {
          tell('beginning', yield* now())
          yield* step(() => 1)
          tell('step', yield* now())
          yield* wait('1s')
          tell('wait', yield* now())
        },
    },
    {
      at: 'the beginning of a context',
      workflow: (tell) =>
        function* () {
          yield* childContext(function* () {
            tell('inside', yield* now())
            yield* step(() => 1)
            yield* wait('1s')
          })
          tell('outside', yield* now())
        },
    },
    {
      at: 'the beginning of a context whose result is made again',
      workflow: (tell) =>
        function* () {
          yield* childContext(function* () {
            tell('inside', yield* now())
            yield* step(() => 1)
            tell('step', yield* now())
            return 'x'.repeat(300_000)
          })
          tell('outside', yield* now())
          yield* wait('1s')
        },
    },
    {
      at: 'a callback, before and after its result',
      workflow: (tell) =>
        function* () {
          const { result } = yield* createCallback()
          tell('made', yield* now())
          yield* result
          tell('answered', yield* now())
        },
    },
  ]
  for (const { at, workflow } of moments) {
    it(`tell the same time in every invocation: at ${at}`, () => {
      const told = new Map<string, number[]>()
      const code = workflow((place, time) => {
        told.set(place, [...(told.get(place) ?? []), time])
      })
      const ledger = new Ledger()
      for (let invocations = 1; invocations <= 4; invocations++) {
        new Stage(code, { ledger }).finish()
        for (const { Id, Type, Status } of ledger.records) {
          const isOpen = Status === 'STARTED' && ['WAIT', 'CALLBACK'].includes(Type)
          if (isOpen) ledger.happen(Id, { status: 'SUCCEEDED' })
        }
      }
      const times = [...told.values()]

      expect(times.map((one) => new Set(one).size)).to.deep.equal(times.map(() => 1))
      expect(Math.max(...times.map((one) => one.length))).to.be.greaterThan(1)
      expect(times.map(([first]) => first)).to.deep.equal(times.map(([first]) => first).sort())
    })
  }
})

describe('waitForCallback', () => {
  const outcome = (options: { submit?: () => unknown; happening?: object } = {}) => {
    const stage = new Stage(
      only(() => waitForCallback('ok', options.submit ?? (() => 'ignored'), { retry: retry.none })),
    ).finish()
    if (options.happening) stage.happen('1-1', options.happening as never).finish()
    const again = new Stage(
      only(() => waitForCallback('ok', () => 'ignored', { retry: retry.none })),
      { ledger: stage.ledger },
    )
    return { words: stage.take(), replayed: again.take() }
  }

  it('makes a callback, hands out its id, and keeps the payload as it came', () => {
    const { words, replayed } = outcome({ happening: { status: 'SUCCEEDED', result: 'yes' } })

    expect(words).to.deep.equal([
      'START 1',
      'START 1-1',
      'START 1-2',
      'run 1-2',
      'SUCCEED 1-2',
      'SUCCEED 1 "yes"',
      'returned "yes"',
    ])
    expect(replayed).to.deep.equal(['returned "yes"'])
  })

  it('names its two operations nothing', () => {
    const stage = new Stage(only(() => waitForCallback('ok', () => 1))).finish()

    expect(stage.ledger.records.map(({ Id, Name, SubType }) => [Id, Name, SubType])).to.deep.equal([
      ['execution', undefined, undefined],
      ['1', 'ok', 'WaitForCallback'],
      ['1-1', undefined, 'Callback'],
      ['1-2', undefined, 'Step'],
    ])
  })

  const failures: { when: string; options: Parameters<typeof outcome>[0]; error: string }[] = [
    {
      when: 'its submitter fails',
      options: {
        submit: () => {
          throw new Error('no mail')
        },
      },
      error: 'CALLBACK_SUBMIT_FAILED: no mail',
    },
    {
      when: 'it is answered with a failure',
      options: { happening: { status: 'FAILED', error: { ErrorMessage: 'refused' } } },
      error: 'CALLBACK_FAILED: refused',
    },
    {
      when: 'its time is over',
      options: { happening: { status: 'TIMED_OUT', error: { ErrorType: 'Callback.Timeout' } } },
      error: 'CALLBACK_TIMED_OUT: Callback timed out',
    },
    {
      when: 'its heart stops',
      options: { happening: { status: 'TIMED_OUT', error: { ErrorType: 'Callback.Heartbeat' } } },
      error: 'CALLBACK_HEARTBEAT_TIMED_OUT: Callback timed out on heartbeat',
    },
  ]
  for (const { when, options, error } of failures) {
    it(`fails when ${when}, on replay as at first`, () => {
      const { words, replayed } = outcome(options)

      expect([words.at(-1), replayed]).to.deep.equal([
        `returned "caught ${error}"`,
        [`returned "caught ${error}"`],
      ])
    })
  }
})
