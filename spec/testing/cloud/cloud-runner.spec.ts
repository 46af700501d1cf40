import type { Lambda, LambdaClient } from '@aws-sdk/client-lambda'
import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import {
  driver,
  isPerdureError,
  retry,
  step,
  text,
  wait,
  waitForCallback,
  type Workflow,
} from 'perdure'
import {
  cloudRunner,
  Embedded,
  expectGolden,
  run,
  type CloudCalls,
  type CloudClient,
  type CloudRunnerOptions,
} from 'perdure/testing'

// A deployed function is played by the emulated service, seen through a client such as the AWS SDK
// makes: bytes for payloads, pages for histories.

interface Call {
  readonly name: string
  readonly request: object
}

/** What goes wrong with a call, by its name, the first so many times. */
type Trouble = Partial<Record<keyof CloudCalls, { readonly times: number; readonly error: Error }>>

function cloud(workflow: Workflow<never>, pageItems = 1000, trouble: Trouble = {}) {
  const embedded = new Embedded({ limits: { pageItems } })
  embedded.register('orders', driver.lambdaHandler(workflow), { version: '3', aliases: ['live'] })
  embedded.register('plain', () => 'plain', { durable: false })
  const calls: Call[] = []
  const left = new Map(Object.entries(trouble).map(([name, { times }]) => [name, times]))
  const asked = <T>(name: keyof CloudCalls, request: object, answer: () => T): T => {
    calls.push({ name, request })
    const times = left.get(name) ?? 0
    left.set(name, times - 1)
    if (times > 0) throw trouble[name]?.error ?? new Error('trouble')
    return answer()
  }
  const { service } = embedded
  const client: CloudCalls = {
    invoke: async (request) =>
      asked('invoke', request, () =>
        service.invoke({ ...request, Payload: new TextDecoder().decode(request.Payload) }),
      ),
    getDurableExecution: async (request) =>
      asked('getDurableExecution', request, () => service.getDurableExecution(request)),
    getDurableExecutionHistory: async (request) =>
      asked('getDurableExecutionHistory', request, () =>
        service.getDurableExecutionHistory({ ...request, MaxItems: pageItems }),
      ),
    sendDurableExecutionCallbackSuccess: async (request) =>
      asked('sendDurableExecutionCallbackSuccess', request, () =>
        service.sendDurableExecutionCallbackSuccess({
          CallbackId: request.CallbackId,
          Result: request.Result && new TextDecoder().decode(request.Result),
        }),
      ),
    sendDurableExecutionCallbackFailure: async (request) =>
      asked('sendDurableExecutionCallbackFailure', request, () =>
        service.sendDurableExecutionCallbackFailure(request),
      ),
    sendDurableExecutionCallbackHeartbeat: async (request) =>
      asked('sendDurableExecutionCallbackHeartbeat', request, () =>
        service.sendDurableExecutionCallbackHeartbeat(request),
      ),
    stopDurableExecution: async (request) =>
      asked('stopDurableExecution', request, () => service.stopDurableExecution(request)),
  }
  const runner = (options: Partial<CloudRunnerOptions> = {}) =>
    cloudRunner({
      client,
      functionName: 'orders',
      qualifier: 'live',
      clock: embedded.clock,
      ...options,
    })
  return { client, calls, runner, service }
}

class Declined extends Error {}

function* order(id: string) {
  yield* step(
    'charge',
    ({ attempt }) => {
      if (attempt === 1) throw new Error('busy')
      return `ch_${id}`
    },
    { retry: retry.fixed({ delay: '10s', maxAttempts: 2 }) },
  )
  const answer = yield* waitForCallback<{ ok: boolean }>('approve', () => undefined, {
    timeout: '1h',
    heartbeatTimeout: '1m',
  })
  yield* wait('packing', '30s')
  if (!answer.ok) throw new Declined('not approved')
  return { id, answer }
}

const approved = { callbacks: { approve: { succeed: { ok: true }, after: '20s' } } } as const

describe('a cloud run', () => {
  it('ends with what a run on virtual time ends with', async () => {
    const { runner, calls } = cloud(order)
    const result = await runner().run('o-1', { ...approved, name: 'order-1' })

    expect(result.value).to.deep.equal({ id: 'o-1', answer: { ok: true } })
    expect(result.status).to.equal('SUCCEEDED')
    expect(result.operations().map(({ words, status, attempts }) => [words, status, attempts]))
      .to //
      .deep.equal([
        ['step "charge"', 'SUCCEEDED', 2],
        ['waitForCallback "approve"', 'SUCCEEDED', 0],
        ['callback', 'SUCCEEDED', 0],
        ['step', 'SUCCEEDED', 1],
        ['wait "packing"', 'SUCCEEDED', 0],
      ])
    expect(result.invocations.map(({ number, hasDied }) => [number, hasDied])).to.deep.equal([
      [1, false],
      [2, false],
      [3, false],
      [4, false],
    ])
    expect(result.print().split('\n')[0]).to.match(/^SUCCEEDED {2}\{.*\} {2}4 invocations {2}1m/)
    expect(calls[0]?.request).to.deep.include({
      FunctionName: 'orders',
      Qualifier: 'live',
      InvocationType: 'Event',
      DurableExecutionName: 'order-1',
    })
  })

  it('has the history that a run on virtual time has', async () => {
    const golden = new URL('golden/order.json', import.meta.url)
    expectGolden(await run(order, { ...approved, input: 'o-1' }), golden)
    expectGolden(await cloud(order).runner().run('o-1', approved), golden)
  })

  it('reads its history page by page, each event once', async () => {
    const whole = await cloud(order).runner().run('o-1', approved)
    const { runner, calls } = cloud(order, 2)
    const paged = await runner().run('o-1', approved)

    const types = ({ events }: typeof whole) => events.map(({ EventType }) => EventType)
    expect(types(paged)).to.deep.equal(types(whole))
    expect(paged.events.map(({ EventId }) => EventId)).to.deep.equal(
      [...Array(paged.events.length).keys()].map((number) => number + 1),
    )
    const markers = calls.flatMap(({ request }) => ('Marker' in request ? [request.Marker] : []))
    expect(new Set(markers).size).to.be.above(3)
  })

  it('lets callbacks be driven live', async () => {
    const execution = cloud(order).runner().start('o-1')
    const approval = await execution.callback('approve').waitFor()
    await approval.heartbeat()
    await approval.succeed({ ok: true })

    expect((await execution.result).status).to.equal('SUCCEEDED')
    expect(approval.result).to.deep.equal({ ok: true })
  })

  it('has callbacks fail, and time out on their heartbeat', async () => {
    const { runner } = cloud(order)
    const failed = await runner().run('a', { callbacks: { approve: { fail: new Error('no') } } })
    const timedOut = await runner().run('b', {
      callbacks: { approve: { heartbeat: '40s', after: '2m', timeout: true } },
    })

    expect(isPerdureError(failed.error, 'CALLBACK_FAILED')).to.equal(true)
    expect(isPerdureError(timedOut.error, 'CALLBACK_HEARTBEAT_TIMED_OUT')).to.equal(true)
  })

  it('rebuilds errors, and reads results, as the driver does', async () => {
    const { runner } = cloud(order)
    const declined = await runner({ driver: { errors: [Declined] } }).run('o-1', {
      callbacks: { approve: { succeed: { ok: false } } },
    })
    const read = await runner({
      driver: { serdes: { ...text, serialize: (input: unknown) => JSON.stringify(input) } },
    }).run('o-1', approved)

    expect(declined.error).to.be.an.instanceOf(Declined)
    expect(() => declined.value).to.throw(Declined, 'not approved')
    expect(read.value).to.equal('{"id":"o-1","answer":{"ok":true}}')
  })

  it('tells what an invocation died of', async () => {
    let deaths = 0
    const { runner } = cloud(function* () {
      yield* step('dies once', () => ((deaths += 1) > 1 ? deaths : process.exit(1)))
    })
    const { invocations } = await runner().run()

    expect(invocations.map(({ hasDied }) => hasDied)).to.deep.equal([true, false])
  })

  it('can be stopped', async () => {
    const execution = cloud(order).runner().start('o-1')
    await execution.callback('approve').waitFor()
    await execution.stop({ type: 'Enough', message: 'stop' })

    expect(await execution.result).to.include({ status: 'STOPPED' })
  })

  it('waits for an execution that the service does not know of yet, and bears being throttled', async () => {
    const named = (name: string) => Object.assign(new Error('try again'), { name })
    const early = cloud(order, 1000, {
      getDurableExecutionHistory: { times: 2, error: named('ResourceNotFoundException') },
    })
    const busy = cloud(order, 1000, {
      getDurableExecutionHistory: { times: 3, error: named('ThrottlingException') },
    })

    expect((await early.runner().run('o-1', approved)).status).to.equal('SUCCEEDED')
    expect((await busy.runner().run('o-1', approved)).status).to.equal('SUCCEEDED')
  })
})

describe('a cloud run that does not end well', () => {
  const failing = async (run: Promise<unknown>): Promise<unknown> =>
    run.then(
      () => expect.fail('it did'),
      (error: unknown) => error,
    )

  it('gives up when its time is over, and says what the execution waits for', async () => {
    const { runner, calls } = cloud(function* () {
      yield* waitForCallback('approve', () => undefined)
    })
    const error = await failing(runner({ timeout: '90s', pollInterval: '30s' }).run())

    expect(isPerdureError(error, 'RUN_TIMED_OUT')).to.equal(true)
    expect(error)
      .to.have.property('message')
      .that.matches(
        /^The execution has not ended within 90 seconds\. It waits for callback "approve" \(operation 1-1\)\.\nIt is still running: arn:/,
      )
    expect(calls.map(({ name }) => name)).to.deep.equal([
      'invoke',
      ...Array<string>(4).fill('getDurableExecutionHistory'),
    ])
  })

  it('says which call failed, with the name of the error', async () => {
    const cause = Object.assign(new Error('not you'), { name: 'AccessDeniedException' })
    const { runner } = cloud(order, 1000, {
      getDurableExecutionHistory: { times: 1, error: cause },
    })
    const error = await failing(runner().run('o-1'))

    expect(isPerdureError(error, 'SERVICE_CALL_FAILED')).to.equal(true)
    expect(error).to.include({
      message: 'GetDurableExecutionHistory failed: AccessDeniedException: not you',
      errorType: 'AccessDeniedException',
      cause,
    })
  })

  it('says so where there is no such function, or one that is not durable', async () => {
    const { runner } = cloud(order)
    const missing = await failing(runner({ functionName: 'missing' }).run())
    const plain = await failing(runner({ functionName: 'plain', qualifier: '$LATEST' }).run())

    expect(missing)
      .to.have.property('message')
      .that.matches(/^Invoke failed: Resource.*missing/)
    expect(plain).to.have.property('message').that.includes('without the ARN of an execution')
  })

  it('hands those who wait for an operation the same error', async () => {
    const { runner } = cloud(order)
    const execution = runner({ functionName: 'missing' }).start()
    const error = await failing(execution.callback('approve').waitFor())

    expect(isPerdureError(error, 'SERVICE_CALL_FAILED')).to.equal(true)
  })

  it('refuses a client that is none, and a function without a name', () => {
    const make = (options: object) => () =>
      cloudRunner({ client: {} as never, functionName: 'orders', ...options })

    expect(make({})).to.throw('Expected `client` to be a LambdaClient')
    expect(make({ client: { send: () => undefined }, functionName: '' })).to.throw('`functionName`')
  })
})

describe('the qualifier of a cloud run', () => {
  for (const { functionName, qualifier, asks } of [
    { functionName: 'orders', asks: '$LATEST' },
    { functionName: 'orders', qualifier: '3', asks: '3' },
    { functionName: 'orders:live', asks: undefined },
    { functionName: 'arn:aws:lambda:us-east-1:123456789012:function:orders', asks: '$LATEST' },
    { functionName: 'arn:aws:lambda:us-east-1:123456789012:function:orders:3', asks: undefined },
    { functionName: '123456789012:function:orders', asks: '$LATEST' },
  ]) {
    it(`is ${asks ?? 'left out'} for ${functionName} with ${qualifier ?? 'none'}`, async () => {
      const { client, calls } = cloud(order)
      const runner = cloudRunner({ client, functionName, ...(qualifier ? { qualifier } : {}) })
      await runner
        .start()
        .stop()
        .catch(() => undefined)

      expect((calls[0]?.request as { Qualifier?: string }).Qualifier).to.equal(asks)
    })
  }
})

describe('a cloud run by the client of the AWS SDK', () => {
  it('sends its commands, made when they are first needed', async () => {
    const { client, runner } = cloud(order)
    const sent: string[] = []
    const commands = {
      async send(command: { readonly input: never }) {
        const name = command.constructor.name.replace(/Command$/, '')
        sent.push(name)
        const verb = `${name.charAt(0).toLowerCase()}${name.slice(1)}` as keyof CloudCalls
        return client[verb](command.input)
      },
    }
    const result = await runner({ client: commands }).run('o-1', approved)

    expect(result.status).to.equal('SUCCEEDED')
    expect([...new Set(sent)]).to.deep.equal([
      'Invoke',
      'GetDurableExecutionHistory',
      'SendDurableExecutionCallbackSuccess',
      'GetDurableExecution',
    ])
  })

  it('takes a LambdaClient and a Lambda as they are', () => {
    expectTypeOf<LambdaClient>().toExtend<CloudClient>()
    expectTypeOf<Lambda>().toExtend<CloudClient>()
  })
})
