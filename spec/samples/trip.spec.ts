import { expect } from 'chai'
import { rehearse } from 'perdure/testing'
import { bookings, givenBack, handler, scenario } from '../../samples/trip.ts'
import { end, told } from './told.ts'

const nothing = { status: 'SUCCEEDED', result: { booked: [], why: 'no cars in Venice' } }

describe('the sample trip', () => {
  beforeEach(() => {
    bookings.clear()
    givenBack.length = 0
  })

  it('gives back what it has booked, last first, when there is no car', async () => {
    const run = await rehearse(handler, scenario)

    expect(told(run)).to.deep.equal([
      'invocation 1',
      'started 1 saga "trip"',
      'started 1-1 all "stay and flight"',
      'ran 1-1-1-1 step "hotel"',
      'ran 1-1-2-1 step "flight"',
      'ran 1-2 step "car", failed: no cars in Venice',
      'ran c-1-1-2-1 compensation of "flight"',
      'ran c-1-1-1-1 compensation of "hotel"',
    ])
    expect(givenBack).to.deep.equal(['flight in Venice', 'hotel in Venice'])
    expect(end(run)).to.deep.equal(nothing)
  })

  it('goes on giving back where a crash has stopped it', async () => {
    const run = await rehearse(handler, { ...scenario, crashes: ['car'] })

    expect(run.invocations).to.have.length(2)
    expect(givenBack).to.deep.equal(['flight in Venice', 'hotel in Venice'])
    expect(end(run)).to.deep.equal(nothing)
  })

  it('keeps all three where there is a car', async () => {
    const run = await rehearse(handler, { input: { city: 'Rome', nights: 2 } })

    expect([...bookings]).to.deep.equal(['hotel in Rome', 'flight in Rome', 'car in Rome'])
    expect(givenBack).to.deep.equal([])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { booked: ['hotel in Rome', 'flight in Rome', 'car in Rome'], nights: 2 },
    })
  })
})
