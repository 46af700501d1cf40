import { expect } from 'chai'
import { VirtualClock } from '../../lib/testing/virtual-clock.ts'
import { ByHand, rest, start } from './by-hand.ts'
import { startInvoke, startWait } from './updates.ts'

const day = 86_400_000

/** A service whose own time is moved, beside processes that live by another clock. */
function apart() {
  const invocationClock = new VirtualClock({ start: 5000, auto: false })
  const stage = new ByHand({ invocationClock, retry: { errorAttempts: 1 } })
  return { stage, invocationClock }
}

describe('a service with a clock of its own for invocations', () => {
  it('tells functions of a deadline by that clock', async () => {
    const { stage } = apart()
    const first = await stage.start({ timeoutSeconds: 60 })
    expect(first.request.deadline).to.equal(5000 + 60_000)

    stage.service.register({ name: 'price', timeoutSeconds: 3 })
    void stage.service.invoke({ FunctionName: 'price' })
    expect((await stage.latest()).request.deadline).to.equal(5000 + 3000)
  })

  it('lets no invocation run out of time because the time in the service was moved', async () => {
    const { stage, invocationClock } = apart()
    const first = await stage.start({ timeoutSeconds: 60 })
    await stage.pass(3600)
    expect(await first.update(startWait('1', 10))).to.deep.equal(['1 STARTED'])

    invocationClock.advance(60_000)
    await rest()
    expect(await stage.status(first.arn)).to.equal('FAILED')
    expect((await stage.history(first.arn)).slice(-2)).to.deep.equal([
      '3 InvocationCompleted',
      '4 ExecutionFailed',
    ])
  })

  it('times executions out by the time in the service', async () => {
    const { stage, invocationClock } = apart()
    const first = await stage.start({ durable: { executionTimeoutSeconds: 60 } })
    invocationClock.advance(59_000)
    expect(await stage.status(first.arn)).to.equal('RUNNING')
    await stage.pass(60)
    expect(await stage.status(first.arn)).to.equal('TIMED_OUT')
    expect(stage.clock.now()).to.be.below(start + day)
  })

  it('starts a callee while its caller goes on, though the time in the service stands', async () => {
    const { stage, invocationClock } = apart()
    const first = await stage.start()
    stage.service.register({ name: 'ship', durable: {} })
    await first.update(startInvoke('1', 'ship'))
    expect(stage.invocations).to.have.length(1)
    invocationClock.advance(1000)
    await rest()
    expect(stage.invocations.at(-1)?.request.functionName).to.equal('ship')
  })
})
