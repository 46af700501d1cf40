import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import {
  crashEverywhere,
  expectGolden,
  exploreOrders,
  graph,
  like,
  play,
  run,
  stepThrough,
  verify,
} from 'perdure/testing'
import { bookTrip, bookings, givenBack, handler, scenario } from '../../samples/trip.ts'
import { told } from './told.ts'

const input = { city: 'Rome', nights: 2 }
const nothing = { booked: [], why: 'no cars in Venice' }

describe('the sample trip, in conversation', () => {
  it('is a hotel and a flight, in any order, and then a car', () => {
    play(bookTrip, input)
      .expect('flight')
      .answer('flight 1')
      .expect('hotel')
      .answer('hotel 1')
      .expect('car')
      .answer('car 1')
      .returns({ booked: ['hotel 1', 'flight 1', 'car 1'], nights: 2 })
  })

  it('gives back what it has booked, last first, when there is no car', () => {
    play(bookTrip, input)
      .expect('hotel')
      .answer('hotel 1')
      .expect('flight')
      .answer('flight 1')
      .expect('car')
      .fails(new Error('no cars'))
      .expect(like.compensation('flight'))
      .answer()
      .expect(like.compensation('hotel'))
      .answer()
      .returns({ booked: [], why: 'no cars' })
  })
})

describe('the sample trip, stepped through', () => {
  it('gives back the flight when there is no hotel, be it booked before that', () => {
    const stepper = stepThrough(bookTrip, { input })
    const flightFirst = stepper.fork()
    flightFirst.at('flight').succeed('flight 1')
    flightFirst.at('hotel').fail(new Error('full'))
    expect(flightFirst.operation).to.include({ kind: 'compensation', name: 'flight' })

    stepper.at('hotel').fail(new Error('full'))
    expect(stepper.outcome).to.deep.equal({
      status: 'returned',
      value: { booked: [], why: 'full' },
    })
  })
})

describe('the sample trip', () => {
  beforeEach(() => {
    bookings.clear()
    givenBack.length = 0
  })

  it('gives back what it has booked, last first, when there is no car', async () => {
    const result = await run(handler, scenario)

    expect(told(result)).to.deep.equal([
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
    expect(result.value).to.deep.equal(nothing)
  })

  it('goes on giving back where a crash has stopped it', async () => {
    const result = await run(handler, { ...scenario, crashes: ['car'] })

    expect(result.invocations).to.have.length(2)
    expect(givenBack).to.deep.equal(['flight in Venice', 'hotel in Venice'])
    expect(result.value).to.deep.equal(nothing)
  })

  it('keeps all three where there is a car', async () => {
    const result = await run(handler, { input })

    expect([...bookings]).to.deep.equal(['hotel in Rome', 'flight in Rome', 'car in Rome'])
    expect(givenBack).to.deep.equal([])
    expect(result.value).to.deep.equal({
      booked: ['hotel in Rome', 'flight in Rome', 'car in Rome'],
      nights: 2,
    })
  })

  it('has the history that it always had', async () => {
    expectGolden(await run(handler, scenario), new URL('golden/trip.json', import.meta.url))
  })

  it('goes on with executions that began with older code', async () => {
    const history = readFileSync(new URL('histories/trip.json', import.meta.url), 'utf8')
    const { histories } = await verify(handler, { venice: history })

    expect(histories[0]?.verdict).to.equal('identical')
  })

  it('keeps nothing that it does not need wherever it is killed', async () => {
    const { undisturbed } = await crashEverywhere(handler, scenario.input, { world: bookings })

    expect(undisturbed.result).to.deep.equal(nothing)
    expect(undisturbed.world).to.have.property('size', 0)
  })

  it('is the same trip, whichever booking comes first', async () => {
    const { orders, outcomes } = await exploreOrders(handler, input)

    expect(orders).to.equal(2)
    expect(outcomes).to.have.length(1)
  })
})

describe('the sample trip, drawn', () => {
  it('undoes what comes before the failure, last first whichever of the two was last', () => {
    const { mermaid } = graph(bookTrip, {
      input,
      choices: { car: [{ succeed: 'car 1' }, { fail: new Error('no cars') }] },
    })

    expect(mermaid).to.equal(`flowchart TD
  n0(("start"))
  subgraph c1["trip"]
    subgraph c1_1["stay and flight"]
      n1["step #quot;hotel#quot;"]
      n2["step #quot;flight#quot;"]
      n5["compensation of #quot;flight#quot;"]
      n6["compensation of #quot;hotel#quot;"]
    end
    n3["step #quot;car#quot;"]
  end
  n4(["returned"])
  n0 --> n1
  n0 --> n2
  n2 --> n3
  n1 --> n3
  n3 -->|"#quot;car 1#quot;"| n4
  n3 -->|"fails: no cars"| n5
  n5 --> n6
  n6 --> n4
  n3 -->|"fails: no cars"| n6
  n6 --> n5
  n5 --> n4
`)
  })
})
