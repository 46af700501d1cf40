import { expect } from 'chai'
import { MemoryStore } from '../../lib/service/memory-store.ts'
import type { ExecutionChange, Store, StoredExecution } from '../../lib/service/store.ts'
import { ByHand, rest } from './by-hand.ts'
import {
  endContext,
  endStep,
  retryStep,
  startCallback,
  startContext,
  startInvoke,
  startStep,
  startWait,
} from './updates.ts'

/** Keeps JSON only, as a file would. */
class TextStore implements Store {
  readonly #below = new MemoryStore()

  load(): Iterable<StoredExecution> {
    return structuredClone([...this.#below.load()])
  }

  save(changes: readonly ExecutionChange[]): void {
    const text = JSON.stringify(changes)
    expect(JSON.parse(text)).to.deep.equal(changes)
    this.#below.save(JSON.parse(text) as ExecutionChange[])
  }

  remove(arn: string): void {
    this.#below.remove(arn)
  }
}

function register({ service }: ByHand): void {
  for (const name of ['orders', 'ship']) service.register({ name, durable: {} })
  service.register({ name: 'price' })
}

/** A new service on what the old one has stored. */
async function restarted(store: Store, seconds = 0): Promise<ByHand> {
  const stage = new ByHand({ store })
  register(stage)
  stage.clock.advance(seconds * 1000)
  stage.service.resume()
  await rest()
  return stage
}

describe('a service that was restarted on its store', () => {
  it('keeps waits, retries and callbacks going', async () => {
    const store = new TextStore()
    const before = new ByHand({ store })
    register(before)
    const first = await before.start({}, '1')
    const { NewExecutionState } = await first.checkpoint(
      startContext('1'),
      startWait('1-1', 30, { ParentId: '1' }),
      startStep('2'),
      retryStep('2', 20),
      startCallback('3', { TimeoutSeconds: 40, HeartbeatTimeoutSeconds: 35 }),
      startCallback('4'),
    )
    const record = NewExecutionState.Operations.at(-1)
    const id = (record?.Type === 'CALLBACK' && record.CallbackDetails?.CallbackId) || ''
    await first.pending()

    const after = await restarted(store, 10)
    expect(after.invocations).to.deep.equal([])
    for (const [seconds, updated] of [
      [10, '2'],
      [10, '1-1'],
      [5, '3'],
    ] as const) {
      await after.pass(seconds)
      const invocation = await after.latest()
      expect(invocation.envelope.UpdatedOperationIds).to.deep.equal([updated])
      await invocation.pending()
    }
    await after.service.sendDurableExecutionCallbackSuccess({ CallbackId: id, Result: '1' })
    const last = await after.latest()
    expect(last.operations).to.deep.equal([
      '1 STARTED',
      '1-1 SUCCEEDED',
      '2 READY',
      '3 TIMED_OUT',
      '4 SUCCEEDED',
    ])
    await last.succeed('"done"')
    const twice = await restarted(store, 100)
    expect(await twice.status(first.arn)).to.equal('SUCCEEDED')
    expect(await twice.history(first.arn)).to.deep.equal(await after.history(first.arn))
    expect(twice.invocations).to.deep.equal([])
  })

  it('makes an invocation again that was in flight', async () => {
    const store = new TextStore()
    const before = new ByHand({ store, retry: { crashAttempts: 1 } })
    const first = await before.start()
    await first.update(startContext('1'), endStep('1-1', '1', { ParentId: '1' }), endContext('1'))

    const after = await restarted(store)
    const again = await after.latest()
    expect(again.operations).to.deep.equal(['1 SUCCEEDED'])
    expect((await after.history(first.arn)).at(-1)).to.equal('5 InvocationCompleted')
    expect(await again.update(startStep('2'))).to.deep.equal(['2 STARTED'])
  })

  it('goes on pausing after an invocation that threw', async () => {
    const store = new TextStore()
    const before = new ByHand({ store, retry: { initialDelaySeconds: 10 } })
    const first = await before.start()
    await first.throw(new Error('later'))
    const after = await restarted(store, 9)
    expect(after.invocations).to.deep.equal([])
    await after.pass(1)
    expect((await after.latest()).request.attempt).to.equal(2)
  })

  it('makes the calls again that nobody has answered', async () => {
    const store = new TextStore()
    const before = new ByHand({ store })
    register(before)
    const first = await before.start()
    await first.update(startInvoke('1', 'price', '7', 'tenant-1'), startInvoke('2', 'ship'))
    await first.pending()
    const shipping = before.invocations.find(({ request }) => request.functionName === 'ship')

    const after = await restarted(store)
    await after.pass(1)
    const [ship, price] = after.invocations
    expect(ship?.request.executionArn).to.equal(shipping?.arn)
    expect(price?.request).to.deep.include({
      functionName: 'price',
      event: 7,
      tenantId: 'tenant-1',
    })
    await ship?.succeed('"shipped"')
    const orders = await after.latest()
    expect(orders.operations).to.deep.equal(['1 STARTED', '2 SUCCEEDED'])
    await price?.answer(8)
    expect(await orders.update()).to.deep.equal(['1 SUCCEEDED'])
  })

  it('keeps names, and times executions out when they would have been', async () => {
    const store = new TextStore()
    const before = new ByHand({ store })
    const settings = { name: 'orders', durable: { executionTimeoutSeconds: 60 } }
    before.service.register(settings)
    const request = {
      FunctionName: 'orders',
      InvocationType: 'Event',
      DurableExecutionName: 'order-1',
    } as const
    const { DurableExecutionArn: arn = '' } = await before.service.invoke(request)
    await (await before.latest()).update(startCallback('1'))
    await (await before.latest()).pending()

    const after = await restarted(store, 59)
    expect((await after.service.invoke(request)).DurableExecutionArn).to.equal(arn)
    await after.pass(1)
    expect(await after.status(arn)).to.equal('TIMED_OUT')
  })

  it('finds what was under way when the one before was closed, and that did nothing more', async () => {
    const store = new TextStore()
    const before = new ByHand({ store })
    register(before)
    const first = await before.start({}, '1')
    await first.checkpoint(startInvoke('1', 'ship:$LATEST', '7'), startWait('2', 5))
    const stored = JSON.stringify([...store.load()])
    const invoked = before.invocations.length

    before.service.close()
    await first.pending()
    await before.pass(60)
    expect(before.invocations.length).to.equal(invoked)
    expect(JSON.stringify([...store.load()])).to.equal(stored)

    const after = await restarted(store, 60)
    expect(after.invocations.length).to.equal(2)
  })
})
