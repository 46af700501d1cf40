import { expect } from 'chai'
import { ByHand, refusal, type HandledInvocation } from './by-hand.ts'
import {
  cancelWait,
  endContext,
  endStep,
  failStep,
  pollAgain,
  retryStep,
  startCallback,
  startContext,
  startStep,
  startWait,
} from './updates.ts'

/** An execution that has been through a little of everything, and its end. */
async function eventful(): Promise<{ stage: ByHand; invocation: HandledInvocation }> {
  const stage = new ByHand()
  const invocation = await stage.start({ durable: { executionTimeoutSeconds: 300 } }, '"World"')
  await invocation.update(
    startContext('1', { Name: 'order' }),
    startStep('1-1', { ParentId: '1', Name: 'charge' }),
    retryStep('1-1', 3),
    startStep('1-2', { ParentId: '1', SubType: 'WaitForCondition' }),
    pollAgain('1-2', 4, '1'),
    startWait('2', 60),
    startCallback('3', { TimeoutSeconds: 70 }),
    startStep('4'),
    failStep('4'),
  )
  await invocation.update(cancelWait('2'), endContext('1'))
  await invocation.answer({ Status: 'FAILED', Error: { ErrorType: 'Broken' } })
  return { stage, invocation }
}

const ARN = (invocation: HandledInvocation) => ({ DurableExecutionArn: invocation.arn })

describe('the history of an execution', () => {
  it('tells each event with its operation and its details', async () => {
    const { stage, invocation } = await eventful()
    const { Events, NextMarker } = await stage.service.getDurableExecutionHistory(ARN(invocation))
    const EventTimestamp = new Date('2026-01-01T00:00:00Z')
    const Error = { Payload: { ErrorType: 'Broken', ErrorMessage: 'it broke' }, Truncated: false }
    const charge = { Id: '1-1', ParentId: '1', Name: 'charge', SubType: 'Step' }
    const poll = { Id: '1-2', ParentId: '1', SubType: 'WaitForCondition' }
    const order = { Id: '1', Name: 'order', SubType: 'RunInChildContext' }
    const { CallbackId } = Events[7]?.CallbackStartedDetails ?? {}
    const { RequestId } = Events[12]?.InvocationCompletedDetails ?? {}
    expect(NextMarker).to.equal(undefined)
    expect(Events).to.deep.equal(
      [
        {
          EventType: 'ExecutionStarted',
          Id: invocation.arn.split('/').at(-1),
          ExecutionStartedDetails: {
            Input: { Payload: '"World"', Truncated: false },
            ExecutionTimeout: 300,
          },
        },
        { EventType: 'ContextStarted', ...order, ContextStartedDetails: {} },
        { EventType: 'StepStarted', ...charge, StepStartedDetails: {} },
        {
          EventType: 'StepFailed',
          ...charge,
          StepFailedDetails: {
            Error,
            RetryDetails: { CurrentAttempt: 1, NextAttemptDelaySeconds: 3 },
          },
        },
        { EventType: 'StepStarted', ...poll, StepStartedDetails: {} },
        {
          EventType: 'StepSucceeded',
          ...poll,
          StepSucceededDetails: {
            Result: { Payload: '1', Truncated: false },
            RetryDetails: { CurrentAttempt: 1, NextAttemptDelaySeconds: 4 },
          },
        },
        {
          EventType: 'WaitStarted',
          Id: '2',
          SubType: 'Wait',
          WaitStartedDetails: {
            Duration: 60,
            ScheduledEndTimestamp: new Date('2026-01-01T00:01:00Z'),
          },
        },
        {
          EventType: 'CallbackStarted',
          Id: '3',
          SubType: 'Callback',
          CallbackStartedDetails: { CallbackId, Timeout: 70 },
        },
        { EventType: 'StepStarted', Id: '4', SubType: 'Step', StepStartedDetails: {} },
        {
          EventType: 'StepFailed',
          Id: '4',
          SubType: 'Step',
          StepFailedDetails: { Error, RetryDetails: { CurrentAttempt: 1 } },
        },
        { EventType: 'WaitCancelled', Id: '2', SubType: 'Wait', WaitCancelledDetails: {} },
        {
          EventType: 'ContextSucceeded',
          ...order,
          ContextSucceededDetails: { Result: { Truncated: false } },
        },
        {
          EventType: 'InvocationCompleted',
          InvocationCompletedDetails: {
            StartTimestamp: EventTimestamp,
            EndTimestamp: EventTimestamp,
            RequestId,
          },
        },
        {
          EventType: 'ExecutionFailed',
          Id: invocation.arn.split('/').at(-1),
          ExecutionFailedDetails: {
            Error: { Payload: { ErrorType: 'Broken' }, Truncated: false },
          },
        },
      ].map((one, index) => ({ EventId: index + 1, EventTimestamp, ...one })),
    )
    expect(RequestId).to.equal(invocation.request.requestId)
    expect(CallbackId).to.be.a('string')
  })

  it('leaves out payloads on demand', async () => {
    const { stage, invocation } = await eventful()
    const { Events } = await stage.service.getDurableExecutionHistory({
      ...ARN(invocation),
      IncludeExecutionData: false,
    })
    expect(Events[0]?.ExecutionStartedDetails?.Input).to.deep.equal({ Truncated: true })
    expect(Events[3]?.StepFailedDetails?.Error).to.deep.equal({ Truncated: true })
    expect(Events[5]?.StepSucceededDetails).to.deep.equal({
      Result: { Truncated: true },
      RetryDetails: { CurrentAttempt: 1, NextAttemptDelaySeconds: 4 },
    })
    expect(JSON.stringify(Events)).not.to.include('it broke')
    expect(JSON.stringify(Events)).not.to.include('World')
  })

  it('comes in pages, either way round', async () => {
    const { stage, invocation } = await eventful()
    const walk = async (ReverseOrder: boolean) => {
      const ids: number[][] = []
      let Marker: string | undefined
      do {
        const page = await stage.service.getDurableExecutionHistory({
          ...ARN(invocation),
          ReverseOrder,
          MaxItems: 6,
          Marker,
        })
        ids.push(page.Events.map(({ EventId }) => EventId))
        Marker = page.NextMarker
      } while (Marker !== undefined)
      return ids
    }
    expect(await walk(false)).to.deep.equal([
      [1, 2, 3, 4, 5, 6],
      [7, 8, 9, 10, 11, 12],
      [13, 14],
    ])
    expect(await walk(true)).to.deep.equal([
      [14, 13, 12, 11, 10, 9],
      [8, 7, 6, 5, 4, 3],
      [2, 1],
    ])
  })

  it('ends a page that is just full without a marker', async () => {
    const { stage, invocation } = await eventful()
    const page = await stage.service.getDurableExecutionHistory({
      ...ARN(invocation),
      MaxItems: 14,
    })
    expect(page.Events).to.have.length(14)
    expect(page).not.to.have.property('NextMarker')
  })

  it('refuses pages and executions there cannot be', async () => {
    const { stage, invocation } = await eventful()
    const call = (change: object) =>
      refusal(stage.service.getDurableExecutionHistory({ ...ARN(invocation), ...change }))
    expect(await call({ MaxItems: 1001 })).to.include('MaxItems must be an integer from 0 to 1000.')
    expect(await call({ MaxItems: -1 })).to.include('MaxItems')
    expect(await call({ Marker: 'nonsense' })).to.include('Invalid marker')
    expect(await call({ DurableExecutionArn: 'x' })).to.include('Invalid Durable Execution ARN')
    expect(await call({ DurableExecutionArn: `${invocation.arn}0` })).to.include(
      'ResourceNotFoundException',
    )
  })
})

describe('the description of an execution', () => {
  it('says what it is, and how it ended', async () => {
    const { stage, invocation } = await eventful()
    const described = await stage.service.getDurableExecution(ARN(invocation))
    expect(described).to.deep.equal({
      DurableExecutionArn: invocation.arn,
      DurableExecutionName: invocation.arn.split('/')[2],
      FunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:orders:$LATEST',
      Version: '$LATEST',
      Status: 'FAILED',
      StartTimestamp: new Date('2026-01-01T00:00:00Z'),
      EndTimestamp: new Date('2026-01-01T00:00:00Z'),
      InputPayload: '"World"',
      Error: { ErrorType: 'Broken' },
      ExecutionDataIncluded: true,
      DurableConfig: { ExecutionTimeout: 300, RetentionPeriodInDays: 14 },
    })
    const bare = await stage.service.getDurableExecution({
      ...ARN(invocation),
      IncludeExecutionData: false,
    })
    expect(bare).to.include({ Status: 'FAILED', ExecutionDataIncluded: false })
    expect(bare).not.to.have.any.keys('InputPayload', 'Error')
  })

  it('shows no input as null', async () => {
    const stage = new ByHand()
    const invocation = await stage.start()
    expect(await stage.service.getDurableExecution(ARN(invocation))).to.include({
      InputPayload: 'null',
      Status: 'RUNNING',
    })
    expect(invocation.envelope.InitialExecutionState.Operations[0]).to.deep.include({
      ExecutionDetails: {},
    })
  })
})

describe('a stopped execution', () => {
  it('ends at once, with its operations as they were', async () => {
    const stage = new ByHand()
    const invocation = await stage.start()
    await invocation.update(startStep('1'), startWait('2', 5), endStep('3'))
    await stage.pass(1)
    const stopped = await stage.service.stopDurableExecution({
      ...ARN(invocation),
      Error: { ErrorMessage: 'enough' },
    })
    expect(stopped).to.deep.equal({ StopTimestamp: new Date('2026-01-01T00:00:01Z') })
    await stage.service.ended(invocation.arn)
    expect(stage.clock.pending).to.equal(0)
    await stage.pass(5)
    expect(await refusal(invocation.checkpoint(endStep('1')))).to.include(
      'Invalid checkpoint token',
    )
    await invocation.succeed('"too late"')
    expect(await stage.service.getDurableExecution(ARN(invocation))).to.deep.include({
      Status: 'STOPPED',
      Error: { ErrorMessage: 'enough' },
    })
    expect((await stage.history(invocation.arn)).slice(4)).to.deep.equal([
      '5 InvocationCompleted',
      '6 ExecutionStopped',
    ])

    await stage.pass(60)
    expect(await stage.service.stopDurableExecution(ARN(invocation))).to.deep.equal(stopped)
  })

  it('answers whoever waits for it', async () => {
    const stage = new ByHand()
    stage.service.register({ name: 'orders', durable: {} })
    const call = stage.service.invoke({ FunctionName: 'orders' })
    const { arn, request } = await stage.latest()
    await stage.service.stopDurableExecution({ DurableExecutionArn: arn })
    expect(await call).to.deep.equal({
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      DurableExecutionArn: arn,
      RequestId: request.requestId,
      FunctionError: 'Unhandled',
      Payload: '{"errorMessage":"Execution stopped by user request"}',
    })
  })
})
