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
} from 'perdure/testing'
import { handler, publish } from '../../samples/fan-out.ts'
import { times, told } from './told.ts'

const input = { title: 'On waiting', languages: ['de', 'fr', 'tlh', 'es'] }

describe('the sample fan-out, in conversation', () => {
  it('leaves out a translation that fails', () => {
    play(publish, { title: 'On waiting', languages: ['de', 'fr', 'es'] })
      .expect('translate', { in: 'fr' })
      .fails(new Error('nobody speaks it'))
      .expect('translate', { in: 'de' })
      .answer('Hallo')
      .expect('typeset', { in: 'de' })
      .answer({ language: 'de', pages: 1 })
      .expect('translate', { in: 'es' })
      .answer('Hola')
      .expect('typeset', { in: 'es' })
      .answer({ language: 'es', pages: 1 })
      .expect('send')
      .answer()
      .returns({ sent: ['de', 'es'], missing: ['fr'] })
  })
})

describe('the sample fan-out, stepped through', () => {
  it('has three translations under way, and begins another when one is done', () => {
    const stepper = stepThrough(publish, { input })
    const underWay = () => stepper.open.map(({ path, name }) => `${path[1] ?? ''} ${name ?? ''}`)
    expect(underWay()).to.deep.equal(['de translate', 'fr translate', 'tlh translate'])

    stepper.at({ name: 'translate', in: 'tlh' }).fail(new Error('nobody speaks it'))
    expect(underWay()).to.have.members(['de translate', 'fr translate', 'es translate'])
  })

  it('asks a busy translator once more, half a minute later', () => {
    const busy = Object.assign(new Error('come back later'), { name: 'Busy' })
    const stepper = stepThrough(publish, { input: { title: 'On waiting', languages: ['fr'] } })
    const began = stepper.now
    stepper.fail(busy, { retry: true })

    expect([stepper.name, stepper.attempt]).to.deep.equal(['translate', 2])

    stepper.fail(busy, { retry: true })
    expect(stepper.now - began).to.be.within(30_000, 30_100)
    expect(stepper.outcome).to.deep.include({ value: { sent: [], why: 'too many failures' } })
  })
})

describe('the sample fan-out', () => {
  it('sends what could be translated, and says what is missing', async () => {
    const result = await run(handler, { input: { ...input, title: 'One' } })

    expect(result.value).to.deep.equal({ sent: ['de', 'fr', 'es'], missing: ['tlh'] })
    expect(times(result, 30)).to.deep.equal([0, 1])
  })

  it('begins a fourth when a third has failed, and goes on with the one that was busy only', async () => {
    const lines = told(await run(handler, { input: { ...input, title: 'Two' } }))

    const failure = lines.indexOf('ran 1-3-1 step "translate", failed: nobody speaks tlh')
    expect(failure).to.be.above(lines.indexOf('started 1-3 item "tlh"'))
    expect(lines.indexOf('started 1-4 item "es"')).to.be.above(failure)
    expect(lines.slice(lines.indexOf('invocation 2'))).to.deep.equal([
      'invocation 2',
      'replayed 1-1 item "de", 1-3 item "tlh", 1-4 item "es"',
      'went on 1 map "editions"',
      'went on 1-2 item "fr"',
      'went on 1-2-1 step "translate"',
      'ran 1-2-1 step "translate", attempt 2',
      'ran 1-2-2 step "typeset"',
      'said warn: tlh failed: nobody speaks tlh',
      'ran 2 step "send"',
    ])
  })

  it('sends nothing, and begins no more, when too many fail', async () => {
    const result = await run(handler, {
      input: { title: 'Three', languages: ['tlh', 'de', 'sjn', 'es'] },
    })

    expect(result.value).to.deep.equal({ sent: [], why: 'too many failures' })
    expect(result.invocations).to.have.length(1)
    expect(told(result).filter((line) => line.includes('"send"'))).to.deep.equal([])
  })

  it('has the history that it always had, whichever translation is the first', async () => {
    const result = await run(handler, { input: { ...input, title: 'Golden' } })

    expectGolden(result, new URL('golden/fan-out.json', import.meta.url), {
      order: 'by-operation',
    })
  })

  it('goes on with executions that began with older code', async () => {
    const history = readFileSync(new URL('histories/fan-out.json', import.meta.url), 'utf8')
    const { histories } = await verify(handler, { 'On waiting': history })

    expect(histories[0]?.verdict).to.equal('identical')
  })

  it('sends the same wherever it is killed, and in whatever order translations come', async () => {
    const value = { sent: ['de', 'fr', 'es'], missing: ['tlh'] }
    const crashes = await crashEverywhere(handler, input)
    const orders = await exploreOrders(handler, input, { bound: 50 })

    expect(crashes.undisturbed.result).to.deep.equal(value)
    expect(orders.outcomes.map(({ outcome }) => outcome.result)).to.deep.equal([value])
  })
})

describe('the sample fan-out, drawn', () => {
  it('frames each language, and sends when they are done', () => {
    const { mermaid, isComplete } = graph(publish, {
      input: { title: 'On waiting', languages: ['de', 'fr'] },
      choices: { typeset: [{ succeed: { language: 'de', pages: 1 } }] },
    })

    expect(isComplete).to.equal(true)
    expect(mermaid).to.equal(`flowchart TD
  n0(("start"))
  subgraph c1["editions"]
    subgraph c1_1["de"]
      n1["step #quot;translate#quot;"]
      n3["step #quot;typeset#quot;"]
    end
    subgraph c1_2["fr"]
      n2["step #quot;translate#quot;"]
      n4["step #quot;typeset#quot;"]
    end
  end
  n5["step #quot;send#quot;"]
  n6(["returned"])
  n0 --> n1
  n0 --> n2
  n1 --> n3
  n2 --> n4
  n4 --> n5
  n3 --> n5
  n5 --> n6
`)
  })
})
