import { expect } from 'chai'
import { rehearse } from 'perdure/testing'
import { handler, scenario } from '../../samples/deadline.ts'
import { end, times, told } from './told.ts'

const { input } = scenario

describe('the sample deadline', () => {
  it('gives the first neighbour until the evening, and the second the parcel', async () => {
    const run = await rehearse(handler, scenario)

    expect(end(run)).to.deep.equal({ status: 'SUCCEEDED', result: { id: 'parcel-3', at: 'Bo' } })
    expect(times(run, 3600)).to.deep.equal([0, 6, 7])
    expect(told(run).filter((line) => line.startsWith('said'))).to.deep.equal([
      'said Ada did not answer',
    ])
  })

  it('asks neither the callback nor the timer again once a race is on record', async () => {
    const run = await rehearse(handler, scenario)

    const lines = told(run)
    expect(lines.slice(lines.indexOf('invocation 3'))).to.deep.equal([
      'invocation 3',
      'replayed 1 race "ask Ada", 2-1-1-1 createCallback, 2-1-1-2 step',
      'went on 2-1-1 waitForCallback "Bo"',
      'went on 2-2-1 wait "evening"',
      'cancelled 2-2-1 wait "evening"',
      'ran 3 step "hand over"',
    ])
  })

  it('ends at once when the first neighbour takes it, with hours left to wait', async () => {
    const run = await rehearse(handler, {
      input,
      callbacks: { Ada: { after: '10m', succeed: { takes: true } } },
    })

    expect(end(run)).to.deep.equal({ status: 'SUCCEEDED', result: { id: 'parcel-3', at: 'Ada' } })
    expect(times(run, 600)).to.deep.equal([0, 1])
  })

  it('stores the parcel when nobody takes it', async () => {
    const run = await rehearse(handler, {
      input,
      callbacks: { Ada: { after: '10m', succeed: { takes: false } } },
    })

    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { id: 'parcel-3', at: 'the depot' },
    })
    expect(times(run, 600)).to.deep.equal([0, 1, 37])
    expect(told(run).filter((line) => line.startsWith('said'))).to.deep.equal([
      'said Ada declined',
      'said Bo did not answer',
    ])
  })
})
