import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import {
  crashEverywhere,
  expectGolden,
  graph,
  like,
  play,
  run,
  stepThrough,
  verify,
} from 'perdure/testing'
import { CardDeclined, buy, handler, scenario } from '../../samples/retries.ts'
import { times, told } from './told.ts'

const input = { card: '4000-17', amount: 1250 }
const driver = { errors: [CardDeclined] }

describe('the sample retries, in conversation', () => {
  it('charges, then notifies at most once', () => {
    play(buy, input, { driver })
      .expect(like.step('charge', { timeout: '10s' }))
      .answer('1250 from 4000-17')
      .expect(like.step('notify', { semantics: 'at-most-once' }))
      .answer()
      .returns({ paid: true, charge: '1250 from 4000-17' })
  })

  it('catches a declined card as the class that was thrown', () => {
    play(buy, input, { driver })
      .expect('charge')
      .fails(new CardDeclined('it was reported lost'))
      .returns({ paid: false, reason: 'it was reported lost' })
  })
})

describe('the sample retries, stepped through', () => {
  it('tries again when the gateway is away, and not when the card was declined', () => {
    const stepper = stepThrough(buy, { input, driver })
    const declined = stepper.fork().fail(new CardDeclined('lost'), { retry: true })
    expect(declined.outcome.status).to.equal('returned')

    stepper.fail(new Error('The gateway is away'), { retry: true })
    expect([stepper.name, stepper.attempt]).to.deep.equal(['charge', 2])
  })

  it('gives up on a gateway that is away four times', () => {
    const stepper = stepThrough(buy, { input, driver })
    const attempts: unknown[] = []
    while (stepper.operation) {
      attempts.push(stepper.attempt)
      stepper.fail(new Error('The gateway is away'), { retry: true })
    }

    expect(attempts).to.deep.equal([1, 2, 3, 4])
    expect(stepper.outcome.status).to.equal('threw')
  })
})

describe('the sample retries', () => {
  it('tries again while the gateway is away', async () => {
    const result = await run(handler, scenario)

    expect(told(result)).to.deep.equal([
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
    expect(times(result, 2)).to.deep.equal([0, 1, 6])
    expect(result.value).to.deep.equal({ paid: true, charge: '1250 from 4000-17' })
  })

  it('catches a declined card as the class that was thrown', async () => {
    const result = await run(handler, { input: { card: '9000-17', amount: 5 } })

    expect(told(result)).to.deep.equal([
      'invocation 1',
      'ran 1 step "charge", failed: The card was declined: it was reported lost',
    ])
    expect(result.value).to.deep.equal({ paid: false, reason: 'it was reported lost' })
  })

  it('hands the gateway the same key at every attempt', async () => {
    const keys: string[] = []
    const charge = (its: { idempotencyKey: string }): string => {
      if (keys.push(its.idempotencyKey) < 3) throw new Error('The gateway is away')
      return 'charged'
    }
    const result = await run(handler, { input, steps: { charge } })

    expect(result.value).to.deep.equal({ paid: true, charge: 'charged' })
    expect(keys).to.have.length(3)
    expect(new Set(keys)).to.have.property('size', 1)
  })

  it('does not send the message twice when the invocation dies after it, and the purchase stands', async () => {
    const result = await run(handler, { ...scenario, crashes: ['notify'] })

    expect(told(result).slice(-4)).to.deep.equal([
      'ran 2 step "notify"',
      'crashed when 2 step "notify" was done and not yet recorded',
      'invocation 4',
      'replayed 1 step "charge", 2 step "notify"',
    ])
    expect(result.value).to.deep.equal({ paid: true, charge: '1250 from 4000-17' })
  })

  it('has the history that it always had', async () => {
    expectGolden(await run(handler, scenario), new URL('golden/retries.json', import.meta.url))
  })

  it('goes on with executions that began with older code', async () => {
    const history = readFileSync(new URL('histories/retries.json', import.meta.url), 'utf8')
    const { histories } = await verify(handler, { '4000-17': history })

    expect(histories[0]?.verdict).to.equal('identical')
  })

  it('is paid wherever it is killed', async () => {
    const { undisturbed } = await crashEverywhere(handler, input)

    expect(undisturbed.result).to.deep.equal({ paid: true, charge: '1250 from 4000-17' })
  })
})

describe('the sample retries, drawn', () => {
  it('notifies only whom it has charged', () => {
    const { mermaid } = graph(buy, {
      input,
      driver,
      choices: { charge: [{ succeed: 'charged' }, { fail: new CardDeclined('lost') }] },
    })

    expect(mermaid).to.equal(`flowchart TD
  n0(("start"))
  n1["step #quot;charge#quot;"]
  n2["step #quot;notify#quot;"]
  n3(["returned"])
  n0 --> n1
  n1 -->|"#quot;charged#quot;"| n2
  n1 -->|"fails: The card was declined: lost"| n3
  n2 --> n3
`)
  })
})
