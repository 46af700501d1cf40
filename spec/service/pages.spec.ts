import { expect } from 'chai'
import type { OperationUpdate } from '../../lib/journal/update.ts'
import type { ExecutionStatus, ListRequest } from '../../lib/service/api.ts'
import { ByHand, refusal, shown, type HandledInvocation } from './by-hand.ts'
import { endContext, endStep, startCallback, startContext, startStep } from './updates.ts'

/** Every page of state, as the engine asks for them. */
async function pages(
  stage: ByHand,
  invocation: HandledInvocation,
  MaxItems?: number,
): Promise<string[][]> {
  const found: string[][] = []
  let Marker: string | undefined = invocation.envelope.InitialExecutionState.NextMarker
  do {
    const page = await stage.service.getDurableExecutionState({
      DurableExecutionArn: invocation.arn,
      CheckpointToken: invocation.token,
      Marker,
      ...(MaxItems === undefined ? {} : { MaxItems }),
    })
    found.push(shown(page.Operations))
    Marker = page.NextMarker
  } while (Marker !== undefined)
  return found
}

/** The second invocation of an execution whose first one sent `updates`. */
async function second(stage: ByHand, ...updates: OperationUpdate[]): Promise<HandledInvocation> {
  const first = await stage.start({}, '"input"')
  await first.update(...updates)
  await first.crash()
  return stage.latest()
}

const five = ['1', '2', '3', '4', '5'].map((id) => endStep(id, '"result"'))

describe('the event of an invocation', () => {
  it('holds so many operations, and a marker for the rest', async () => {
    const stage = new ByHand({ limits: { envelopeItems: 3 } })
    const invocation = await second(stage, ...five)
    expect(invocation.operations).to.deep.equal(['1 SUCCEEDED', '2 SUCCEEDED'])
    expect(await pages(stage, invocation)).to.deep.equal([
      ['3 SUCCEEDED', '4 SUCCEEDED', '5 SUCCEEDED'],
    ])
    expect(await pages(stage, invocation, 2)).to.deep.equal([
      ['3 SUCCEEDED', '4 SUCCEEDED'],
      ['5 SUCCEEDED'],
    ])
  })

  it('stays within its bytes', async () => {
    const stage = new ByHand({ limits: { envelopeBytes: 700, pageBytes: 500 } })
    const invocation = await second(stage, ...five)
    const { Operations } = invocation.envelope.InitialExecutionState
    expect(Operations.length).to.be.within(2, 4)
    expect(Buffer.byteLength(JSON.stringify(Operations))).to.be.at.most(700)
    const rest = await pages(stage, invocation)
    expect([...invocation.operations, ...rest.flat()]).to.deep.equal(
      five.map(({ Id }) => `${Id} SUCCEEDED`),
    )
  })

  it('stays within its bytes when a record has grown', async () => {
    const stage = new ByHand({ limits: { envelopeBytes: 1000 } })
    const invocation = await second(stage, startStep('1'), startStep('2'))
    expect(invocation.operations).to.have.length(2)
    await invocation.update(endStep('1', JSON.stringify('x'.repeat(900))))
    await invocation.crash()
    const third = await stage.latest()
    expect(third.operations).to.deep.equal([])
    expect((await pages(stage, third)).flat()).to.deep.equal(['1 SUCCEEDED', '2 STARTED'])
  })

  it('holds not even the execution itself when the input is too large', async () => {
    const stage = new ByHand({ limits: { envelopeBytes: 1000, pageBytes: 1000 } })
    const invocation = await stage.start({}, JSON.stringify('x'.repeat(2000)))
    expect(invocation.envelope.InitialExecutionState.Operations).to.deep.equal([])
    const { Operations, NextMarker } = await stage.service.getDurableExecutionState({
      DurableExecutionArn: invocation.arn,
      CheckpointToken: invocation.token,
      Marker: invocation.envelope.InitialExecutionState.NextMarker,
      MaxItems: 1000,
    })
    expect(Operations.map(({ Type }) => Type)).to.deep.equal(['EXECUTION'])
    expect(NextMarker).to.equal(undefined)
  })

  it('of the largest input that Lambda takes is still whole, page by page', async () => {
    const stage = new ByHand()
    stage.service.register({ name: 'orders', durable: {} })
    const Payload = JSON.stringify('x'.repeat(6 * 1024 * 1024 - 2))
    void stage.service.invoke({ FunctionName: 'orders', Payload })
    const invocation = await stage.latest()
    expect(invocation.envelope.InitialExecutionState.Operations).to.deep.equal([])
    const { Operations } = await stage.service.getDurableExecutionState({
      DurableExecutionArn: invocation.arn,
      CheckpointToken: invocation.token,
      Marker: invocation.envelope.InitialExecutionState.NextMarker,
    })
    const [execution] = Operations
    expect(execution?.Type === 'EXECUTION' && execution.ExecutionDetails?.InputPayload).to.equal(
      Payload,
    )
  })
})

describe('the state of an execution', () => {
  it('comes with times as dates, a hundred at a time', async () => {
    const stage = new ByHand()
    const invocation = await stage.start()
    await invocation.update(...Array.from({ length: 150 }, (_, index) => endStep(`${index}`)))
    const state = await stage.service.getDurableExecutionState({
      DurableExecutionArn: invocation.arn,
      CheckpointToken: invocation.token,
    })
    expect(state.Operations).to.have.length(100)
    expect(state.Operations[0]?.StartTimestamp).to.deep.equal(new Date('2026-01-01T00:00:00Z'))
  })

  it('is for the invocation in flight, with any of its tokens', async () => {
    const stage = new ByHand()
    const invocation = await stage.start()
    const read = (CheckpointToken: string) =>
      stage.service.getDurableExecutionState({
        DurableExecutionArn: invocation.arn,
        CheckpointToken,
      })
    const { token } = invocation
    await invocation.update(startCallback('1'))
    expect(shown((await read(token)).Operations)).to.deep.equal(['1 STARTED'])
    expect(shown((await read(invocation.token)).Operations)).to.deep.equal(['1 STARTED'])
    const [spent = ''] = Buffer.from(token, 'base64').toString().split('.')
    const future = Buffer.from(`${spent}.7`).toString('base64')
    for (const wrong of ['', 'nonsense', future, undefined as unknown as string]) {
      expect(await refusal(read(wrong))).to.include('Invalid checkpoint token')
    }
    await invocation.pending()
    expect(await refusal(read(token))).to.include('Invalid checkpoint token')
  })
})

describe('the children of a context that has ended', () => {
  const family = [
    startContext('1'),
    startStep('1-1', { ParentId: '1' }),
    startContext('1-2', { ParentId: '1' }),
    startStep('1-2-1', { ParentId: '1-2' }),
    startStep('2'),
  ]
  const ReplayChildren = { ContextOptions: { ReplayChildren: true } }

  it('are no longer shown', async () => {
    const stage = new ByHand()
    const invocation = await second(stage, ...family)
    await invocation.update(endContext('1-2'), endContext('1', '"small"'))
    expect(await pages(stage, invocation)).to.deep.equal([['1 SUCCEEDED', '2 STARTED']])
    await invocation.crash()
    expect((await stage.latest()).operations).to.deep.equal(['1 SUCCEEDED', '2 STARTED'])
    expect(await stage.history(invocation.arn)).to.include('5 StepStarted 1-2-1')
  })

  it('nor when it failed', async () => {
    const stage = new ByHand()
    const invocation = await second(stage, ...family)
    await invocation.update({ Id: '1', Type: 'CONTEXT', Action: 'FAIL', Error: {} })
    await invocation.crash()
    expect((await stage.latest()).operations).to.deep.equal(['1 FAILED', '2 STARTED'])
  })

  it('are shown if it asks for a replay, but not those of a context within that does not', async () => {
    const stage = new ByHand()
    const invocation = await second(stage, ...family)
    await invocation.update(endContext('1-2'), endContext('1', '', ReplayChildren))
    await invocation.crash()
    const third = await stage.latest()
    expect(third.operations).to.deep.equal([
      '1 SUCCEEDED',
      '1-1 STARTED',
      '1-2 SUCCEEDED',
      '2 STARTED',
    ])
    expect(third.envelope.InitialExecutionState.Operations[1]).to.deep.include({
      ContextDetails: { ReplayChildren: true, Result: '' },
    })
  })

  it('are not shown if they come late', async () => {
    const stage = new ByHand()
    const invocation = await second(stage, startContext('1'), endContext('1'))
    expect(await invocation.update(startStep('1-1', { ParentId: '1' }))).to.deep.equal([
      '1-1 STARTED',
    ])
    await invocation.crash()
    expect((await stage.latest()).operations).to.deep.equal(['1 SUCCEEDED'])
  })
})

describe('the list of executions', () => {
  /** Five executions, a minute apart: 0 and 1 succeeded, 2 failed, 3 was stopped, 4 runs. */
  async function five(): Promise<ByHand> {
    const stage = new ByHand()
    stage.service.register({ name: 'orders', durable: {} })
    stage.service.register({ name: 'refunds', durable: {} })
    await stage.service.invoke({ FunctionName: 'refunds', InvocationType: 'Event' })
    for (let index = 0; index < 5; index += 1) {
      await stage.service.invoke({
        FunctionName: 'orders',
        InvocationType: 'Event',
        DurableExecutionName: `order-${index}`,
      })
      const latest = await stage.latest()
      if (index < 2) await latest.succeed()
      if (index === 2) await latest.answer({ Status: 'FAILED' })
      if (index === 3) await stage.service.stopDurableExecution({ DurableExecutionArn: latest.arn })
      await stage.pass(60)
    }
    return stage
  }

  const cases: [Partial<ListRequest>, string[]][] = [
    [{}, ['order-4', 'order-3', 'order-2', 'order-1', 'order-0']],
    [{ ReverseOrder: true }, ['order-0', 'order-1', 'order-2', 'order-3', 'order-4']],
    [{ Statuses: ['SUCCEEDED', 'STOPPED'] }, ['order-3', 'order-1', 'order-0']],
    [{ Statuses: [] as ExecutionStatus[], MaxItems: 2 }, ['order-4', 'order-3']],
    [{ DurableExecutionName: 'order-2' }, ['order-2']],
    [{ StartedAfter: new Date('2026-01-01T00:01:00Z') }, ['order-4', 'order-3', 'order-2']],
    [{ StartedBefore: new Date('2026-01-01T00:01:00Z') }, ['order-0']],
    [{ Qualifier: '$LATEST', MaxItems: 1 }, ['order-4']],
    [{ FunctionName: 'refunds', DurableExecutionName: 'order-1' }, []],
  ]
  for (const [request, names] of cases) {
    it(`for ${JSON.stringify(request)} is ${names.join(', ') || 'empty'}`, async () => {
      const { service } = await five()
      const { DurableExecutions } = await service.listDurableExecutionsByFunction({
        FunctionName: 'orders',
        ...request,
      })
      expect(DurableExecutions.map((one) => one.DurableExecutionName)).to.deep.equal(names)
    })
  }

  it('says of each what it is', async () => {
    const { service } = await five()
    const { DurableExecutions } = await service.listDurableExecutionsByFunction({
      FunctionName: 'orders',
      DurableExecutionName: 'order-2',
    })
    const [{ DurableExecutionArn, ...one } = { DurableExecutionArn: '' }] = DurableExecutions
    expect(DurableExecutionArn).to.include('/durable-execution/order-2/')
    expect(one).to.deep.equal({
      DurableExecutionName: 'order-2',
      FunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:orders:$LATEST',
      Status: 'FAILED',
      StartTimestamp: new Date('2026-01-01T00:02:00Z'),
      EndTimestamp: new Date('2026-01-01T00:02:00Z'),
    })
  })

  for (const ReverseOrder of [false, true]) {
    it(`comes in pages that newcomers do not shift, ${ReverseOrder ? 'oldest' : 'newest'} first`, async () => {
      const { service } = await five()
      const names: string[][] = []
      let Marker: string | undefined
      do {
        const page = await service.listDurableExecutionsByFunction({
          FunctionName: 'orders',
          MaxItems: 2,
          ReverseOrder,
          StartedBefore: new Date('2026-01-01T00:05:00Z'),
          Marker,
        })
        names.push(page.DurableExecutions.map((one) => one.DurableExecutionName))
        Marker = page.NextMarker
        await service.invoke({ FunctionName: 'orders', InvocationType: 'Event' })
      } while (Marker !== undefined)
      expect(names).to.deep.equal(
        ReverseOrder
          ? [['order-0', 'order-1'], ['order-2', 'order-3'], ['order-4']]
          : [['order-4', 'order-3'], ['order-2', 'order-1'], ['order-0']],
      )
    })
  }

  it('of a function that is not there is refused', async () => {
    const { service } = await five()
    const call = service.listDurableExecutionsByFunction({ FunctionName: 'none' })
    expect(await refusal(call)).to.include('ResourceNotFoundException')
  })
})
