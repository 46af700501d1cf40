import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { wait } from 'perdure'
import {
  crashEverywhere,
  expectGolden,
  graph,
  play,
  run,
  stepThrough,
  verify,
} from 'perdure/testing'
import { NotBookable, book, handler, scenario } from '../../samples/child-context.ts'
import { told } from './told.ts'

const input = { traveller: 'Ada', city: 'Lisbon' }
const driver = { errors: [NotBookable] }

describe('the sample child-context, in conversation', () => {
  it('books the hotel, then the flight', () => {
    play(book, input, { driver })
      .expect('reserve', { in: 'hotel' })
      .answer('room 7')
      .expect(wait('confirmation', '10m'))
      .expect('seat', { in: 'flight' })
      .answer('seat 12A')
      .expect('ticket', { in: 'flight' })
      .answer('ticket 1')
      .returns({ hotel: 'room 7', flight: 'ticket 1' })
  })
})

describe('the sample child-context, stepped through', () => {
  it('meets the failure of a whole context as the one error that stands for it', () => {
    const stepper = stepThrough(book, { input, driver }).succeed('room 7').runTo('seat')
    expect(stepper.path).to.deep.equal(['flight'])
    stepper.fail(new Error('nobody flies there'))

    expect(stepper.name).to.equal('cancel')
    expect(stepper.path).to.deep.equal([])
    expect(stepper.succeed().outcome).to.deep.equal({
      status: 'returned',
      value: { hotel: null, flight: null, reason: 'No flight to Lisbon: nobody flies there' },
    })
  })
})

describe('the sample child-context', () => {
  const atlantis = { traveller: 'Ada', city: 'Atlantis' }

  it('books the hotel, then the flight', async () => {
    const result = await run(handler, scenario)

    expect(told(result)).to.deep.equal([
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
    expect(result.value).to.deep.equal({
      hotel: 'room for Ada in Lisbon',
      flight: 'seat 12A to Lisbon for Ada',
    })
  })

  it('cancels the hotel where nobody flies', async () => {
    const result = await run(handler, { input: atlantis })

    expect(told(result).slice(-3)).to.deep.equal([
      'started 2 childContext "flight"',
      'ran 2-1 step "seat", failed: nobody flies there',
      'ran 3 step "cancel"',
    ])
    expect(result.value).to.deep.equal({
      hotel: null,
      flight: null,
      reason: 'No flight to Atlantis: nobody flies there',
    })
  })

  it('enters neither context again once both are recorded', async () => {
    const result = await run(handler, { input: atlantis, crashes: ['cancel'] })

    expect(told(result).slice(-4)).to.deep.equal([
      'invocation 3',
      'replayed 1 childContext "hotel", 2 childContext "flight"',
      'went on 3 step "cancel"',
      'ran 3 step "cancel"',
    ])
  })

  it('has each operation on record within its context', async () => {
    const result = await run(handler, scenario)

    expect(
      result
        .operations()
        .filter(({ type }) => type === 'CONTEXT')
        .map(({ name, result: whole, children }) => [name, whole, children.length]),
    ).to.deep.equal([
      ['hotel', 'room for Ada in Lisbon', 2],
      ['flight', 'seat 12A to Lisbon for Ada', 2],
    ])
  })

  it('has the history that it always had', async () => {
    expectGolden(
      await run(handler, scenario),
      new URL('golden/child-context.json', import.meta.url),
    )
  })

  it('goes on with executions that began with older code', async () => {
    const history = readFileSync(new URL('histories/child-context.json', import.meta.url), 'utf8')
    const { histories } = await verify(handler, { lisbon: history })

    expect(histories[0]?.verdict).to.equal('identical')
  })

  it('books the same, or nothing, wherever it is killed', async () => {
    const lisbon = await crashEverywhere(handler, input)
    const nowhere = await crashEverywhere(handler, atlantis)

    expect(lisbon.undisturbed.result).to.include({ hotel: 'room for Ada in Lisbon' })
    expect(nowhere.undisturbed.result).to.include({ hotel: null })
  })
})

describe('the sample child-context, drawn', () => {
  it('shows contexts as frames around what is in them', () => {
    const { mermaid } = graph(book, {
      input,
      driver,
      choices: { seat: [{ succeed: '12A' }, { fail: new Error('nobody flies there') }] },
    })

    expect(mermaid).to.equal(`flowchart TD
  n0(("start"))
  subgraph c1["hotel"]
    n1["step #quot;reserve#quot;"]
    n2("wait #quot;confirmation#quot;")
  end
  subgraph c2["flight"]
    n3["step #quot;seat#quot;"]
    n4["step #quot;ticket#quot;"]
  end
  n5["step #quot;cancel#quot;"]
  n6(["returned"])
  n0 --> n1
  n1 --> n2
  n2 --> n3
  n3 -->|"#quot;12A#quot;"| n4
  n3 -->|"fails: nobody flies there"| n5
  n4 --> n6
  n5 --> n6
`)
  })
})
