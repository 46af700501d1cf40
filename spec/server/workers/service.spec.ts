import { expect } from 'chai'
import { systemClock } from '../../../lib/kernel/clock.ts'
import { LambdaService } from '../../../lib/service/service.ts'
import type { FunctionSettings } from '../../../lib/service/service.ts'
import { Stand } from './stand.ts'

describe('the service with functions in processes', () => {
  const stand = new Stand()
  const service = new LambdaService({
    clock: systemClock,
    invoker: stand.workers,
    region: 'eu-west-1',
    retry: { errorAttempts: 1, crashAttempts: 2 },
  })
  const host = (settings: FunctionSettings) => {
    service.register(settings)
    stand.host(settings.name, { ...settings, concurrency: 1 })
  }
  after(() => stand.close())

  const call = async (FunctionName: string, event: unknown) => {
    const request = { FunctionName, Qualifier: '$LATEST', Payload: JSON.stringify(event) }
    const { FunctionError, Payload = '' } = await service.invoke(request)
    return { FunctionError, answer: JSON.parse(Payload) as Record<string, unknown> }
  }

  it('counts a function’s time from when it has a process', async () => {
    host({ name: 'acts', timeoutSeconds: 1 })
    const [looped, waited] = await Promise.all([
      call('acts', { do: 'loop' }),
      // Waits for its process for longer than it may run.
      call('acts', { do: 'tell' }),
    ])
    expect(looped.FunctionError).to.equal('Unhandled')
    expect(looped.answer['errorType']).to.equal('Sandbox.Timedout')
    expect(looped.answer['errorMessage']).to.match(/Task timed out after 1\.00 seconds$/)
    expect(waited.FunctionError).to.equal(undefined)
    expect(waited.answer['left']).to.be.within(1, 1000)
  })

  it('makes the call of a durable function again when its process dies', async () => {
    service.register({ name: 'dies', durable: {} })
    stand.host('dies', { durable: {} }, 'acts.mjs', 'dies')
    const { answer } = await call('dies', null)
    expect(answer['errorType']).to.equal('Runtime.ExitError')
    const lines = stand.lines.filter(({ functionName }) => functionName === 'dies')
    const starts = lines.filter(({ text }) => text.startsWith('START'))
    expect(starts).to.have.lengthOf(2)
    expect(new Set(starts.map(({ executionArn }) => executionArn)).size).to.equal(1)
  })
})

describe('an invocation', () => {
  it('reaches no process before what it rests on is durable', async () => {
    let commit: () => void = () => {}
    const committed = new Promise<void>((resolve) => (commit = resolve))
    const stand = new Stand({ durability: { committed: () => committed } })
    stand.host('acts')
    const answer = stand.invoke('acts', { do: 'nothing' })
    await new Promise((resolve) => setImmediate(resolve))
    expect(stand.workers.processes()).to.deep.equal([])
    commit()
    expect(await answer).to.equal(null)
    await stand.close()
  })

  it('is refused for a function that is not hosted', async () => {
    const stand = new Stand()
    const [type] = await stand.failure('nobody', {})
    expect(type).to.equal('ResourceNotFoundException')
    await stand.close()
  })
})

describe('processes', () => {
  const stand = new Stand()
  after(() => stand.close())

  it('are listed with what they do, and replaced when the code changes', async () => {
    stand.host('acts', { concurrency: 2 })
    const executionArn = 'arn:execution'
    const busy = stand.invoke('acts', { do: 'gate', name: 'one' }, { executionArn })
    const other = stand.invoke('acts', { do: 'gate', name: 'two' })
    await stand.waitingAt('one', 'two')
    stand.open('two')
    expect(await other).to.equal('two is open')
    expect(await stand.invoke('acts', { do: 'nothing' })).to.equal(null)

    const shown = stand.workers.processes()
    expect(
      shown.map((one) => [one.functionName, one.version, one.invocations, one.executionArn]),
    ).to.have.deep.members([
      ['acts', '$LATEST', 1, executionArn],
      ['acts', '$LATEST', 2, undefined],
    ])
    stand.workers.reload('acts')
    stand.open('one')
    expect(await busy).to.equal('one is open')
    const { pid, calls } = (await stand.invoke('acts', { do: 'tell' })) as Record<string, number>
    expect(calls).to.equal(1)
    expect(shown.map((one) => one.pid)).to.not.include(pid)
  })
})
