import { expect } from 'chai'
import { rehearse, type Scenario } from 'perdure/testing'
import { handler, scenario } from '../../samples/checkout.ts'
import { end, times, told } from './told.ts'

const undisturbed: Scenario = { ...scenario, crashes: [] }

const charged = [
  'invocation 1',
  'ran 1 step "charge"',
  'said charged',
  'started 2 wait "cooling-off"',
  'suspended for 2 wait "cooling-off"',
]

const asked = [
  'invocation 2',
  'replayed 1 step "charge", 2 wait "cooling-off"',
  'started 3 waitForCallback "approve"',
  'started 3-1 createCallback',
  'ran 3-2 step',
  'suspended for 3-1 callback',
]

const answered = [
  'invocation 3',
  'replayed 1 step "charge", 2 wait "cooling-off", 3-1 createCallback, 3-2 step',
  'went on 3 waitForCallback "approve"',
]

describe('the sample checkout', () => {
  it('charges, cools off, asks and ships', async () => {
    const run = await rehearse(handler, undisturbed)

    expect(told(run)).to.deep.equal([
      ...charged,
      ...asked,
      ...answered,
      'started 4 invoke "shipping"',
      'suspended for 4 invoke of shipping',
      'invocation 4',
      'replayed 1 step "charge", 2 wait "cooling-off", 3 waitForCallback "approve", 4 invoke "shipping"',
    ])
    expect(times(run, 3600)).to.deep.equal([0, 24, 26, 26])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { payment: 'pay-order-17', tracking: 'track-order-17', approvedBy: 'Alex' },
    })
  })

  it('ends the same when its invocation dies after the charge', async () => {
    const whole = await rehearse(handler, undisturbed)
    const crashed = await rehearse(handler, scenario)

    expect(told(crashed).slice(0, 6)).to.deep.equal([
      'invocation 1',
      'ran 1 step "charge"',
      'crashed when 1 step "charge" was done and not yet recorded',
      'invocation 2',
      'went on 1 step "charge"',
      'ran 1 step "charge"',
    ])
    expect(crashed.invocations).to.have.length(whole.invocations.length + 1)
    expect(end(crashed)).to.deep.equal(end(whole))
  })

  it('gives the money back when a person says no', async () => {
    const run = await rehearse(handler, {
      ...undisturbed,
      callbacks: { approve: { succeed: { ok: false, by: 'Kim' } } },
    })

    expect(told(run)).to.deep.equal([...charged, ...asked, ...answered, 'ran 4 step "refund"'])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { payment: 'pay-order-17', refunded: true, reason: 'declined by Kim' },
    })
  })

  it('gives the money back when nobody answers within three days', async () => {
    const run = await rehearse(handler, { ...undisturbed, callbacks: {} })

    expect(told(run)).to.deep.equal([...charged, ...asked, ...answered, 'ran 4 step "refund"'])
    expect(times(run, 86_400)).to.deep.equal([0, 1, 4])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { payment: 'pay-order-17', refunded: true, reason: 'CALLBACK_TIMED_OUT' },
    })
  })

  it('gives the money back when nothing can be shipped', async () => {
    const run = await rehearse(handler, {
      ...undisturbed,
      functions: {
        shipping: {
          plain: () => {
            throw new Error('out of boxes')
          },
        },
      },
    })

    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { payment: 'pay-order-17', refunded: true, reason: 'INVOKE_FAILED' },
    })
  })

  it('refuses an order without an amount before anything is charged', async () => {
    const run = await rehearse(handler, { ...undisturbed, input: { id: 'order-18' } })

    expect(told(run)).to.deep.equal(['invocation 1'])
    expect(end(run)).to.deep.equal({ status: 'FAILED', error: 'InvalidInputError' })
  })
})
