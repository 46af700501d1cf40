import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import {
  crashEverywhere,
  expectGolden,
  exploreOrders,
  graph,
  play,
  run,
  stepThrough,
  verify,
  type Scenario,
} from 'perdure/testing'
import { agent, handler, scenario } from '../../samples/agent.ts'
import { times, told } from './told.ts'

const input = { question: 'Do we need pens?' }
const undisturbed: Scenario = { ...scenario, crashes: [] }

/** Replies of a model. */
const calling = (...calls: { tool: 'stock' | 'price' | 'order'; argument: string }[]) => ({
  text: 'Let me see.',
  calls,
})
const saying = (text: string) => ({ text, calls: [] })

describe('the sample agent, in conversation', () => {
  it('answers at once what needs no tool', () => {
    play(agent, input)
      .expect('turn 1')
      .answer(saying('Always.'))
      .returns({ answer: 'Always.', turns: 1 })
  })

  it('calls tools side by side, which may answer in any order', () => {
    play(agent, input)
      .expect('turn 1')
      .answer(calling({ tool: 'stock', argument: 'pens' }, { tool: 'price', argument: 'pens' }))
      .expect('price')
      .answer('12 each')
      .expect('stock')
      .answer('none left')
      .expect('turn 2')
      .answer(saying('Yes.'))
      .returns({ answer: 'Yes.', turns: 2 })
  })
})

describe('the sample agent, stepped through', () => {
  it('orders when a person has said yes, and asks the model again when not', () => {
    const asked = stepThrough(agent, { input }).succeed(
      calling({ tool: 'order', argument: 'pens' }),
    )
    expect(asked.name).to.equal('approve pens')

    expect(asked.fork().succeed({ ok: true }).name).to.equal('order')
    expect(asked.fork().succeed({ ok: false }).name).to.equal('turn 2')
  })

  it('gives up on a model that never comes to an end', () => {
    const stepper = stepThrough(agent, { input })
    while (stepper.outcome.status === 'running') {
      const isTurn = stepper.name?.startsWith('turn') === true
      stepper.succeed(isTurn ? calling({ tool: 'stock', argument: 'pens' }) : '2 left')
    }

    expect(stepper.outcome).to.deep.include({
      value: { answer: 'I could not find out', turns: 8 },
    })
  })
})

describe('the sample agent', () => {
  it('calls tools side by side, and waits for a person where one costs money', async () => {
    const result = await run(handler, undisturbed)

    expect(told(result)).to.deep.equal([
      'invocation 1',
      'ran 1 step "turn 1"',
      'said calls stock, price',
      'started 2 all',
      'ran 2-1-1 step "stock"',
      'ran 2-2-1 step "price"',
      'ran 3 step "turn 2"',
      'said calls order',
      'started 4 all',
      'started 4-1-1 waitForCallback "approve 20 pens"',
      'started 4-1-1-1 createCallback',
      'ran 4-1-1-2 step',
      'suspended for 4-1-1-1 callback',
      'invocation 2',
      'replayed 1 step "turn 1", 2-1-1 step "stock", 2-2-1 step "price", 3 step "turn 2", 4-1-1-1 createCallback, 4-1-1-2 step',
      'went on 4-1-1 waitForCallback "approve 20 pens"',
      'ran 4-1-2 step "order"',
      'ran 5 step "turn 3"',
    ])
    expect(times(result, 3600)).to.deep.equal([0, 30])
    expect(result.value).to.deep.equal({ answer: 'Done. 20 pens: ordered', turns: 3 })
  })

  it('loses no more than one turn to a crash', async () => {
    const result = await run(handler, scenario)

    const ran = told(result).filter((line) => line.startsWith('ran'))
    expect(ran.filter((line) => line.includes('"turn 2"'))).to.have.length(2)
    expect(new Set(ran).size).to.equal(ran.length - 1)
    expect(result.value).to.deep.equal((await run(handler, undisturbed)).value)
  })

  it('orders nothing when a person says no', async () => {
    const callbacks = { 'approve 20 pens': { succeed: { ok: false } } }
    const result = await run(handler, { ...undisturbed, callbacks })

    expect(told(result).filter((line) => line.includes('"order"'))).to.deep.equal([])
    expect(result.value).to.deep.equal({ answer: 'Done. 20 pens: a person said no', turns: 3 })
  })

  it('takes another model in place of its own', async () => {
    const result = await run(agent, { input, steps: { 'turn 1': () => saying('Always.') } })

    expect(result.value).to.deep.equal({ answer: 'Always.', turns: 1 })
  })

  it('has the history that it always had', async () => {
    expectGolden(await run(handler, undisturbed), new URL('golden/agent.json', import.meta.url))
  })

  it('goes on with executions that began with older code', async () => {
    const history = readFileSync(new URL('histories/agent.json', import.meta.url), 'utf8')
    const { histories } = await verify(handler, { pens: history })

    expect(histories[0]?.verdict).to.equal('identical')
  })

  it('gives the same answer wherever it is killed, and whichever tool is the first', async () => {
    const value = { answer: 'Done. 20 pens: ordered', turns: 3 }
    const crashes = await crashEverywhere(handler, input, scenario)
    const orders = await exploreOrders(handler, input, scenario)

    expect(crashes.undisturbed.result).to.deep.equal(value)
    expect(orders.isExhaustive).to.equal(true)
    expect(orders.outcomes.map(({ outcome }) => outcome.result)).to.deep.equal([value])
  })
})

describe('the sample agent, drawn', () => {
  it('asks a person before it orders, and the model after that', () => {
    const { mermaid } = graph(agent, {
      input,
      choices: {
        'turn 1': [{ succeed: calling({ tool: 'order', argument: 'pens' }) }],
        'approve pens': [{ succeed: { ok: true } }, { succeed: { ok: false } }],
        'turn 2': [{ succeed: saying('Done.') }],
      },
    })

    expect(mermaid).to.equal(`flowchart TD
  n0(("start"))
  n1["step #quot;turn 1#quot;"]
  subgraph c2["2"]
    n2[/"waitForCallback #quot;approve pens#quot;"/]
    n3["step #quot;order#quot;"]
  end
  n4["step #quot;turn 2#quot;"]
  n5(["returned"])
  n0 --> n1
  n1 --> n2
  n2 -->|"{#quot;ok#quot;:true}"| n3
  n2 -->|"{#quot;ok#quot;:false}"| n4
  n3 --> n4
  n4 --> n5
`)
  })
})
