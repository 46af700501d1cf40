import { expect } from 'chai'
import { ByHand, refusal, rest, type HandledInvocation } from './by-hand.ts'
import { startCallback, startInvoke, startStep } from './updates.ts'

/** An execution that has called `callee` and is suspended; and the call it made. */
async function calling(
  stage: ByHand,
  callee: string,
  payload?: string,
  tenantId?: string,
): Promise<{ caller: HandledInvocation; call: HandledInvocation }> {
  const caller = await stage.start()
  await caller.update(startInvoke('1', callee, payload, tenantId))
  await caller.pending()
  const call = await stage.latest()
  if (call === caller) throw new Error('Nothing was called.')
  return { caller, call }
}

async function outcome(stage: ByHand): Promise<unknown> {
  const latest = await stage.latest()
  expect(latest.request.functionName).to.equal('orders')
  const record = latest.envelope.InitialExecutionState.Operations[1]
  if (record?.Type !== 'CHAINED_INVOKE') throw new Error('expected a chained invoke')
  return { Status: record.Status, ...record.ChainedInvokeDetails }
}

describe('a chained invoke of a plain function', () => {
  function plain(options?: ConstructorParameters<typeof ByHand>[0]): ByHand {
    const stage = new ByHand(options)
    stage.service.register({ name: 'price', timeoutSeconds: 3 })
    return stage
  }

  it('is one call, after its caller was suspended', async () => {
    const stage = plain()
    const { caller, call } = await calling(stage, 'price', '{"n":1}', 'tenant-1')
    expect(call.request).to.deep.include({
      functionName: 'price',
      durable: false,
      event: { n: 1 },
      tenantId: 'tenant-1',
    })
    await call.answer({ total: 7 })
    expect(await outcome(stage)).to.deep.equal({ Status: 'SUCCEEDED', Result: '{"total":7}' })
    expect((await stage.latest()).envelope.UpdatedOperationIds).to.deep.equal(['1'])
    expect(await stage.history(caller.arn)).to.deep.equal([
      '1 ExecutionStarted',
      '2 ChainedInvokeStarted 1',
      '3 InvocationCompleted',
      '4 ChainedInvokeSucceeded 1',
    ])
    const { Events } = await stage.service.getDurableExecutionHistory({
      DurableExecutionArn: caller.arn,
    })
    expect(Events[1]?.ChainedInvokeStartedDetails).to.deep.equal({
      FunctionName: 'price',
      TenantId: 'tenant-1',
      Input: { Payload: '{"n":1}', Truncated: false },
      ExecutedVersion: '$LATEST',
      DurableExecutionArn: '',
    })
  })

  it('does not wait for a caller that has other things to do', async () => {
    const stage = plain()
    const caller = await stage.start()
    await caller.update(startInvoke('1', 'price'), startStep('2'))
    await rest()
    expect(stage.invocations).to.have.length(1)
    await stage.pass(1)
    await (await stage.latest()).answer(7)
    expect(await caller.update()).to.deep.equal(['1 SUCCEEDED'])
    expect(stage.invocations).to.have.length(2)
  })

  it('passes null for no input, and takes nothing for null', async () => {
    const stage = plain()
    const { call } = await calling(stage, 'price')
    expect(call.request.event).to.equal(null)
    await call.answer(undefined)
    expect(await outcome(stage)).to.deep.equal({ Status: 'SUCCEEDED', Result: 'null' })
  })

  it('fails with what the function threw', async () => {
    const stage = plain()
    const { call } = await calling(stage, 'price')
    await call.throw(new RangeError('too many'))
    expect(await outcome(stage)).to.deep.equal({
      Status: 'FAILED',
      Error: { ErrorType: 'RangeError', ErrorMessage: 'too many' },
    })
  })

  it('fails when the function takes too long', async () => {
    const stage = plain()
    const { call } = await calling(stage, 'price')
    await stage.pass(3)
    expect(await outcome(stage)).to.deep.equal({
      Status: 'FAILED',
      Error: {
        ErrorType: 'Sandbox.Timedout',
        ErrorMessage: `2026-01-01T00:00:03.000Z ${call.request.requestId} Task timed out after 3.00 seconds`,
      },
    })
    const { length } = stage.invocations
    await call.answer('too late')
    expect(stage.invocations).to.have.length(length)
  })

  it('fails when the answer is too large', async () => {
    const stage = plain({ limits: { operationPayloadBytes: 10 } })
    const { call } = await calling(stage, 'price')
    await call.answer('0123456789')
    expect(await outcome(stage)).to.deep.equal({
      Status: 'FAILED',
      Error: {
        ErrorType: 'InvalidParameterValueException',
        ErrorMessage: 'CHAINED_INVOKE output payload size must be less than or equal to 10 bytes.',
      },
    })
  })

  it('fails when its input is no JSON', async () => {
    const stage = plain()
    const caller = await stage.start()
    await caller.update(startInvoke('1', 'price', 'plain text'))
    await caller.pending()
    expect(await outcome(stage)).to.have.nested.property(
      'Error.ErrorType',
      'InvalidRequestContentException',
    )
  })

  it('is of no interest to a caller that has ended meanwhile', async () => {
    const stage = plain()
    const { caller, call } = await calling(stage, 'price')
    await stage.service.stopDurableExecution({ DurableExecutionArn: caller.arn })
    await call.answer(7)
    expect((await stage.history(caller.arn)).at(-1)).to.equal('4 ExecutionStopped')
    expect(stage.invocations).to.have.length(2)
  })
})

describe('a chained invoke of a durable function', () => {
  function durable(options?: ConstructorParameters<typeof ByHand>[0]): ByHand {
    const stage = new ByHand(options)
    stage.service.register({ name: 'ship', durable: { executionTimeoutSeconds: 60 } })
    return stage
  }

  it('is an execution of its own, with its ARN in the started event', async () => {
    const stage = durable()
    const { caller, call } = await calling(stage, 'ship', '{"n":1}', 'tenant-1')
    const { Events } = await stage.service.getDurableExecutionHistory({
      DurableExecutionArn: caller.arn,
    })
    expect(Events[1]?.ChainedInvokeStartedDetails?.DurableExecutionArn).to.equal(call.arn)
    expect(call.request).to.include({ durable: true, tenantId: 'tenant-1' })
    const described = await stage.service.getDurableExecution({ DurableExecutionArn: call.arn })
    expect(described).to.include({ InputPayload: '{"n":1}', Status: 'RUNNING' })
    expect(described.DurableExecutionName).to.match(/^[0-9a-f-]{36}$/)

    await call.update(startCallback('1'))
    await call.pending()
    expect(stage.invocations).to.have.length(2)
    await stage.service.stopDurableExecution({ DurableExecutionArn: call.arn })
    expect(await outcome(stage)).to.deep.equal({
      Status: 'STOPPED',
      Error: { ErrorMessage: 'Execution stopped by user request' },
    })
    expect((await stage.history(caller.arn)).at(-1)).to.equal('4 ChainedInvokeStopped 1')
  })

  it('succeeds with its result, or with none', async () => {
    for (const result of ['"shipped"', undefined]) {
      const stage = durable()
      const { call } = await calling(stage, 'ship')
      await call.succeed(result)
      expect(await outcome(stage)).to.deep.equal({
        Status: 'SUCCEEDED',
        ...(result === undefined ? {} : { Result: result }),
      })
    }
  })

  it('fails with its error', async () => {
    const stage = durable()
    const { call } = await calling(stage, 'ship')
    await call.answer({ Status: 'FAILED', Error: { ErrorType: 'Lost', ErrorMessage: 'at sea' } })
    expect(await outcome(stage)).to.deep.equal({
      Status: 'FAILED',
      Error: { ErrorType: 'Lost', ErrorMessage: 'at sea' },
    })
  })

  it('times out with it', async () => {
    const stage = durable()
    const { caller, call } = await calling(stage, 'ship')
    await call.update(startCallback('1'))
    await call.pending()
    await stage.pass(60)
    expect(await outcome(stage)).to.deep.equal({
      Status: 'TIMED_OUT',
      Error: {
        ErrorType: 'ChainedInvoke.Timeout',
        ErrorMessage: 'CHAINED_INVOKE timed out after 60 seconds.',
      },
    })
    expect((await stage.history(caller.arn)).at(-1)).to.equal('4 ChainedInvokeTimedOut 1')
  })

  it('goes on when its caller has ended', async () => {
    const stage = durable()
    const { caller, call } = await calling(stage, 'ship')
    await stage.service.stopDurableExecution({ DurableExecutionArn: caller.arn })
    await call.succeed('"shipped"')
    expect(await stage.status(call.arn)).to.equal('SUCCEEDED')
    expect((await stage.history(caller.arn)).at(-1)).to.equal('4 ExecutionStopped')
  })
})

describe('a chained invoke that goes nowhere', () => {
  it('has failed within the checkpoint', async () => {
    const stage = new ByHand()
    const caller = await stage.start()
    const { NewExecutionState } = await caller.checkpoint(startInvoke('1', 'nobody'))
    expect(NewExecutionState.Operations[0]).to.deep.include({
      Status: 'FAILED',
      ChainedInvokeDetails: {
        Error: {
          ErrorType: 'ResourceNotFoundException',
          ErrorMessage: 'Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody',
        },
      },
    })
    expect(await stage.history(caller.arn)).to.deep.equal([
      '1 ExecutionStarted',
      '2 ChainedInvokeStarted 1',
      '3 ChainedInvokeFailed 1',
    ])
  })

  const refused = {
    'arn:aws:lambda:us-east-1:210987654321:function:f':
      'Cannot start a CHAINED_INVOKE on a function in another account.',
    'arn:aws:lambda:eu-west-1:123456789012:function:f':
      'Cannot start a CHAINED_INVOKE on a function in another region.',
    'arn:aws:sqs:us-east-1:123456789012:queue':
      "Invalid function ARN 'arn:aws:sqs:us-east-1:123456789012:queue'",
  }
  for (const [name, because] of Object.entries(refused)) {
    it(`is refused: ${because}`, async () => {
      const stage = new ByHand()
      const caller = await stage.start()
      expect(await refusal(caller.checkpoint(startInvoke('1', name)))).to.equal(
        `InvalidParameterValueException: ${because}`,
      )
      expect(await stage.history(caller.arn)).to.have.length(1)
    })
  }
})
