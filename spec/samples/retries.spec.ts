import { expect } from 'chai'
import { rehearse } from 'perdure/testing'
import { handler, scenario } from '../../samples/retries.ts'
import { end, times, told } from './told.ts'

describe('the sample retries', () => {
  it('tries again while the gateway is away', async () => {
    const run = await rehearse(handler, scenario)

    expect(told(run)).to.deep.equal([
      'invocation 1',
      'ran 1 step "charge", failed: The gateway is away',
      'suspended for 1 the next attempt of step "charge"',
      'invocation 2',
      'went on 1 step "charge"',
      'ran 1 step "charge", attempt 2, failed: The gateway is away',
      'suspended for 1 the next attempt of step "charge"',
      'invocation 3',
      'went on 1 step "charge"',
      'ran 1 step "charge", attempt 3',
      'ran 2 step "notify"',
    ])
    expect(times(run, 2)).to.deep.equal([0, 1, 6])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { paid: true, charge: '1250 from 4000-17' },
    })
  })

  it('catches a declined card as the class that was thrown', async () => {
    const run = await rehearse(handler, { input: { card: '9000-17', amount: 5 } })

    expect(told(run)).to.deep.equal([
      'invocation 1',
      'ran 1 step "charge", failed: The card was declined: it was reported lost',
    ])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { paid: false, reason: 'it was reported lost' },
    })
  })

  it('does not send the message twice when the invocation dies after it, and the purchase stands', async () => {
    const run = await rehearse(handler, { ...scenario, crashes: ['notify'] })

    expect(told(run).slice(-4)).to.deep.equal([
      'ran 2 step "notify"',
      'crashed when 2 step "notify" was done and not yet recorded',
      'invocation 4',
      'replayed 1 step "charge", 2 step "notify"',
    ])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { paid: true, charge: '1250 from 4000-17' },
    })
  })
})
