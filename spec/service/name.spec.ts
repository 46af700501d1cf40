import { expect } from 'chai'
import type { InvokeRequest } from '../../lib/service/api.ts'
import { ByHand, refusal, rest } from './by-hand.ts'

const already = 'DurableExecutionAlreadyStartedException'

function stageOf(...names: string[]): ByHand {
  const stage = new ByHand()
  for (const name of names) {
    stage.service.register({ name, durable: { retentionPeriodInDays: 2 } })
  }
  return stage
}

const order: InvokeRequest = {
  FunctionName: 'orders',
  InvocationType: 'Event',
  DurableExecutionName: 'order-1',
  Payload: '{"n":1}',
}

describe('an execution without a name', () => {
  it('is always a new one', async () => {
    const stage = stageOf('orders')
    const { DurableExecutionName: _none, ...nameless } = order
    const one = await stage.service.invoke(nameless)
    const other = await stage.service.invoke(nameless)
    expect(one.DurableExecutionArn).not.to.equal(other.DurableExecutionArn)
    const { DurableExecutionName } = await stage.service.getDurableExecution({
      DurableExecutionArn: one.DurableExecutionArn ?? '',
    })
    expect(DurableExecutionName).to.match(/^[0-9a-f-]{36}$/)
  })
})

describe('an execution with a name', () => {
  it('carries it in its ARN', async () => {
    const { DurableExecutionArn, StatusCode } = await stageOf('orders').service.invoke(order)
    expect(StatusCode).to.equal(202)
    expect(DurableExecutionArn).to.match(
      /^arn:aws:lambda:us-east-1:123456789012:function:orders:\$LATEST\/durable-execution\/order-1\/[0-9a-f-]{36}$/,
    )
  })

  it('is the same one for the same payload, while it runs and after', async () => {
    const stage = stageOf('orders')
    const first = await stage.service.invoke(order)
    expect(await stage.service.invoke(order)).to.deep.equal(first)
    const attached = stage.service.invoke({ ...order, InvocationType: 'RequestResponse' })
    const invocation = await stage.latest()
    await invocation.succeed('"paid"')
    expect(await attached).to.deep.equal({
      ...first,
      StatusCode: 200,
      RequestId: invocation.request.requestId,
      Payload: '"paid"',
    })
    expect(
      await stage.service.invoke({ ...order, InvocationType: 'RequestResponse' }),
    ).to.deep.equal(await attached)
    expect(stage.invocations).to.have.length(1)
  })

  it('is refused for another payload or function, while it runs and after', async () => {
    const stage = stageOf('orders', 'refunds')
    await stage.service.invoke(order)
    const others = [
      { ...order, Payload: '{"n":2}' },
      { ...order, Payload: undefined },
      { ...order, FunctionName: 'refunds' },
    ]
    for (const other of others)
      expect(await refusal(stage.service.invoke(other))).to.include(already)
    await (await stage.latest()).succeed()
    for (const other of others)
      expect(await refusal(stage.service.invoke(other))).to.include(already)
  })

  it('is forgotten when its retention is over, and its name is free', async () => {
    const stage = stageOf('orders')
    const { DurableExecutionArn = '' } = await stage.service.invoke(order)
    await (await stage.latest()).succeed()
    await stage.pass(2 * 86_400 - 1)
    expect(await stage.status(DurableExecutionArn)).to.equal('SUCCEEDED')
    await stage.pass(1)
    for (const call of [
      stage.service.getDurableExecution({ DurableExecutionArn }),
      stage.service.getDurableExecutionHistory({ DurableExecutionArn }),
      stage.service.stopDurableExecution({ DurableExecutionArn }),
      stage.service.ended(DurableExecutionArn),
    ]) {
      expect(await refusal(call)).to.include('ResourceNotFoundException')
    }
    const again = await stage.service.invoke({ ...order, Payload: '{"n":2}' })
    expect(again.DurableExecutionArn).not.to.equal(DurableExecutionArn)
    const { DurableExecutions } = await stage.service.listDurableExecutionsByFunction({
      FunctionName: 'orders',
    })
    expect(DurableExecutions).to.have.length(1)
  })

  for (const name of ['', 'a b', 'n'.repeat(65)]) {
    it(`cannot be called ${JSON.stringify(name)}`, async () => {
      const call = stageOf('orders').service.invoke({ ...order, DurableExecutionName: name })
      expect(await refusal(call)).to.include("at 'durableExecutionName'")
    })
  }
})

describe('an invoke', () => {
  it('of a plain function answers with what it returned', async () => {
    const stage = new ByHand()
    stage.service.register({ name: 'price', timeoutSeconds: 3 })
    const call = stage.service.invoke({ FunctionName: 'price', Payload: '{"n":1}', TenantId: 'me' })
    const { request, ...invocation } = await stage.latest()
    expect(request).to.deep.include({ durable: false, event: { n: 1 }, tenantId: 'me', attempt: 1 })
    expect(request).not.to.have.property('executionArn')
    expect(invocation.token).to.equal('')
    await (await stage.latest()).answer({ total: 7 })
    expect(await call).to.deep.equal({
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      RequestId: request.requestId,
      Payload: '{"total":7}',
    })
  })

  it('of a plain function that throws answers with the error', async () => {
    const stage = new ByHand()
    stage.service.register({ name: 'price' })
    const call = stage.service.invoke({ FunctionName: 'price' })
    await (await stage.latest()).throw(new RangeError('too many'))
    const { FunctionError, Payload = '' } = await call
    expect(FunctionError).to.equal('Unhandled')
    expect(JSON.parse(Payload)).to.deep.equal({ errorType: 'RangeError', errorMessage: 'too many' })
  })

  it('of a plain function takes no execution name', async () => {
    const stage = new ByHand()
    stage.service.register({ name: 'orders' })
    expect(await refusal(stage.service.invoke(order))).to.include('InvalidParameterValueException')
  })

  it('answers the error of an execution that failed', async () => {
    const stage = stageOf('orders')
    const call = stage.service.invoke({ FunctionName: 'orders' })
    const Error = { ErrorType: 'Broken', ErrorMessage: 'it broke', ErrorData: '{}' }
    await (await stage.latest()).answer({ Status: 'FAILED', Error })
    const { FunctionError, Payload = '' } = await call
    expect(FunctionError).to.equal('Unhandled')
    expect(JSON.parse(Payload)).to.deep.equal({
      errorType: 'Broken',
      errorMessage: 'it broke',
      errorData: '{}',
    })
  })

  it('that is dry runs nothing', async () => {
    const stage = stageOf('orders')
    expect(await stage.service.invoke({ ...order, InvocationType: 'DryRun' })).to.deep.equal({
      StatusCode: 204,
      ExecutedVersion: '$LATEST',
    })
    await rest()
    expect(stage.invocations).to.deep.equal([])
  })

  it('takes any JSON, and nothing else', async () => {
    const stage = stageOf('orders')
    for (const Payload of ['"World"', '1', 'null', '[]']) {
      await stage.service.invoke({ FunctionName: 'orders', InvocationType: 'Event', Payload })
      const [execution] = (await stage.latest()).envelope.InitialExecutionState.Operations
      expect(execution).to.have.nested.property('ExecutionDetails.InputPayload', Payload)
    }
    const { length } = stage.invocations
    const bad = stage.service.invoke({ FunctionName: 'orders', Payload: '{"n":' })
    expect(await refusal(bad)).to.include('InvalidRequestContentException')
    await rest()
    expect(stage.invocations).to.have.length(length)
  })

  it('refuses an input over the limit, which is lower when nobody waits', async () => {
    const stage = new ByHand({ limits: { executionPayloadBytes: 20, eventPayloadBytes: 10 } })
    stage.service.register({ name: 'orders', durable: {} })
    const call = (InvocationType: 'RequestResponse' | 'Event', length: number) =>
      stage.service.invoke({
        FunctionName: 'orders',
        InvocationType,
        Payload: JSON.stringify('x'.repeat(length - 2)),
      })
    expect(await refusal(call('RequestResponse', 21))).to.include('RequestTooLargeException')
    expect(await refusal(call('Event', 11))).to.include('RequestTooLargeException')
    expect(await call('Event', 10)).to.include({ StatusCode: 202 })
  })
})

describe('a function', () => {
  const arn = 'arn:aws:lambda:us-east-1:123456789012:function:orders'
  const names = {
    orders: '$LATEST',
    'orders:$LATEST': '$LATEST',
    'orders:3': '3',
    'function:orders:3': '3',
    '123456789012:function:orders': '$LATEST',
    [arn]: '$LATEST',
    [`${arn}:3`]: '3',
  }
  for (const [name, version] of Object.entries(names)) {
    it(`is found as ${name}`, async () => {
      const stage = stageOf('orders')
      stage.service.register({ name: 'orders', version: '3', durable: {} })
      const called = await stage.service.invoke({ FunctionName: name, InvocationType: 'Event' })
      expect(called.ExecutedVersion).to.equal(version)
      expect((await stage.latest()).request.version).to.equal(version)
    })
  }

  it('without $LATEST is the version that was registered last', async () => {
    const stage = new ByHand()
    for (const version of ['1', '2']) stage.service.register({ name: 'f', version, durable: {} })
    const { ExecutedVersion } = await stage.service.invoke({
      FunctionName: 'f',
      InvocationType: 'Event',
    })
    expect(ExecutedVersion).to.equal('2')
  })

  const refused: [Partial<InvokeRequest>, string][] = [
    [
      { FunctionName: 'none' },
      `ResourceNotFoundException: Function not found: ${arn.replace('orders', 'none')}`,
    ],
    [{ FunctionName: 'orders:4' }, `ResourceNotFoundException: Function not found: ${arn}:4`],
    [{ Qualifier: '4' }, 'ResourceNotFoundException'],
    [{ FunctionName: 'orders:3', Qualifier: '4' }, 'does not match the specified qualifier'],
    [{ FunctionName: arn.replace('123456789012', '210987654321') }, 'in another account'],
    [{ FunctionName: arn.replace('us-east-1', 'eu-west-1') }, 'in another region'],
    [{ FunctionName: 'arn:aws:s3:::bucket' }, "Invalid function ARN 'arn:aws:s3:::bucket'"],
    [{ FunctionName: '' }, "Invalid function ARN ''"],
    [{ TenantId: '#' }, "at 'tenantId'"],
  ]
  for (const [change, because] of refused) {
    it(`is refused for ${JSON.stringify(change)}`, async () => {
      const call = stageOf('orders').service.invoke({ ...order, ...change })
      expect(await refusal(call)).to.include(because)
    })
  }

  it('has to say which version it means, where the service asks for it as Lambda does', async () => {
    const stage = new ByHand({ needsQualifier: true })
    stage.service.register({ name: 'orders', durable: {} })
    stage.service.register({ name: 'plain' })

    expect(await refusal(stage.service.invoke(order))).to.include('using an unqualified ARN')
    for (const change of [
      { Qualifier: '$LATEST' },
      { FunctionName: 'orders:$LATEST' },
      { FunctionName: `${arn}:$LATEST` },
    ]) {
      expect((await stage.service.invoke({ ...order, ...change })).StatusCode).to.equal(202)
    }
    const plain = { FunctionName: 'plain', InvocationType: 'Event' } as const
    expect((await stage.service.invoke(plain)).StatusCode).to.equal(202)
  })

  const wrong = [
    { name: 'no spaces' },
    { name: 'f', version: 'prod' },
    { name: 'f', timeoutSeconds: 901 },
    { name: 'f', timeoutSeconds: 0 },
    { name: 'f', durable: { executionTimeoutSeconds: 31_622_401 } },
    { name: 'f', durable: { retentionPeriodInDays: 91 } },
  ]
  for (const settings of wrong) {
    it(`cannot be registered as ${JSON.stringify(settings)}`, () => {
      expect(() => new ByHand().service.register(settings)).to.throw(Error, /Invalid|Expected/)
    })
  }
})
