import { expect } from 'chai'
import { ByHand, refusal, type HandledInvocation } from './by-hand.ts'
import { startCallback } from './updates.ts'

const closed = 'CallbackTimeoutException: The callback has ended or timed out already.'

/** An execution that is suspended on one callback. */
async function suspended(options: Parameters<typeof startCallback>[1] = {}, stage = new ByHand()) {
  const first = await stage.start()
  const { NewExecutionState } = await first.checkpoint(startCallback('1', options))
  await first.pending()
  const [record] = NewExecutionState.Operations
  const id = record?.Type === 'CALLBACK' ? record.CallbackDetails?.CallbackId : undefined
  if (id === undefined) throw new Error('The callback has no id.')
  return { stage, first, id, service: stage.service }
}

const callback = (invocation: HandledInvocation) =>
  invocation.envelope.InitialExecutionState.Operations[1]

describe('a callback', () => {
  it('hands over what was sent, to the letter', async () => {
    const { stage, service, id, first } = await suspended()
    await service.sendDurableExecutionCallbackSuccess({
      CallbackId: id,
      Result: '{"status": "approved"}',
    })
    expect(callback(await stage.latest())).to.deep.include({
      Status: 'SUCCEEDED',
      CallbackDetails: { CallbackId: id, Result: '{"status": "approved"}' },
    })
    const { Events } = await service.getDurableExecutionHistory({ DurableExecutionArn: first.arn })
    expect(Events[3]?.CallbackSucceededDetails).to.deep.equal({
      Result: { Payload: '{"status": "approved"}', Truncated: false },
    })
  })

  for (const Result of [undefined, '']) {
    it(`has no result when ${JSON.stringify(Result)} was sent`, async () => {
      const { stage, service, id } = await suspended()
      await service.sendDurableExecutionCallbackSuccess({ CallbackId: id, Result })
      expect(callback(await stage.latest())).to.deep.include({
        CallbackDetails: { CallbackId: id },
      })
    })
  }

  it('hands over a failure', async () => {
    const { stage, service, id } = await suspended()
    const Error = { ErrorType: 'Rejected', ErrorMessage: 'not approved' }
    await service.sendDurableExecutionCallbackFailure({ CallbackId: id, Error })
    expect(callback(await stage.latest())).to.deep.include({
      Status: 'FAILED',
      CallbackDetails: { CallbackId: id, Error },
    })
  })

  it('may fail without saying why', async () => {
    const { stage, service, id } = await suspended()
    await service.sendDurableExecutionCallbackFailure({ CallbackId: id })
    expect(callback(await stage.latest())).to.have.deep.nested.property('CallbackDetails.Error', {})
  })

  it('is answered while the handler runs by the next checkpoint', async () => {
    const stage = new ByHand()
    const invocation = await stage.start()
    const { NewExecutionState } = await invocation.checkpoint(startCallback('1'))
    const [record] = NewExecutionState.Operations
    if (record?.Type !== 'CALLBACK') throw new Error('expected a callback')
    const CallbackId = record.CallbackDetails?.CallbackId ?? ''
    await stage.service.sendDurableExecutionCallbackSuccess({ CallbackId, Result: '1' })
    expect(await invocation.update()).to.deep.equal(['1 SUCCEEDED'])
    expect(stage.invocations).to.have.length(1)
  })

  it('takes one answer', async () => {
    const { service, id } = await suspended()
    await service.sendDurableExecutionCallbackSuccess({ CallbackId: id, Result: '1' })
    for (const late of [
      service.sendDurableExecutionCallbackSuccess({ CallbackId: id }),
      service.sendDurableExecutionCallbackFailure({ CallbackId: id }),
      service.sendDurableExecutionCallbackHeartbeat({ CallbackId: id }),
    ]) {
      expect(await refusal(late)).to.equal(closed)
    }
  })

  it('takes none once its execution has ended', async () => {
    const { service, id, first } = await suspended()
    await service.stopDurableExecution({ DurableExecutionArn: first.arn })
    expect(await refusal(service.sendDurableExecutionCallbackSuccess({ CallbackId: id }))).to.equal(
      closed,
    )
    expect(
      await refusal(service.sendDurableExecutionCallbackHeartbeat({ CallbackId: id })),
    ).to.equal(closed)
  })

  it('refuses a payload or an error that is too large', async () => {
    const stage = new ByHand({ limits: { operationPayloadBytes: 10, errorBytes: 20 } })
    const { service, id } = await suspended({}, stage)
    const Result = '"0123456789"'
    expect(
      await refusal(service.sendDurableExecutionCallbackSuccess({ CallbackId: id, Result })),
    ).to.include('CALLBACK output payload size must be less than or equal to 10 bytes.')
    const Error = { ErrorMessage: '0123456789' }
    expect(
      await refusal(service.sendDurableExecutionCallbackFailure({ CallbackId: id, Error })),
    ).to.include('Error object size must be less than 20 bytes.')
    await service.sendDurableExecutionCallbackSuccess({ CallbackId: id, Result: '12345678' })
  })
})

describe('the id of a callback', () => {
  it('is base64 that nobody can guess', async () => {
    const one = await suspended()
    const other = await suspended()
    expect(one.id).to.match(/^[A-Za-z0-9+/]+={0,2}$/)
    expect(one.id).to.have.length.below(1024)
    expect(one.id).not.to.equal(other.id)
  })

  const notFound = 'ResourceNotFoundException: Callback not found'
  const malformed = 'InvalidParameterValueException: Invalid callback id'
  const cases: { title: string; forge: (id: string) => string; refused: string }[] = [
    { title: 'empty', forge: () => '', refused: malformed },
    { title: 'no base64', forge: () => 'not-base64', refused: malformed },
    { title: 'too long', forge: () => 'A'.repeat(1025), refused: malformed },
    { title: 'base64 of something else', forge: () => 'AAAA', refused: notFound },
    {
      title: 'right but for its secret',
      forge: (id) => {
        const bytes = Buffer.from(id, 'base64')
        bytes[0] = (bytes[0] ?? 0) ^ 1
        return bytes.toString('base64')
      },
      refused: notFound,
    },
    {
      title: 'of another operation',
      forge: (id) =>
        Buffer.from(`${Buffer.from(id, 'base64').toString('latin1')}9`, 'latin1').toString(
          'base64',
        ),
      refused: notFound,
    },
  ]
  for (const { title, forge, refused } of cases) {
    it(`that is ${title} is refused`, async () => {
      const { stage, service, id } = await suspended()
      const CallbackId = forge(id)
      for (const call of [
        service.sendDurableExecutionCallbackSuccess({ CallbackId }),
        service.sendDurableExecutionCallbackFailure({ CallbackId }),
        service.sendDurableExecutionCallbackHeartbeat({ CallbackId }),
      ]) {
        expect(await refusal(call)).to.equal(refused)
      }
      expect(stage.invocations).to.have.length(1)
    })
  }
})

describe('a callback that nobody answers', () => {
  it('times out', async () => {
    const { stage, service, id, first } = await suspended({ TimeoutSeconds: 5 })
    await stage.pass(4.999)
    expect(stage.invocations).to.have.length(1)
    await stage.pass(0.001)
    expect(callback(await stage.latest())).to.deep.include({
      Status: 'TIMED_OUT',
      CallbackDetails: {
        CallbackId: id,
        Error: { ErrorType: 'Callback.Timeout', ErrorMessage: 'Callback timed out' },
      },
    })
    expect(await refusal(service.sendDurableExecutionCallbackSuccess({ CallbackId: id }))).to.equal(
      closed,
    )
    expect((await stage.history(first.arn)).at(-1)).to.equal('4 CallbackTimedOut 1')
  })

  it('misses its heartbeat', async () => {
    const { stage, service, id } = await suspended({ HeartbeatTimeoutSeconds: 5 })
    await stage.pass(4)
    await service.sendDurableExecutionCallbackHeartbeat({ CallbackId: id })
    await stage.pass(4)
    expect(stage.invocations).to.have.length(1)
    await stage.pass(1)
    expect(callback(await stage.latest())).to.have.nested.property(
      'CallbackDetails.Error.ErrorType',
      'Callback.Heartbeat',
    )
  })

  it('times out however often it beats', async () => {
    const { stage, service, id } = await suspended({
      TimeoutSeconds: 10,
      HeartbeatTimeoutSeconds: 4,
    })
    for (let beat = 0; beat < 3; beat += 1) {
      await stage.pass(3)
      await service.sendDurableExecutionCallbackHeartbeat({ CallbackId: id })
    }
    await stage.pass(1)
    expect(callback(await stage.latest())).to.have.nested.property(
      'CallbackDetails.Error.ErrorType',
      'Callback.Timeout',
    )
  })

  it('does not time out after it was answered', async () => {
    const { stage, service, id, first } = await suspended({
      TimeoutSeconds: 5,
      HeartbeatTimeoutSeconds: 2,
    })
    await service.sendDurableExecutionCallbackSuccess({ CallbackId: id })
    const second = await stage.latest()
    await stage.pass(60)
    await second.succeed()
    expect(await stage.status(first.arn)).to.equal('SUCCEEDED')
    expect(await stage.history(first.arn)).not.to.include('CallbackTimedOut')
  })

  it('that was answered wakes nobody any more', async () => {
    const stage = new ByHand()
    const first = await stage.start()
    const { NewExecutionState } = await first.checkpoint(
      startCallback('1', { TimeoutSeconds: 5, HeartbeatTimeoutSeconds: 2 }),
      startCallback('2'),
    )
    await first.pending()
    const [record] = NewExecutionState.Operations
    if (record?.Type !== 'CALLBACK') throw new Error('expected a callback')
    const CallbackId = record.CallbackDetails?.CallbackId ?? ''
    await stage.service.sendDurableExecutionCallbackSuccess({ CallbackId })
    await (await stage.latest()).pending()
    await stage.pass(60)
    expect(stage.invocations).to.have.length(2)
  })

  it('waits for ever without a timeout, and a heartbeat does no harm', async () => {
    const { stage, service, id } = await suspended({ TimeoutSeconds: 0 })
    await service.sendDurableExecutionCallbackHeartbeat({ CallbackId: id })
    await stage.pass(86_400 * 300)
    expect(stage.invocations).to.have.length(1)
  })
})
