import { expect } from 'chai'
import { Chaos } from '../../../lib/server/chaos/chaos.ts'
import { duplicating } from '../../../lib/server/chaos/duplicating.ts'
import type { InvocationRequest } from '../../../lib/service/invoker.ts'

const call = 'CheckpointDurableExecution'

describe('faults on request', () => {
  it('strike as often as they were asked for, and then no more', () => {
    const chaos = new Chaos({ fraction: () => 0 })
    chaos.plant({ kind: 'throttle', times: 2 })

    expect([1, 2, 3].map(() => chaos.strikes('throttle', { call })?.struck)).to.deep.equal([
      1,
      2,
      undefined,
    ])
    expect(chaos.faults).to.deep.equal([])
  })

  it('strike only the call and the function they were meant for', () => {
    const chaos = new Chaos({ fraction: () => 0 })
    chaos.plant({ kind: 'delay', call, functionName: 'order', milliseconds: 5 })

    expect(chaos.strikes('delay', { call: 'Invoke', functionName: 'order' })).to.equal(undefined)
    expect(chaos.strikes('delay', { call, functionName: 'other' })).to.equal(undefined)
    expect(chaos.strikes('throttle', { call, functionName: 'order' })).to.equal(undefined)
    expect(chaos.strikes('delay', { call, functionName: 'order' })).to.deep.include({
      milliseconds: 5,
      struck: 1,
    })
  })

  it('strike as likely as they were asked to', () => {
    const drawn = [0.1, 0.6, 0.4]
    const chaos = new Chaos({ fraction: () => drawn.shift() ?? 1 })
    chaos.plant({ kind: 'throttle', rate: 0.5 })

    expect([1, 2, 3].map(() => chaos.strikes('throttle', {}) !== undefined)).to.deep.equal([
      true,
      false,
      true,
    ])
  })

  it('are taken away one by one or all at once', () => {
    const chaos = new Chaos({ fraction: () => 0 })
    const { id } = chaos.plant({ kind: 'throttle' })
    chaos.plant({ kind: 'delay', milliseconds: 1 })
    chaos.plant({ kind: 'duplicate' })

    expect(chaos.clear(id)).to.equal(1)
    expect(chaos.clear(id)).to.equal(0)
    expect(chaos.faults.map(({ kind }) => kind)).to.deep.equal(['delay', 'duplicate'])
    expect(chaos.clear()).to.equal(2)
  })
})

describe('an invocation that is to be delivered twice', () => {
  const request = { functionName: 'order' } as InvocationRequest

  it('is answered by the first delivery, whatever becomes of the second', async () => {
    const chaos = new Chaos({ fraction: () => 0 })
    chaos.plant({ kind: 'duplicate', times: 1 })
    let deliveries = 0
    const invoker = duplicating(
      {
        invoke() {
          deliveries += 1
          return deliveries === 2 ? Promise.reject(new Error('no')) : Promise.resolve(deliveries)
        },
      },
      chaos,
    )

    expect(await invoker.invoke(request)).to.equal(1)
    expect(await invoker.invoke(request)).to.equal(3)
    expect(deliveries).to.equal(3)
  })

  it('leave it to the invoker to count the time of functions', () => {
    const invoker = { keepsTime: true, invoke: () => Promise.resolve() }

    expect(duplicating(invoker, new Chaos({ fraction: () => 0 })).keepsTime).to.equal(true)
  })
})
