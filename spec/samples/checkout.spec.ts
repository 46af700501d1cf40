import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { invoke, wait } from 'perdure'
import {
  crashEverywhere,
  expectGolden,
  graph,
  like,
  play,
  run,
  stepThrough,
  verify,
  type Scenario,
} from 'perdure/testing'
import { charges, checkout, handler, scenario } from '../../samples/checkout.ts'
import { times, told } from './told.ts'

const undisturbed: Scenario = { ...scenario, crashes: [] }
const order = { id: 'order-17', amount: 4200 }
const payment = { id: 'pay-order-17', amount: 4200 }

describe('the sample checkout, in conversation', () => {
  /** Every order goes that far. */
  const asked = () =>
    play(checkout, order)
      .expect(like.step('charge'))
      .answer(payment)
      .expect(wait('cooling-off', '1d'))
      .expect(like.waitForCallback('approve', { timeout: '3d' }))

  it('ships what has been approved', () => {
    asked()
      .answer({ ok: true, by: 'Alex' })
      .expect(invoke('shipping', order))
      .answer({ tracking: 'track-17' })
      .returns({ payment: 'pay-order-17', tracking: 'track-17', approvedBy: 'Alex' })
  })

  it('gives the money back when a person says no', () => {
    asked()
      .answer({ ok: false, by: 'Kim' })
      .expect('refund')
      .answer()
      .returns({ payment: 'pay-order-17', refunded: true, reason: 'declined by Kim' })
  })

  it('has nothing to give back when the charge fails', () => {
    play(checkout, order).expect('charge').fails(new Error('no money')).throws('no money')
  })
})

describe('the sample checkout, stepped through', () => {
  it('gives the money back, whatever goes wrong once it is charged', () => {
    const approval = stepThrough(checkout, { input: order }).succeed(payment).runTo('approve')
    const shipping = approval.fork().succeed({ ok: true, by: 'Alex' })
    const wrong = {
      CALLBACK_TIMED_OUT: approval.fork().timeout(),
      CALLBACK_FAILED: approval.fork().fail(new Error('the link is too old')),
      INVOKE_FAILED: shipping.fork().fail(new Error('out of boxes')),
    }

    for (const [reason, stepper] of Object.entries(wrong)) {
      expect(stepper.name).to.equal('refund')
      expect(stepper.succeed().outcome).to.deep.equal({
        status: 'returned',
        value: { payment: 'pay-order-17', refunded: true, reason },
      })
    }
  })
})

describe('the sample checkout', () => {
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

  it('charges, cools off, asks and ships', async () => {
    const result = await run(handler, undisturbed)

    expect(told(result)).to.deep.equal([
      ...charged,
      ...asked,
      ...answered,
      'started 4 invoke "shipping"',
      'suspended for 4 invoke of shipping',
      'invocation 4',
      'replayed 1 step "charge", 2 wait "cooling-off", 3 waitForCallback "approve", 4 invoke "shipping"',
    ])
    expect(times(result, 3600)).to.deep.equal([0, 24, 26, 26])
    expect(result.value).to.deep.equal({
      payment: 'pay-order-17',
      tracking: 'track-order-17',
      approvedBy: 'Alex',
    })
  })

  it('ends the same when its invocation dies after the charge', async () => {
    const whole = await run(handler, undisturbed)
    const crashed = await run(handler, scenario)

    expect(told(crashed).slice(0, 6)).to.deep.equal([
      'invocation 1',
      'ran 1 step "charge"',
      'crashed when 1 step "charge" was done and not yet recorded',
      'invocation 2',
      'went on 1 step "charge"',
      'ran 1 step "charge"',
    ])
    expect(crashed.invocations).to.have.length(whole.invocations.length + 1)
    expect(crashed.value).to.deep.equal(whole.value)
  })

  it('gives the money back when a person says no', async () => {
    const callbacks = { approve: { succeed: { ok: false, by: 'Kim' } } }
    const result = await run(handler, { ...undisturbed, callbacks })

    expect(told(result)).to.deep.equal([...charged, ...asked, ...answered, 'ran 4 step "refund"'])
    expect(result.value).to.deep.equal({
      payment: 'pay-order-17',
      refunded: true,
      reason: 'declined by Kim',
    })
  })

  it('gives the money back when nobody answers within three days', async () => {
    const result = await run(handler, { ...undisturbed, callbacks: { approve: 'timeout' } })

    expect(told(result)).to.deep.equal([...charged, ...asked, ...answered, 'ran 4 step "refund"'])
    expect(times(result, 86_400)).to.deep.equal([0, 1, 4])
    expect(result.value).to.deep.equal({
      payment: 'pay-order-17',
      refunded: true,
      reason: 'CALLBACK_TIMED_OUT',
    })
  })

  it('gives the money back when nothing can be shipped', async () => {
    const shipping = (): never => {
      throw new Error('out of boxes')
    }
    const result = await run(handler, { ...undisturbed, functions: { shipping } })

    expect(result.value).to.deep.equal({
      payment: 'pay-order-17',
      refunded: true,
      reason: 'INVOKE_FAILED',
    })
  })

  it('refuses an order without an amount before anything is charged', async () => {
    const result = await run(handler, { ...undisturbed, input: { id: 'order-18' } })

    expect(told(result)).to.deep.equal(['invocation 1'])
    expect(result.status).to.equal('FAILED')
    expect(result.errorRecord?.ErrorType).to.equal('InvalidInputError')
  })

  it('has the history that it always had', async () => {
    expectGolden(await run(handler, undisturbed), new URL('golden/checkout.json', import.meta.url))
  })

  it('goes on with executions that began with older code', async () => {
    const history = readFileSync(new URL('histories/checkout.json', import.meta.url), 'utf8')
    const { histories } = await verify(handler, { 'order-17': history })

    expect(histories[0]?.verdict).to.equal('identical')
  })
})

describe('the sample checkout, killed everywhere', () => {
  beforeEach(() => {
    charges.clear()
  })

  it('charges once', async () => {
    const report = await crashEverywhere(handler, order, { ...scenario, world: charges })

    expect([...(report.undisturbed.world as typeof charges).values()]).to.deep.equal([payment])
  })

  it('keeps no money when a person says no', async () => {
    const callbacks = { approve: { succeed: { ok: false, by: 'Kim' } } }
    const report = await crashEverywhere(handler, order, { callbacks, world: charges })

    expect(report.undisturbed.result).to.include({ refunded: true })
    expect(report.undisturbed.world).to.have.property('size', 0)
  })
})

describe('the sample checkout, drawn', () => {
  it('has one way to be shipped, and ends in a refund on all others', () => {
    const { mermaid, isComplete } = graph(checkout, {
      input: order,
      choices: {
        charge: [{ succeed: payment }],
        approve: [{ succeed: { ok: true } }, { succeed: { ok: false } }, 'timeout'],
        shipping: [{ succeed: { tracking: 't' } }, { fail: new Error('out of boxes') }],
      },
    })

    expect(isComplete).to.equal(true)
    expect(mermaid).to.equal(`flowchart TD
  n0(("start"))
  n1["step #quot;charge#quot;"]
  n2("wait #quot;cooling-off#quot;")
  n3[/"waitForCallback #quot;approve#quot;"/]
  n4[["invoke #quot;shipping#quot;"]]
  n5["step #quot;refund#quot;"]
  n6(["returned"])
  n7["step #quot;refund#quot;"]
  n0 --> n1
  n1 --> n2
  n2 --> n3
  n3 -->|"{#quot;ok#quot;:true}"| n4
  n3 -->|"{#quot;ok#quot;:false}, timeout"| n5
  n4 -->|"{#quot;tracking#quot;:#quot;t#quot;}"| n6
  n4 -->|"fails: out of boxes"| n7
  n7 --> n6
  n5 --> n6
`)
  })
})
