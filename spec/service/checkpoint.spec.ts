import { expect } from 'chai'
import type { Clock } from '../../lib/kernel/clock.ts'
import type { InvocationRequest } from '../../lib/service/invoker.ts'
import { LambdaService } from '../../lib/service/service.ts'
import { ByHand, HandledInvocation, refusal, rest, shown } from './by-hand.ts'
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

const staleToken = 'InvalidParameterValueException: Invalid checkpoint token'

describe('a checkpoint', () => {
  it('echoes what it changed, with what the service filled in', async () => {
    const invocation = await new ByHand().start()
    const { NewExecutionState } = await invocation.checkpoint(
      startStep('1'),
      endStep('1', '"paid"'),
      startWait('2', 60),
    )
    expect(NewExecutionState.Operations).to.deep.equal([
      {
        Id: '1',
        Type: 'STEP',
        SubType: 'Step',
        Status: 'SUCCEEDED',
        StartTimestamp: new Date('2026-01-01T00:00:00Z'),
        EndTimestamp: new Date('2026-01-01T00:00:00Z'),
        StepDetails: { Attempt: 1, Result: '"paid"' },
      },
      {
        Id: '2',
        Type: 'WAIT',
        SubType: 'Wait',
        Status: 'STARTED',
        StartTimestamp: new Date('2026-01-01T00:00:00Z'),
        WaitDetails: { ScheduledEndTimestamp: new Date('2026-01-01T00:01:00Z') },
      },
    ])
  })

  it('answers with nothing twice', async () => {
    const invocation = await new ByHand().start()
    expect(await invocation.update(startStep('1'))).to.deep.equal(['1 STARTED'])
    expect(await invocation.update(startStep('2'))).to.deep.equal(['2 STARTED'])
    expect(await invocation.update()).to.deep.equal([])
  })

  it('lets happen what is due, and tells of it in the same answer', async () => {
    const stage = new ByHand()
    const invocation = await stage.start()
    await invocation.update(startWait('1', 5), startStep('2'), retryStep('2', 5), startStep('3'))
    await stage.pass(5)
    expect(await invocation.update(endStep('3'))).to.deep.equal([
      '1 SUCCEEDED',
      '2 READY',
      '3 SUCCEEDED',
    ])
    expect(stage.invocations).to.have.length(1)
  })

  it('does so even when the timers of the clock are late', async () => {
    let now = 0
    const clock: Clock = { now: () => now, startTimer: () => ({ cancel() {} }) }
    const events: InvocationRequest[] = []
    const service = new LambdaService({
      clock,
      invoker: {
        invoke(request) {
          events.push(request)
          return new Promise(() => {})
        },
      },
    })
    service.register({ name: 'orders', durable: {} })
    await service.invoke({ FunctionName: 'orders', InvocationType: 'Event' })
    await rest()
    const [request] = events
    if (!request) throw new Error('Nothing was invoked.')
    const invocation = new HandledInvocation(service, request)
    await invocation.update(startWait('1', 5), startWait('2', 6))
    now = 5000
    expect(await invocation.update()).to.deep.equal(['1 SUCCEEDED'])
  })

  it('cancels a wait for good', async () => {
    const stage = new ByHand()
    const invocation = await stage.start()
    await invocation.update(startWait('1', 5), startWait('2', 9), startWait('3', 9))
    expect(await invocation.update(cancelWait('1'))).to.deep.equal(['1 CANCELLED'])
    expect(await invocation.update(cancelWait('3'))).to.deep.equal(['3 CANCELLED'])
    await invocation.pending()
    await stage.pass(5)
    expect(stage.invocations).to.have.length(1)
    await stage.pass(4)
    expect((await stage.latest()).operations).to.deep.equal([
      '1 CANCELLED',
      '2 SUCCEEDED',
      '3 CANCELLED',
    ])
  })

  it('takes the children of a context that starts in the same call', async () => {
    const invocation = await new ByHand().start()
    const updates = [
      startContext('1'),
      startStep('1-1', { ParentId: '1' }),
      endStep('1-1'),
      endContext('1'),
    ]
    expect(await invocation.update(...updates)).to.deep.equal(['1 SUCCEEDED', '1-1 SUCCEEDED'])
  })

  it('refuses a parent that is unknown, comes later or is no context', async () => {
    const invocation = await new ByHand().start()
    await invocation.update(startStep('1'))
    const child = startStep('2', { ParentId: '1' })
    const orphan = startStep('2', { ParentId: '9' })
    const early = [startStep('2', { ParentId: '3' }), startContext('3')]
    for (const batch of [[child], [orphan], early]) {
      expect(await refusal(invocation.checkpoint(...batch))).to.equal(
        'InvalidParameterValueException: Invalid parent operation id.',
      )
    }
  })

  it('that is refused changes nothing, and leaves its token good', async () => {
    const stage = new ByHand()
    const invocation = await stage.start()
    await invocation.update(startStep('1'))
    const batch = [endStep('1'), startWait('2', 1), startCallback('3'), startStep('1')]
    expect(await refusal(invocation.checkpoint(...batch))).to.include('same ID')
    const second = [
      endStep('1'),
      startWait('2', 1),
      failStep('4'),
      endContext('5'),
      cancelWait('6'),
    ]
    expect(await refusal(invocation.checkpoint(...second))).to.include('Cannot cancel a WAIT')

    expect(await invocation.update(failStep('1'))).to.deep.equal(['1 FAILED'])
    expect(await stage.history(invocation.arn)).to.deep.equal([
      '1 ExecutionStarted',
      '2 StepStarted 1',
      '3 StepFailed 1',
    ])
  })

  it('refuses more operations than an execution may have', async () => {
    const stage = new ByHand({ limits: { operationsPerExecution: 2 } })
    const invocation = await stage.start()
    await invocation.update(startStep('1'))
    expect(await refusal(invocation.checkpoint(startStep('2'), startStep('3')))).to.include(
      'at most 2 operations',
    )
    expect(await invocation.update(startStep('2'), endStep('1'))).to.have.length(2)
  })

  it('accepts the end of a step that a crashed invocation left started', async () => {
    const stage = new ByHand()
    const first = await stage.start()
    await first.update(startStep('1'), startStep('2'), startStep('3'))
    await first.crash()
    const second = await stage.latest()
    expect(await second.update(endStep('1'), failStep('2'), pollAgain('3', 1, '0'))).to.deep.equal([
      '1 SUCCEEDED',
      '2 FAILED',
      '3 PENDING',
    ])
  })
})

describe('a checkpoint that ends the execution', () => {
  it('answers without a token, and its id does not matter', async () => {
    const stage = new ByHand()
    const invocation = await stage.start()
    const response = await invocation.checkpoint(startStep('1'), {
      Id: 'execution-result-1',
      Type: 'EXECUTION',
      Action: 'SUCCEED',
      Payload: '"large"',
    })
    expect(response).not.to.have.property('CheckpointToken')
    expect(await stage.history(invocation.arn)).to.deep.equal([
      '1 ExecutionStarted',
      '2 StepStarted 1',
      '3 InvocationCompleted',
      '4 ExecutionSucceeded',
    ])
    await invocation.succeed('')
    const described = await stage.service.getDurableExecution({
      DurableExecutionArn: invocation.arn,
    })
    expect(described).to.include({ Status: 'SUCCEEDED', Result: '"large"' })
    expect(await stage.history(invocation.arn)).to.have.length(4)
    expect(await refusal(invocation.checkpoint())).to.equal(staleToken)
  })

  it('may fail it', async () => {
    const stage = new ByHand()
    const invocation = await stage.start()
    const Error = { ErrorType: 'Broken', ErrorMessage: 'it broke' }
    await invocation.checkpoint({ Id: 'x', Type: 'EXECUTION', Action: 'FAIL', Error })
    const described = await stage.service.getDurableExecution({
      DurableExecutionArn: invocation.arn,
    })
    expect(described).to.deep.include({ Status: 'FAILED', Error })
  })
})

describe('a checkpoint token', () => {
  it('opens one call only', async () => {
    const invocation = await new ByHand().start()
    const { token } = invocation
    await invocation.checkpoint(startStep('1'))
    invocation.token = token
    expect(await refusal(invocation.checkpoint(startStep('2')))).to.equal(staleToken)
  })

  it('is worth nothing once its invocation is over', async () => {
    const stage = new ByHand()
    const first = await stage.start()
    await first.update(startCallback('1'))
    await first.pending()
    expect(await refusal(first.checkpoint())).to.equal(staleToken)
  })

  it('is worth nothing once its invocation was superseded', async () => {
    const stage = new ByHand()
    const first = await stage.start()
    await first.crash()
    const second = await stage.latest()
    expect(second).not.to.equal(first)
    expect(await refusal(first.checkpoint(startStep('1')))).to.equal(staleToken)
    expect(await second.update(startStep('1'))).to.deep.equal(['1 STARTED'])
  })

  for (const token of ['', 'nonsense', undefined, null, 7]) {
    it(`is not ${JSON.stringify(token)}, even while nothing runs`, async () => {
      const stage = new ByHand()
      const invocation = await stage.start()
      invocation.token = token as string
      expect(await refusal(invocation.checkpoint())).to.equal(staleToken)
      await invocation.throw(new Error('meanwhile'))
      expect(await refusal(invocation.checkpoint())).to.equal(staleToken)
    })
  }

  it('of another execution is refused', async () => {
    const stage = new ByHand()
    const one = await stage.start()
    const other = await stage.start()
    one.token = other.token
    expect(await refusal(one.checkpoint())).to.equal(staleToken)
  })

  it('comes with the ARN of an execution there is', async () => {
    const invocation = await new ByHand().start()
    const Updates = [startStep('1')]
    for (const arn of ['', 'nonsense', `${invocation.arn}0`]) {
      const call = { DurableExecutionArn: arn, CheckpointToken: invocation.token, Updates }
      const stage = new ByHand()
      expect(await refusal(stage.service.checkpointDurableExecution(call))).to.equal(
        'InvalidParameterValueException: Invalid Durable Execution ARN',
      )
    }
  })
})

describe('a checkpoint that is sent again', () => {
  const again = (stage: ByHand, arn: string, token: string, ClientToken: string) =>
    stage.service.checkpointDurableExecution({
      DurableExecutionArn: arn,
      CheckpointToken: token,
      ClientToken,
      Updates: [startStep('1'), endStep('1')],
    })

  it('under the same client token gets the same answer, and happens once', async () => {
    const stage = new ByHand()
    const { arn, token } = await stage.start()
    const first = await again(stage, arn, token, 'call-1')
    const second = await again(stage, arn, token, 'call-1')
    expect(second).to.deep.equal(first)
    expect(shown(second.NewExecutionState.Operations)).to.deep.equal(['1 SUCCEEDED'])
    expect(await stage.history(arn)).to.have.length(3)
  })

  it('under another client token, or after a quarter of an hour, is stale', async () => {
    const stage = new ByHand()
    const { arn, token } = await stage.start()
    await again(stage, arn, token, 'call-1')
    expect(await refusal(again(stage, arn, token, 'call-2'))).to.equal(staleToken)
    await stage.pass(15 * 60 - 1)
    expect(await again(stage, arn, token, 'call-1')).to.have.property('CheckpointToken')
    await stage.pass(2)
    expect(await refusal(again(stage, arn, token, 'call-1'))).to.equal(staleToken)
  })

  it('gets its answer even when it has ended the execution', async () => {
    const stage = new ByHand()
    const { arn, token } = await stage.start()
    const end = () =>
      stage.service.checkpointDurableExecution({
        DurableExecutionArn: arn,
        CheckpointToken: token,
        ClientToken: 'call-1',
        Updates: [{ Id: 'x', Type: 'EXECUTION', Action: 'SUCCEED' }],
      })
    expect(await end()).to.deep.equal(await end())
  })

  it('needs a client token of printable characters', async () => {
    const stage = new ByHand()
    const { arn, token } = await stage.start()
    expect(await refusal(again(stage, arn, token, 'a b'))).to.include("at 'clientToken'")
    expect(await refusal(again(stage, arn, token, 't'.repeat(65)))).to.include("at 'clientToken'")
  })
})
