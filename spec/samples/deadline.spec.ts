import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import {
  crashEverywhere,
  expectGolden,
  graph,
  like,
  play,
  run,
  stepThrough,
  verify,
} from 'perdure/testing'
import { deliver, handler, scenario } from '../../samples/deadline.ts'
import { times, told } from './told.ts'

const input = { id: 'parcel-3', neighbours: ['Ada', 'Bo'] }

describe('the sample deadline, in conversation', () => {
  it('asks the next neighbour when the evening comes first', () => {
    play(deliver, input)
      .expect('Ada')
      .expect(like.wait('evening', '6h'))
      .expect('Bo')
      .answer({ takes: true })
      .expect('hand over')
      .answer()
      .returns({ id: 'parcel-3', at: 'Bo' })
  })

  it('stores the parcel when everybody declines', () => {
    play(deliver, input)
      .expect('Ada')
      .answer({ takes: false })
      .expect('Bo')
      .answer({ takes: false })
      .expect('store')
      .answer()
      .returns({ id: 'parcel-3', at: 'the depot' })
  })
})

describe('the sample deadline, stepped through', () => {
  it('takes an answer until the evening, and none after it', () => {
    const stepper = stepThrough(deliver, { input })
    const inTime = stepper.fork()
    inTime.at('Ada').succeed({ takes: true }, { after: '5h' })
    expect(inTime.name).to.equal('hand over')

    expect(() => stepper.fork().at('Ada').succeed({ takes: true }, { after: '7h' }))
      .to.throw()
      .with.property('code', 'OVERTAKEN')
  })
})

describe('the sample deadline', () => {
  it('gives the first neighbour until the evening, and the second the parcel', async () => {
    const result = await run(handler, scenario)

    expect(result.value).to.deep.equal({ id: 'parcel-3', at: 'Bo' })
    expect(times(result, 3600)).to.deep.equal([0, 6, 7])
    expect(told(result).filter((line) => line.startsWith('said'))).to.deep.equal([
      'said Ada did not answer',
    ])
  })

  it('asks neither the callback nor the timer again once a race is on record', async () => {
    const lines = told(await run(handler, scenario))

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
    const callbacks = { Ada: { after: '10m', succeed: { takes: true } } } as const
    const result = await run(handler, { input, callbacks })

    expect(result.value).to.deep.equal({ id: 'parcel-3', at: 'Ada' })
    expect(times(result, 600)).to.deep.equal([0, 1])
  })

  it('stores the parcel when nobody takes it', async () => {
    const callbacks = { Ada: { after: '10m', succeed: { takes: false } } } as const
    const result = await run(handler, { input, callbacks })

    expect(result.value).to.deep.equal({ id: 'parcel-3', at: 'the depot' })
    expect(times(result, 600)).to.deep.equal([0, 1, 37])
    expect(told(result).filter((line) => line.startsWith('said'))).to.deep.equal([
      'said Ada declined',
      'said Bo did not answer',
    ])
  })

  it('has the history that it always had', async () => {
    expectGolden(await run(handler, scenario), new URL('golden/deadline.json', import.meta.url))
  })

  it('goes on with executions that began with older code', async () => {
    const history = readFileSync(new URL('histories/deadline.json', import.meta.url), 'utf8')
    const { histories } = await verify(handler, { 'parcel-3': history })

    expect(histories[0]?.verdict).to.equal('identical')
  })

  it('leaves the parcel at the same place wherever it is killed', async () => {
    const { undisturbed } = await crashEverywhere(handler, input, scenario)

    expect(undisturbed.result).to.deep.equal({ id: 'parcel-3', at: 'Bo' })
  })
})

describe('the sample deadline, drawn', () => {
  it('has the question and the timer side by side', () => {
    const { mermaid } = graph(deliver, {
      input: { id: 'parcel-3', neighbours: ['Ada'] },
      choices: { Ada: [{ succeed: { takes: true } }, { succeed: { takes: false } }] },
    })

    expect(mermaid).to.equal(`flowchart TD
  n0(("start"))
  subgraph c1["ask Ada"]
    subgraph c1_1["answer"]
      n1[/"waitForCallback #quot;Ada#quot;"/]
    end
    subgraph c1_2["evening"]
      n2("wait #quot;evening#quot;")
    end
  end
  n3["step #quot;hand over#quot;"]
  n4["step #quot;store#quot;"]
  n5(["returned"])
  n0 --> n1
  n0 --> n2
  n1 -->|"{#quot;takes#quot;:true}"| n3
  n1 -->|"{#quot;takes#quot;:false}"| n4
  n2 --> n4
  n3 --> n5
  n4 --> n5
`)
  })
})
