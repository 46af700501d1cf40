import { expect } from 'chai'
import { InvocationFailure } from '../../lib/service/invoker.ts'
import { ByHand, start } from './by-hand.ts'
import { endStep, retryStep, startCallback, startStep, startWait } from './updates.ts'

describe('the first invocation of an execution', () => {
  it('is given the input, a token and nothing else', async () => {
    const stage = new ByHand()
    const { request } = await stage.start({ timeoutSeconds: 30 }, '{"order":1}')
    const { executionArn, requestId, event, ...rest } = request
    expect(rest).to.deep.equal({
      functionName: 'orders',
      version: '$LATEST',
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:orders:$LATEST',
      deadline: start + 30_000,
      attempt: 1,
      durable: true,
    })
    expect(requestId).to.match(/^[0-9a-f-]{36}$/)
    const { CheckpointToken, InitialExecutionState, ...envelope } = event as Record<string, unknown>
    expect(CheckpointToken).to.match(/^[A-Za-z0-9+/]+={0,2}$/)
    expect(envelope).to.deep.equal({ DurableExecutionArn: executionArn, UpdatedOperationIds: [] })
    expect(InitialExecutionState).to.deep.equal({
      Operations: [
        {
          Id: executionArn?.split('/').at(-1),
          Type: 'EXECUTION',
          Status: 'STARTED',
          StartTimestamp: '2026-01-01T00:00:00.000Z',
          ExecutionDetails: { InputPayload: '{"order":1}' },
        },
      ],
      NextMarker: '',
    })
  })
})

describe('an invocation after the first', () => {
  it('is given every operation with times as text, and the ids of those that moved', async () => {
    const stage = new ByHand()
    const first = await stage.start()
    await first.update(startStep('1'), endStep('1', '1'), startWait('2', 60), startCallback('3'))
    await first.pending()
    await stage.pass(60)
    const second = await stage.latest()
    expect(second.envelope.UpdatedOperationIds).to.deep.equal(['2'])
    expect(second.envelope.InitialExecutionState.Operations[2]).to.deep.equal({
      Id: '2',
      Type: 'WAIT',
      SubType: 'Wait',
      Status: 'SUCCEEDED',
      StartTimestamp: '2026-01-01T00:00:00.000Z',
      EndTimestamp: '2026-01-01T00:01:00.000Z',
      WaitDetails: { ScheduledEndTimestamp: '2026-01-01T00:01:00.000Z' },
    })
    expect(second.operations).to.deep.equal(['1 SUCCEEDED', '2 SUCCEEDED', '3 STARTED'])
    expect(second.envelope).to.deep.equal(JSON.parse(JSON.stringify(second.envelope)))
  })

  it('follows every event, even if the handler waits for another', async () => {
    const stage = new ByHand()
    const first = await stage.start()
    await first.update(startWait('1', 5), startWait('2', 9), startStep('3'), retryStep('3', 7))
    for (const seconds of [5, 2, 2]) {
      await (await stage.latest()).pending()
      await stage.pass(seconds)
    }
    const [, ...later] = stage.invocations
    expect(later.map(({ envelope }) => envelope.UpdatedOperationIds)).to.deep.equal([
      ['1'],
      ['3'],
      ['2'],
    ])
    expect(later.at(-1)?.operations).to.deep.equal(['1 SUCCEEDED', '2 SUCCEEDED', '3 READY'])
  })

  it('follows PENDING at once when something moved that the handler was not told', async () => {
    const stage = new ByHand()
    const first = await stage.start()
    await first.update(startWait('1', 5))
    await stage.pass(5)
    expect(stage.invocations).to.have.length(1)
    await first.pending()
    const second = await stage.latest()
    expect(second.envelope.UpdatedOperationIds).to.deep.equal(['1'])
  })

  it('does not follow what a checkpoint has told already', async () => {
    const stage = new ByHand()
    const first = await stage.start()
    await first.update(startWait('1', 5), startCallback('2'))
    await stage.pass(5)
    expect(await first.update()).to.deep.equal(['1 SUCCEEDED'])
    await first.pending()
    expect(stage.invocations).to.have.length(1)
  })
})

describe('an answer', () => {
  const answers: { returned: unknown; status: string; says: object }[] = [
    { returned: { Status: 'SUCCEEDED', Result: '1' }, status: 'SUCCEEDED', says: { Result: '1' } },
    { returned: { Status: 'SUCCEEDED', Error: null }, status: 'SUCCEEDED', says: {} },
    {
      returned: { Status: 'FAILED', Error: { ErrorType: 'Broken' } },
      status: 'FAILED',
      says: { Error: { ErrorType: 'Broken' } },
    },
    { returned: { Status: 'FAILED' }, status: 'FAILED', says: {} },
    {
      returned: { Status: 'FAILED', Result: '1' },
      status: 'FAILED',
      says: invalid('Cannot provide a Result for FAILED status.'),
    },
    {
      returned: { Status: 'SUCCEEDED', Error: {} },
      status: 'FAILED',
      says: invalid('Cannot provide an Error for SUCCEEDED status.'),
    },
    {
      returned: { Status: 'done' },
      status: 'FAILED',
      says: invalid('Invalid response from the function: unknown Status "done".'),
    },
    {
      returned: { Status: 'SUCCEEDED', Result: 1 },
      status: 'FAILED',
      says: invalid('Invalid response from the function: Result must be a string.'),
    },
    ...[undefined, null, 'SUCCEEDED', 7, []].map((returned) => ({
      returned,
      status: 'FAILED',
      says: invalid('Invalid response from the function: expected a JSON object with a Status.'),
    })),
  ]
  for (const { returned, status, says } of answers) {
    it(`${JSON.stringify(returned)} ends the execution ${status}`, async () => {
      const stage = new ByHand()
      const invocation = await stage.start()
      await invocation.answer(returned)
      const found = await stage.service.getDurableExecution({ DurableExecutionArn: invocation.arn })
      const { Result, Error, Status } = found
      expect(Status).to.equal(status)
      expect({
        ...(Result === undefined ? {} : { Result }),
        ...(Error === undefined ? {} : { Error }),
      }).to.deep.equal(says)
      expect(await stage.history(invocation.arn)).to.deep.equal([
        '1 ExecutionStarted',
        '2 InvocationCompleted',
        status === 'FAILED' ? '3 ExecutionFailed' : '3 ExecutionSucceeded',
      ])
    })
  }

  it('too large for a response is a failed invocation', async () => {
    const stage = new ByHand({ limits: { executionPayloadBytes: 10 }, retry: { errorAttempts: 1 } })
    const invocation = await stage.start()
    await invocation.succeed('"0123456789"')
    const { Error } = await stage.service.getDurableExecution({
      DurableExecutionArn: invocation.arn,
    })
    expect(Error?.ErrorType).to.equal('Function.ResponseSizeTooLarge')
  })

  it('PENDING with nothing pending is tried three times', async () => {
    const stage = new ByHand()
    const first = await stage.start()
    await first.update(startStep('1'))
    for (let count = 1; count <= 3; count += 1) {
      const latest = await stage.latest()
      expect(latest.request.attempt).to.equal(count)
      await latest.pending()
    }
    expect(stage.invocations).to.have.length(3)
    const wrong = invalid('Cannot return PENDING status with no pending operations.')
    const { Status, Error } = await stage.service.getDurableExecution({
      DurableExecutionArn: first.arn,
    })
    expect({ Status, Error }).to.deep.equal({ Status: 'FAILED', ...wrong })
    const { Events } = await stage.service.getDurableExecutionHistory({
      DurableExecutionArn: first.arn,
    })
    expect(Events[2]?.InvocationCompletedDetails?.Error?.Payload).to.deep.equal(wrong.Error)
  })
})

describe('an invocation that fails', () => {
  it('by a crash is made again at once, and the execution fails in the end', async () => {
    const stage = new ByHand({ retry: { crashAttempts: 3 } })
    const first = await stage.start()
    for (let count = 1; count <= 3; count += 1) {
      const latest = await stage.latest()
      expect(latest.request.attempt).to.equal(count)
      await latest.crash()
    }
    expect(await stage.history(first.arn)).to.deep.equal([
      '1 ExecutionStarted',
      '2 InvocationCompleted',
      '3 InvocationCompleted',
      '4 InvocationCompleted',
      '5 ExecutionFailed',
    ])
    const { Error } = await stage.service.getDurableExecution({ DurableExecutionArn: first.arn })
    expect(Error).to.deep.equal({ ErrorType: 'Runtime.ExitError', ErrorMessage: 'Runtime exited' })
  })

  it('by an error is made again after a growing pause', async () => {
    const stage = new ByHand({
      retry: { errorAttempts: 4, initialDelaySeconds: 2, backoffRate: 3, maxDelaySeconds: 5 },
    })
    const first = await stage.start()
    for (const pause of [2, 5, 5]) {
      const { length } = stage.invocations
      await (await stage.latest()).throw(new TypeError('no such order'))
      await stage.pass(pause - 1)
      expect(stage.invocations).to.have.length(length)
      await stage.pass(1)
      expect(stage.invocations).to.have.length(length + 1)
    }
    await (await stage.latest()).throw(new TypeError('no such order'))
    const { Status, Error } = await stage.service.getDurableExecution({
      DurableExecutionArn: first.arn,
    })
    expect({ Status, Error }).to.deep.equal({
      Status: 'FAILED',
      Error: { ErrorType: 'TypeError', ErrorMessage: 'no such order' },
    })
  })

  it('is not made again any sooner because something moved', async () => {
    const stage = new ByHand({ retry: { initialDelaySeconds: 10 } })
    const first = await stage.start()
    await first.update(startWait('1', 1))
    await first.throw(new Error('later'))
    await stage.pass(9)
    expect(stage.invocations).to.have.length(1)
    await stage.pass(1)
    expect((await stage.latest()).envelope.UpdatedOperationIds).to.deep.equal(['1'])
  })

  it('counts only in a row', async () => {
    const stage = new ByHand({ retry: { crashAttempts: 2 } })
    const first = await stage.start()
    await first.update(startWait('1', 1), startWait('2', 2))
    await first.crash()
    await (await stage.latest()).pending()
    await stage.pass(1)
    await (await stage.latest()).crash()
    expect(await stage.status(first.arn)).to.equal('RUNNING')
    await (await stage.latest()).crash()
    expect(await stage.status(first.arn)).to.equal('FAILED')
  })

  const thrown: { error: unknown; becomes: object }[] = [
    { error: 'text', becomes: { ErrorType: 'Error', ErrorMessage: 'text' } },
    { error: undefined, becomes: { ErrorType: 'Error', ErrorMessage: 'undefined' } },
    {
      error: new (class PaymentDeclined extends Error {})('no money'),
      becomes: { ErrorType: 'PaymentDeclined', ErrorMessage: 'no money' },
    },
    {
      error: new InvocationFailure('Broken', 'it broke', { errorData: '1', stackTrace: ['here'] }),
      becomes: {
        ErrorType: 'Broken',
        ErrorMessage: 'it broke',
        ErrorData: '1',
        StackTrace: ['here'],
      },
    },
  ]
  for (const { error, becomes } of thrown) {
    it(`is written down as ${JSON.stringify(becomes)}`, async () => {
      const stage = new ByHand()
      const invocation = await stage.start()
      await invocation.throw(error)
      const { Events } = await stage.service.getDurableExecutionHistory({
        DurableExecutionArn: invocation.arn,
      })
      expect(Events[1]?.InvocationCompletedDetails?.Error).to.deep.equal({
        Payload: becomes,
        Truncated: false,
      })
    })
  }
})

describe('an invocation that takes too long', () => {
  it('is given up, told by Sandbox.Timedout, and tried again like an error', async () => {
    const stage = new ByHand({ retry: { errorAttempts: 2, initialDelaySeconds: 1 } })
    const first = await stage.start({ timeoutSeconds: 3 })
    await stage.pass(2)
    await first.update(startStep('1'))
    await stage.pass(1)
    await first.succeed('"too late"')
    expect(await stage.status(first.arn)).to.equal('RUNNING')
    expect(stage.invocations).to.have.length(1)
    await stage.pass(1)
    expect((await stage.latest()).operations).to.deep.equal(['1 STARTED'])
    await stage.pass(3)
    const { Error } = await stage.service.getDurableExecution({ DurableExecutionArn: first.arn })
    const { requestId } = (await stage.latest()).request
    expect(Error).to.deep.equal({
      ErrorType: 'Sandbox.Timedout',
      ErrorMessage: `2026-01-01T00:00:07.000Z ${requestId} Task timed out after 3.00 seconds`,
    })
  })
})

describe('an execution that takes too long', () => {
  it('is timed out, whatever it is doing', async () => {
    const stage = new ByHand()
    const invocation = await stage.start({ durable: { executionTimeoutSeconds: 60 } })
    await invocation.update(startWait('1', 60), startStep('2'))
    await stage.pass(60)
    await invocation.succeed('"too late"')
    const described = await stage.service.getDurableExecution({
      DurableExecutionArn: invocation.arn,
    })
    expect(described).to.deep.include({
      Status: 'TIMED_OUT',
      EndTimestamp: new Date('2026-01-01T00:01:00Z'),
      Error: {
        ErrorType: 'Execution.Timeout',
        ErrorMessage: 'Execution timed out after 60 seconds.',
      },
    })
    expect((await stage.history(invocation.arn)).slice(3)).to.deep.equal([
      '4 InvocationCompleted',
      '5 ExecutionTimedOut',
    ])
    expect(stage.clock.pending).to.equal(0)
  })
})

function invalid(ErrorMessage: string) {
  return { Error: { ErrorType: 'InvalidParameterValueException', ErrorMessage } }
}
