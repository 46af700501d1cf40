import { readFileSync } from 'node:fs'
import { expect } from 'chai'
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
import { approveExpense, handler, scenario } from '../../samples/approval.ts'
import { times, told } from './told.ts'

const input = { id: 'exp-7', amount: 180 }

describe('the sample approval, in conversation', () => {
  it('asks the director when two days bring no answer from the manager', () => {
    play(approveExpense, input)
      .expect(like.waitForCallback('manager', { timeout: '2d' }))
      .timeout()
      .expect(like.waitForCallback('director', { timeout: '2d' }))
      .answer({ approved: true, by: 'Robin' })
      .expect('pay')
      .answer()
      .returns({ id: 'exp-7', outcome: 'paid', by: 'Robin' })
  })

  it('asks nobody else when the manager says no', () => {
    play(approveExpense, input)
      .expect('manager')
      .answer({ approved: false, by: 'Sam' })
      .returns({ id: 'exp-7', outcome: 'rejected', by: 'Sam' })
  })

  it('fails when the answer is a failure', () => {
    play(approveExpense, input)
      .expect('manager')
      .fails(new Error('the link is too old'))
      .throws('CALLBACK_FAILED')
  })
})

describe('the sample approval, stepped through', () => {
  it('waits for nobody beyond the fourth day', () => {
    const stepper = stepThrough(approveExpense, { input })
    const began = stepper.now
    stepper.timeout().timeout()

    expect(stepper.outcome).to.deep.equal({
      status: 'returned',
      value: { id: 'exp-7', outcome: 'rejected', by: 'nobody answered' },
    })
    expect(Math.floor((stepper.now - began) / 86_400_000)).to.equal(4)
  })
})

describe('the sample approval', () => {
  it('asks the director when the manager does not answer', async () => {
    const result = await run(handler, scenario)

    expect(told(result)).to.deep.equal([
      'invocation 1',
      'started 1 waitForCallback "manager"',
      'started 1-1 createCallback',
      'ran 1-2 step',
      'suspended for 1-1 callback',
      'invocation 2',
      'replayed 1-1 createCallback, 1-2 step',
      'went on 1 waitForCallback "manager"',
      'started 2 waitForCallback "director"',
      'started 2-1 createCallback',
      'ran 2-2 step',
      'suspended for 2-1 callback',
      'invocation 3',
      'replayed 1 waitForCallback "manager", 2-1 createCallback, 2-2 step',
      'went on 2 waitForCallback "director"',
      'said decided',
      'ran 3 step "pay"',
    ])
    expect(times(result, 3600)).to.deep.equal([0, 48, 68])
    expect(result.value).to.deep.equal({ id: 'exp-7', outcome: 'paid', by: 'Robin' })
  })

  it('pays nothing when the manager says no', async () => {
    const callbacks = { manager: { succeed: { approved: false, by: 'Sam' } } }
    const result = await run(handler, { input, callbacks })

    expect(told(result).slice(-2)).to.deep.equal([
      'went on 1 waitForCallback "manager"',
      'said decided',
    ])
    expect(result.value).to.deep.equal({ id: 'exp-7', outcome: 'rejected', by: 'Sam' })
  })

  it('rejects what nobody has decided after four days', async () => {
    const result = await run(handler, { input })

    expect(times(result, 86_400)).to.deep.equal([0, 2, 4])
    expect(result.value).to.deep.equal({
      id: 'exp-7',
      outcome: 'rejected',
      by: 'nobody answered',
    })
  })

  it('fails when the answer is a failure', async () => {
    const fail = { type: 'LinkExpired', message: 'the link is too old' }
    const result = await run(handler, { input, callbacks: { manager: { fail } } })

    expect(result.status).to.equal('FAILED')
    expect(result.errorRecord).to.include({
      ErrorType: 'CallbackExternalError',
      ErrorMessage: 'the link is too old',
    })
  })

  it('sends each of them the id of a callback of their own', async () => {
    const asked: string[] = []
    const ask = (callbackId: string) => void asked.push(callbackId)
    const execution = start(handler, { input, steps: { manager: ask, director: ask } })
    const director = await execution.callback('director').waitFor()

    expect(new Set(asked)).to.have.property('size', 2)
    expect(asked[1]).to.equal(director.details.callbackId)
    expect(execution.callback('manager').status).to.equal('TIMED_OUT')

    await director.succeed({ approved: false, by: 'Robin' })
    expect((await execution.result).value).to.include({ outcome: 'rejected', by: 'Robin' })
  })

  it('has the history that it always had', async () => {
    expectGolden(await run(handler, scenario), new URL('golden/approval.json', import.meta.url))
  })

  it('goes on with executions that began with older code', async () => {
    const history = readFileSync(new URL('histories/approval.json', import.meta.url), 'utf8')
    const { histories } = await verify(handler, { 'exp-7': history })

    expect(histories[0]?.verdict).to.equal('identical')
  })

  it('comes to the same decision wherever it is killed', async () => {
    const { undisturbed } = await crashEverywhere(handler, input, scenario)

    expect(undisturbed.result).to.deep.equal({ id: 'exp-7', outcome: 'paid', by: 'Robin' })
  })
})

describe('the sample approval, drawn', () => {
  it('pays on two ways, and asks the director on one', () => {
    const answers = [
      { succeed: { approved: true } },
      { succeed: { approved: false } },
      'timeout',
    ] as const
    const { mermaid } = graph(approveExpense, {
      input,
      choices: { manager: answers, director: answers },
    })

    expect(mermaid).to.equal(`flowchart TD
  n0(("start"))
  n1[/"waitForCallback #quot;manager#quot;"/]
  n2["step #quot;pay#quot;"]
  n3(["returned"])
  n4[/"waitForCallback #quot;director#quot;"/]
  n5["step #quot;pay#quot;"]
  n0 --> n1
  n1 -->|"{#quot;approved#quot;:true}"| n2
  n1 -->|"{#quot;approved#quot;:false}"| n3
  n1 -->|"timeout"| n4
  n2 --> n3
  n4 -->|"{#quot;approved#quot;:true}"| n5
  n4 -->|"{#quot;approved#quot;:false}, timeout"| n3
  n5 --> n3
`)
  })
})
