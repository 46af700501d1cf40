import { expect } from 'chai'
import { rehearse, type Scenario } from 'perdure/testing'
import { handler, scenario } from '../../samples/agent.ts'
import { end, times, told } from './told.ts'

const undisturbed: Scenario = { ...scenario, crashes: [] }

describe('the sample agent', () => {
  it('calls tools side by side, and waits for a person where one costs money', async () => {
    const run = await rehearse(handler, undisturbed)

    expect(told(run)).to.deep.equal([
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
    expect(times(run, 3600)).to.deep.equal([0, 30])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { answer: 'Done. 20 pens: ordered', turns: 3 },
    })
  })

  it('loses no more than one turn to a crash', async () => {
    const run = await rehearse(handler, scenario)

    const ran = told(run).filter((line) => line.startsWith('ran'))
    expect(ran.filter((line) => line.includes('"turn 2"'))).to.have.length(2)
    expect(new Set(ran).size).to.equal(ran.length - 1)
    expect(end(run)).to.deep.equal(end(await rehearse(handler, undisturbed)))
  })

  it('orders nothing when a person says no', async () => {
    const run = await rehearse(handler, {
      ...undisturbed,
      callbacks: { 'approve 20 pens': { succeed: { ok: false } } },
    })

    expect(told(run).filter((line) => line.includes('"order"'))).to.deep.equal([])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { answer: 'Done. 20 pens: a person said no', turns: 3 },
    })
  })
})
