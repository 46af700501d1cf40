import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { wait } from 'perdure'
import {
  crashEverywhere,
  expectGolden,
  graph,
  like,
  play,
  run,
  start,
  stepThrough,
  verify,
} from 'perdure/testing'
import { collect, handler, scenario } from '../../samples/reminders.ts'
import { times, told } from './told.ts'

const input = { number: '2026-041', amount: 99 }

describe('the sample reminders, in conversation', () => {
  it('keeps the peace for a fortnight, then reminds, then asks no more', () => {
    play(collect, input)
      .expect(wait('peace', '14d'))
      .expect('remind-1')
      .answer()
      .expect(like.callback('paid-1', { timeout: '7d' }))
      .answer({ paidWith: 'transfer' })
      .returns({ number: '2026-041', reminders: 1, paidWith: 'transfer' })
  })

  it('hands over when three reminders bring nothing', () => {
    const talk = play(collect, input).expect(like.wait('peace'))
    for (const reminder of [1, 2, 3]) {
      talk.expect(`remind-${reminder}`).answer().expect(`paid-${reminder}`).timeout()
    }

    talk.expect('hand over').answer().returns({ number: '2026-041', reminders: 3, paidWith: null })
  })
})

describe('the sample reminders, stepped through', () => {
  it('takes a payment that comes while the reminder is being sent', () => {
    const stepper = stepThrough(collect, { input }).next()
    expect(stepper.name).to.equal('remind-1')
    stepper.at('paid-1').succeed({ paidWith: 'cash' })
    stepper.at('remind-1').succeed()

    expect(stepper.outcome).to.deep.equal({
      status: 'returned',
      value: { number: '2026-041', reminders: 1, paidWith: 'cash' },
    })
  })
})

describe('the sample reminders', () => {
  it('reminds a week apart until the invoice is paid', async () => {
    const result = await run(handler, scenario)

    expect(told(result)).to.deep.equal([
      'invocation 1',
      'started 1 wait "peace"',
      'suspended for 1 wait "peace"',
      'invocation 2',
      'replayed 1 wait "peace"',
      'started 2 createCallback "paid-1"',
      'ran 3 step "remind-1"',
      'suspended for 2 callback "paid-1"',
      'invocation 3',
      'replayed 1 wait "peace", 2 createCallback "paid-1", 3 step "remind-1"',
      'started 4 createCallback "paid-2"',
      'ran 5 step "remind-2"',
      'suspended for 4 callback "paid-2"',
      'invocation 4',
      'replayed 1 wait "peace", 2 createCallback "paid-1", 3 step "remind-1", ' +
        '4 createCallback "paid-2", 5 step "remind-2"',
    ])
    expect(times(result, 86_400)).to.deep.equal([0, 14, 21, 23])
    expect(result.value).to.deep.equal({
      number: '2026-041',
      reminders: 2,
      paidWith: 'transfer',
    })
  })

  it('hands over after the third reminder', async () => {
    const result = await run(handler, { input })

    expect(told(result).at(-1)).to.equal('ran 8 step "hand over"')
    expect(times(result, 86_400)).to.deep.equal([0, 14, 21, 28, 35])
    expect(result.value).to.deep.equal({ number: '2026-041', reminders: 3, paidWith: null })
  })

  it('is over as soon as somebody clicks on the link of the second reminder', async () => {
    const execution = start(collect, { input })
    const link = await execution.callback('paid-2').waitFor()
    expect(execution.callback('paid-1').status).to.equal('TIMED_OUT')
    await link.succeed({ paidWith: 'card' })

    expect((await execution.result).value).to.include({ reminders: 2, paidWith: 'card' })
  })

  it('has the history that it always had', async () => {
    expectGolden(await run(handler, scenario), new URL('golden/reminders.json', import.meta.url))
  })

  it('goes on with executions that began with older code', async () => {
    const history = readFileSync(new URL('histories/reminders.json', import.meta.url), 'utf8')
    const { histories } = await verify(handler, { '2026-041': history })

    expect(histories[0]?.verdict).to.equal('identical')
  })

  it('is paid after as many reminders wherever it is killed', async () => {
    const { undisturbed } = await crashEverywhere(handler, input, scenario)

    expect(undisturbed.result).to.include({ reminders: 2, paidWith: 'transfer' })
  })
})

describe('the sample reminders, drawn', () => {
  it('can be paid after each reminder, and hands over after the last', () => {
    const paid = [{ succeed: { paidWith: 'cash' } }, 'timeout'] as const
    const { mermaid } = graph(collect, {
      input,
      choices: { 'paid-1': paid, 'paid-2': paid, 'paid-3': paid },
    })

    expect(mermaid).to.equal(`flowchart TD
  n0(("start"))
  n1("wait #quot;peace#quot;")
  n2["step #quot;remind-1#quot;"]
  n3[/"createCallback #quot;paid-1#quot;"/]
  n4(["returned"])
  n5["step #quot;remind-2#quot;"]
  n6[/"createCallback #quot;paid-2#quot;"/]
  n7["step #quot;remind-3#quot;"]
  n8[/"createCallback #quot;paid-3#quot;"/]
  n9["step #quot;hand over#quot;"]
  n0 --> n1
  n1 --> n2
  n2 --> n3
  n3 -->|"{#quot;paidWith#quot;:#quot;cash#quot;}"| n4
  n3 -->|"timeout"| n5
  n5 --> n6
  n6 -->|"{#quot;paidWith#quot;:#quot;cash#quot;}"| n4
  n6 -->|"timeout"| n7
  n7 --> n8
  n8 -->|"{#quot;paidWith#quot;:#quot;cash#quot;}"| n4
  n8 -->|"timeout"| n9
  n9 --> n4
`)
  })
})
