import { expect } from 'chai'
import { rehearse } from 'perdure/testing'
import { handler, scenario } from '../../samples/child-context.ts'
import { end, told } from './told.ts'

describe('the sample child-context', () => {
  it('books the hotel, then the flight', async () => {
    const run = await rehearse(handler, scenario)

    expect(told(run)).to.deep.equal([
      'invocation 1',
      'started 1 childContext "hotel"',
      'ran 1-1 step "reserve"',
      'started 1-2 wait "confirmation"',
      'suspended for 1-2 wait "confirmation"',
      'invocation 2',
      'replayed 1-1 step "reserve", 1-2 wait "confirmation"',
      'went on 1 childContext "hotel"',
      'started 2 childContext "flight"',
      'ran 2-1 step "seat"',
      'ran 2-2 step "ticket"',
    ])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { hotel: 'room for Ada in Lisbon', flight: 'seat 12A to Lisbon for Ada' },
    })
  })

  it('cancels the hotel where nobody flies', async () => {
    const run = await rehearse(handler, { input: { traveller: 'Ada', city: 'Atlantis' } })

    expect(told(run).slice(-3)).to.deep.equal([
      'started 2 childContext "flight"',
      'ran 2-1 step "seat", failed: nobody flies there',
      'ran 3 step "cancel"',
    ])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: {
        hotel: null,
        flight: null,
        reason: 'No flight to Atlantis: nobody flies there',
      },
    })
  })

  it('enters neither context again once both are recorded', async () => {
    const run = await rehearse(handler, {
      input: { traveller: 'Ada', city: 'Atlantis' },
      crashes: ['cancel'],
    })

    expect(told(run).slice(-4)).to.deep.equal([
      'invocation 3',
      'replayed 1 childContext "hotel", 2 childContext "flight"',
      'went on 3 step "cancel"',
      'ran 3 step "cancel"',
    ])
  })
})
