import { expect } from 'chai'
import { number, object, string } from 'superstruct'
import {
  createDriver,
  PerdureError,
  retry,
  step,
  wait,
  waitForCallback,
  type DriverOptions,
  type HandlerOptions,
  type Log,
  type Workflow,
} from '../../lib/index.ts'
import { ClientDouble, executionArn, serviceError } from '../support/client-double.ts'
import { Ledger } from '../support/ledger.ts'

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }

interface Invocation<I, O> {
  readonly client?: ClientDouble
  readonly event?: object
  readonly context?: object
  readonly options?: DriverOptions
  readonly schemas?: HandlerOptions<I, O>
}

/** One invocation of a handler for `workflow`. */
function invoke<I, O>(workflow: Workflow<I, O>, invocation: Invocation<I, O> = {}) {
  const { client = new ClientDouble(), event = client.event(), context = {} } = invocation
  const driver = createDriver({ client, log: silent, ...invocation.options })
  return driver.lambdaHandler(workflow, invocation.schemas)(event, context)
}

async function rejection(promise: Promise<unknown>): Promise<PerdureError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof PerdureError) return error
    throw error
  }
  throw new Error('Expected a rejection.')
}

function* greet(input: { name: string }) {
  return yield* step('greet', () => `Hello, ${input.name}`)
}

const hello = () => new ClientDouble(new Ledger({ name: 'Ada' }))

describe('the answer of a handler', () => {
  it('is SUCCEEDED with the result as JSON', async () => {
    const client = hello()

    expect(await invoke(greet, { client })).to.deep.equal({
      Status: 'SUCCEEDED',
      Result: '"Hello, Ada"',
    })
    expect(client.words).to.deep.equal(['START 1, SUCCEED 1'])
  })

  it('is SUCCEEDED without a result where there is none', async () => {
    const nothing = function* () {}

    expect(await invoke(nothing)).to.deep.equal({ Status: 'SUCCEEDED' })
  })

  it('is FAILED with what the workflow threw', async () => {
    const decline = function* () {
      throw Object.assign(new RangeError('declined'), { limit: 5 })
    }

    expect(await invoke(decline)).to.deep.equal({
      Status: 'FAILED',
      Error: { ErrorType: 'RangeError', ErrorMessage: 'declined', ErrorData: '{"limit":5}' },
    })
  })

  it('is FAILED with the type that the official SDKs give a failed step', async () => {
    const broken = function* () {
      yield* step('charge', () => Promise.reject(new TypeError('no card')))
    }
    const answer = await invoke(broken, { options: { retry: retry.none } })

    expect(answer).to.have.nested.property('Error.ErrorType', 'StepError')
    expect(answer).to.have.nested.property('Error.ErrorMessage', 'no card')
  })

  it('is PENDING while something is waited for', async () => {
    const client = new ClientDouble()
    const pause = function* () {
      yield* wait('1h')
    }

    expect(await invoke(pause, { client })).to.deep.equal({ Status: 'PENDING' })
    expect(client.words).to.deep.equal(['START 1'])
  })

  it('runs no `finally` when it is PENDING', async () => {
    const words: string[] = []
    const careful = function* () {
      try {
        yield* wait('1h')
      } finally {
        words.push('cleaned up')
      }
    }
    await invoke(careful)

    expect(words).to.deep.equal([])
  })

  it('is the same after any number of invocations', async () => {
    const client = new ClientDouble()
    const approval = function* () {
      const ask = yield* step('ask', () => 'sent')
      const answer = yield* waitForCallback('approve', () => 'mailed')
      return { ask, answer }
    }
    const first = await invoke(approval, { client })
    client.ledger.happen('2-1', { status: 'SUCCEEDED', result: 'yes' })
    const second = await invoke(approval, { client })
    const third = await invoke(approval, { client })
    const done = { Status: 'SUCCEEDED', Result: '{"ask":"sent","answer":"yes"}' }

    expect([first, second, third]).to.deep.equal([{ Status: 'PENDING' }, done, done])
  })
})

describe('a result too long for the response', () => {
  const limit = 6 * 1024 * 1024
  const long = (bytes: number) =>
    function* () {
      return 'x'.repeat(bytes - 2)
    }

  it('still goes into it where it just fits', async () => {
    const client = new ClientDouble()
    const answer = (await invoke(long(limit - 50), { client })) as { Result: string }

    expect([answer.Result.length, client.words]).to.deep.equal([limit - 50, []])
  })

  it('is checkpointed, and the answer holds an empty one', async () => {
    const client = new ClientDouble()
    const answer = await invoke(long(limit - 49), { client })
    const [update] = client.checkpoints[0]?.Updates ?? []

    expect(answer).to.deep.equal({ Status: 'SUCCEEDED', Result: '' })
    expect([update?.Type, update?.Action, update?.Payload?.length]).to.deep.equal([
      'EXECUTION',
      'SUCCEED',
      limit - 49,
    ])
  })

  it('is checkpointed also where the service takes the token away with it', async () => {
    const client = new ClientDouble()
    client.script.push({})

    expect(await invoke(long(limit), { client })).to.deep.equal({ Status: 'SUCCEEDED', Result: '' })
  })

  it('fails the execution where no service would keep it', async () => {
    const answer = await invoke(long(limit + 1))

    expect(answer).to.have.property('Status', 'FAILED')
    expect(answer).to.have.nested.property('Error.ErrorType', 'PayloadTooLargeError')
  })
})

describe('the input of a workflow', () => {
  const echo = function* (input: unknown) {
    return { input }
  }
  const given = (InputPayload: unknown) => {
    const client = new ClientDouble()
    client.ledger.put({ ...client.ledger.execution, ExecutionDetails: { InputPayload } as never })
    return client
  }
  const table: { payload: unknown; result: string }[] = [
    { payload: '{"a":1}', result: '{"input":{"a":1}}' },
    { payload: 'null', result: '{"input":null}' },
    { payload: '"text"', result: '{"input":"text"}' },
    { payload: undefined, result: '{}' },
    { payload: null, result: '{}' },
  ]
  for (const { payload, result } of table) {
    it(`is read from ${String(payload)}`, async () => {
      expect(await invoke(echo, { client: given(payload) })).to.deep.equal({
        Status: 'SUCCEEDED',
        Result: result,
      })
    })
  }

  it('is absent where the execution has no details', async () => {
    const client = new ClientDouble()
    client.ledger.put({ ...client.ledger.execution, ExecutionDetails: null as never })

    expect(await invoke(echo, { client })).to.deep.equal({ Status: 'SUCCEEDED', Result: '{}' })
  })

  it('fails the execution where it is no JSON, before anything runs', async () => {
    const client = given('{"a":')
    const answer = await invoke(greet, { client })

    expect(answer).to.have.property('Status', 'FAILED')
    expect(answer).to.have.nested.property('Error.ErrorType', 'InvalidInputError')
    expect(client.words).to.deep.equal([])
  })

  it('fails the execution where it does not fit its schema, before anything runs', async () => {
    const client = given('{"name":42}')
    const answer = await invoke(greet, { client, schemas: { input: object({ name: string() }) } })

    expect(answer).to.have.nested.property('Error.ErrorType', 'InvalidInputError')
    expect(answer)
      .to.have.nested.property('Error.ErrorMessage')
      .that.includes(
        'The input of the execution cannot be used: At path: name -- Expected a string',
      )
    expect(client.words).to.deep.equal([])
  })

  it('is what its schema makes of it', async () => {
    const doubled = { create: (value: unknown) => (value as number) * 2 }

    expect(await invoke(echo, { client: given('21'), schemas: { input: doubled } })).to.deep.equal({
      Status: 'SUCCEEDED',
      Result: '{"input":42}',
    })
  })

  it('is read by the serdes of the driver, sync or async', async () => {
    const serdes = {
      serialize: (value: unknown) => Promise.resolve(`<${JSON.stringify(value)}>`),
      deserialize: (text: string) => Promise.resolve(text.slice(1, -1)),
    }

    expect(await invoke(echo, { client: given('<hi>'), options: { serdes } })).to.deep.equal({
      Status: 'SUCCEEDED',
      Result: '<{"input":"hi"}>',
    })
  })
})

describe('the output of a workflow', () => {
  it('is what its schema makes of it', async () => {
    const output = { create: (value: unknown) => `${String(value)}!` }

    expect(await invoke(greet, { client: hello(), schemas: { output } })).to.deep.equal({
      Status: 'SUCCEEDED',
      Result: '"Hello, Ada!"',
    })
  })

  it('fails the execution where it does not fit', async () => {
    const output = number() as unknown as HandlerOptions<unknown, string>['output'] & object
    const answer = await invoke(greet, { client: hello(), schemas: { output } })

    expect(answer).to.have.nested.property('Error.ErrorType', 'SerdesError')
  })

  it('fails the execution where JSON cannot say it', async () => {
    const big = function* () {
      return 10n
    }

    expect(await invoke(big)).to.have.nested.property('Error.ErrorType', 'SerdesError')
  })
})

describe('the state of an execution', () => {
  it('is read to its last page before anything else, even where the first one is empty', async () => {
    const client = hello()
    client.listing.push(
      { Operations: [], NextMarker: 'm2' },
      { Operations: client.ledger.records, NextMarker: '' },
    )
    const event = client.event({ InitialExecutionState: { Operations: [], NextMarker: 'm1' } })

    expect(await invoke(greet, { client, event })).to.deep.equal({
      Status: 'SUCCEEDED',
      Result: '"Hello, Ada"',
    })
    expect(client.pages.map((page) => [page.Marker, page.CheckpointToken])).to.deep.equal([
      ['m1', 't0'],
      ['m2', 't0'],
    ])
  })

  it('tells the execution by its type, not by its place', async () => {
    const client = hello()
    await invoke(greet, { client })
    const Operations = [...client.ledger.records].reverse()

    expect(
      await invoke(greet, {
        client,
        event: client.event({ InitialExecutionState: { Operations } }),
      }),
    ).to.deep.equal({ Status: 'SUCCEEDED', Result: '"Hello, Ada"' })
    expect(client.words).to.have.length(1)
  })

  it('must hold the execution', async () => {
    const event = new ClientDouble().event({ InitialExecutionState: { Operations: [] } })
    const { code, message } = await rejection(invoke(greet, { event }))

    expect([code, message]).to.deep.equal([
      'INVALID_ENVELOPE',
      'The state of the execution holds no operation of type EXECUTION, even on its last page.',
    ])
  })

  const moments: [string, unknown][] = [
    ['ISO text', '2026-01-02T03:04:05.678Z'],
    ['a Date', new Date('2026-01-02T03:04:05.678Z')],
    ['epoch milliseconds', Date.parse('2026-01-02T03:04:05.678Z')],
  ]
  for (const [words, StartTimestamp] of moments) {
    it(`has its times as ${words}`, async () => {
      const client = new ClientDouble()
      client.ledger.put({ ...client.ledger.execution, StartTimestamp: StartTimestamp as string })
      const when = function* (_input: unknown, context: { startedAt: Date }) {
        return context.startedAt.toISOString()
      }

      expect(await invoke(when, { client })).to.deep.equal({
        Status: 'SUCCEEDED',
        Result: '"2026-01-02T03:04:05.678Z"',
      })
    })
  }

  it('may have nulls for all that is absent, and members that nobody knows', async () => {
    const client = hello()
    await invoke(greet, { client })
    const nulls = { ParentId: null, EndTimestamp: null, Future: { deep: [1] } }
    const Operations = client.ledger.records.map((record) => ({
      ...nulls,
      ...record,
      ...('StepDetails' in record
        ? { StepDetails: { ...record.StepDetails, Error: null, NextAttemptTimestamp: null } }
        : { ContextDetails: null, StepDetails: null, SubType: null, Name: null }),
    }))
    const event = client.event({
      InitialExecutionState: { Operations, NextMarker: null },
      UpdatedOperationIds: null,
      FutureMember: true,
    })

    expect(await invoke(greet, { client, event })).to.deep.equal({
      Status: 'SUCCEEDED',
      Result: '"Hello, Ada"',
    })
  })

  it('may hold operations of types and statuses that nobody knows', async () => {
    const client = hello()
    client.ledger.put({
      Id: 'x-1',
      Type: 'TELEPORT' as 'WAIT',
      Status: 'HOVERING' as 'STARTED',
      StartTimestamp: 0,
    })

    expect(await invoke(greet, { client })).to.have.property('Status', 'SUCCEEDED')
  })

  it('is what the workflow context tells of', async () => {
    const tell = function* (_input: unknown, context: object) {
      const { executionArn: arn, executionName, isReplaying } = context as Record<string, unknown>
      return [arn === executionArn, executionName, isReplaying]
    }

    expect(await invoke(tell)).to.deep.equal({
      Status: 'SUCCEEDED',
      Result: '[true,"order-7",false]',
    })
  })
})

describe('an event that did not come from the service', () => {
  const good = new ClientDouble().event() as Record<string, unknown>
  const table: { event: unknown; message: string }[] = [
    { event: undefined, message: 'Expected the event to be type, got undefined.' },
    { event: { detail: 1 }, message: 'Expected `DurableExecutionArn` to be text, got undefined.' },
    {
      event: { ...good, DurableExecutionArn: '' },
      message: 'Expected `DurableExecutionArn` to be text, got "" (string).',
    },
    {
      event: { ...good, CheckpointToken: 5 },
      message: 'Expected `CheckpointToken` to be text, got 5 (number).',
    },
    {
      event: { ...good, InitialExecutionState: { Operations: {} } },
      message: 'Expected `InitialExecutionState.Operations` to be array, got {} (object).',
    },
    {
      event: { ...good, InitialExecutionState: { Operations: [{ Id: '1', Type: 'STEP' }] } },
      message: 'Expected `InitialExecutionState.Operations.0.Status` to be text, got undefined.',
    },
  ]
  for (const { event, message } of table) {
    it(`is refused: ${message}`, async () => {
      const handler = createDriver({ client: new ClientDouble() }).lambdaHandler(greet)
      const error = await rejection(handler(event, {}))

      expect(error.code).to.equal('INVALID_ENVELOPE')
      expect(error.message).to.include(message)
    })
  }
})

describe('the client that a handler uses', () => {
  it('is the one that the event brings, where it brings one', async () => {
    const [own, brought] = [hello(), hello()]
    const event = { ...brought.event(), durableExecutionClient: brought }
    await invoke(greet, { client: own, event })

    expect([own.words, brought.words]).to.deep.equal([[], ['START 1, SUCCEED 1']])
  })

  it('is the driver’s where what the event brings is none', async () => {
    const client = hello()
    await invoke(greet, {
      client,
      event: client.event({ durableExecutionClient: { checkpoint: 1 } }),
    })

    expect(client.words).to.deep.equal(['START 1, SUCCEED 1'])
  })
})

describe('a service that fails', () => {
  const stale = serviceError('InvalidParameterValueException', 400, 'Invalid checkpoint token')
  const retried: [string, Error][] = [
    ['a stale token', stale],
    ['a server error', serviceError('ServiceException', 500)],
    ['a network error', new Error('socket hang up')],
  ]
  for (const [words, error] of retried) {
    it(`rejects the invocation, for Lambda to try again: ${words}`, async () => {
      const client = hello()
      client.script.push(error)
      const refusal = await rejection(invoke(greet, { client }))

      expect([refusal.code, refusal.cause]).to.deep.equal(['CHECKPOINT_FAILED', error])
    })
  }

  it('rejects the invocation where it throttles to the end of its time', async () => {
    const client = hello()
    client.script.push(serviceError('TooManyRequestsException', 429))
    const context = { getRemainingTimeInMillis: () => 50 }

    expect((await rejection(invoke(greet, { client, context }))).code).to.equal('CHECKPOINT_FAILED')
  })

  const fatal: [string, Error][] = [
    ['a refused update', serviceError('InvalidParameterValueException', 400, 'Invalid parent.')],
    ['a key that cannot be used', serviceError('KMSDisabledException', 502)],
  ]
  for (const [words, error] of fatal) {
    it(`fails the execution: ${words}`, async () => {
      const client = hello()
      client.script.push(error)
      const answer = await invoke(greet, { client })

      expect(answer).to.have.property('Status', 'FAILED')
      expect(answer).to.have.nested.property('Error.ErrorType', 'CheckpointError')
    })
  }

  it('rejects or fails as well when the state cannot be read', async () => {
    const event = { InitialExecutionState: { Operations: [], NextMarker: 'm1' } }
    const [down, refusing] = [hello(), hello()]
    down.listing.push(serviceError('ServiceException', 500))
    refusing.listing.push(serviceError('ValidationException', 400))

    expect(
      (await rejection(invoke(greet, { client: down, event: down.event(event) }))).code,
    ).to.equal('CHECKPOINT_FAILED')
    expect(
      await invoke(greet, { client: refusing, event: refusing.event(event) }),
    ).to.have.property('Status', 'FAILED')
  })

  it('is obeyed where it takes the token away: PENDING, and nothing more is said', async () => {
    const client = new ClientDouble()
    client.script.push({ NewExecutionState: { Operations: [] } })
    const two = function* () {
      yield* step('one', () => 1)
      yield* step('two', () => 2)
    }

    expect(await invoke(two, { client })).to.deep.equal({ Status: 'PENDING' })
    expect(client.words).to.have.length(1)
  })

  it('has no body begun after it has taken the token away', async () => {
    const client = new ClientDouble()
    client.script.push({})
    const words: string[] = []
    const once = function* () {
      yield* step('pay', () => words.push('paid'), { semantics: 'at-most-once' })
    }

    expect(await invoke(once, { client })).to.deep.equal({ Status: 'PENDING' })
    expect(words).to.deep.equal([])
  })

  it('rejects the invocation where its answer makes no sense', async () => {
    const client = hello()
    client.script.push({
      CheckpointToken: 't1',
      NewExecutionState: { Operations: [null as never] },
    })
    const outcome = invoke(greet, { client }).then(
      () => 'answered',
      () => 'rejected',
    )

    expect(await outcome).to.equal('rejected')
  })
})

describe('driver options that cannot be meant', () => {
  const table: [object, string][] = [
    [
      { checkpointing: 'lazy' },
      "Expected `checkpointing` to be 'eager' or 'batched' or 'optimistic', got \"lazy\" (string).",
    ],
    [
      { replayLogs: true },
      "Expected `replayLogs` to be 'suppress' or 'all' or 'errors' or 'warnings', got true (boolean).",
    ],
    [{ determinism: 'on' }, "Expected `determinism` to be 'off' or 'check', got \"on\" (string)."],
    [{ retry: '5s' }, 'Expected `retry` to be a function, got "5s" (string).'],
    [
      { serdes: { serialize: () => '' } },
      'Expected `serdes` to be an object with serialize and deserialize, got {} (object).',
    ],
    [
      { client: {} },
      'Expected `client` to be an object with checkpoint and getExecutionState, got {} (object).',
    ],
    [
      { log: { info() {} } },
      'Expected `log` to be an object with debug and info and warn and error, got {} (object).',
    ],
    [{ errors: Error }, 'Expected `errors` to be an array of error classes, got Error (function).'],
    [{ errors: [1] }, 'Expected `errors` to be an array of error classes, got an array of 1.'],
  ]
  for (const [options, message] of table) {
    it(`are refused at once: ${message}`, () => {
      expect(() => createDriver(options)).to.throw(PerdureError, message)
    })
  }

  it('are refused at once: a handler for no workflow', () => {
    expect(() => createDriver().lambdaHandler(undefined as never)).to.throw(
      PerdureError,
      'Expected `workflow` to be a generator function, got undefined.',
    )
  })
})
