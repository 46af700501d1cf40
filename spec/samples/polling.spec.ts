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
import { handler, makeReport, scenario } from '../../samples/polling.ts'
import { times, told } from './told.ts'

const input = { report: 'sales' }

describe('the sample polling, in conversation', () => {
  it('waits for a report that is done or broken', () => {
    for (const state of ['done', 'broken']) {
      play(makeReport, input)
        .expect('start')
        .answer('job-1')
        .expect(like.waitForCondition('finished', { timeout: '2h' }))
        .answer({ state, percent: 70 })
        .returns({ job: 'job-1', state })
    }
  })

  it('cancels a report that takes more than two hours', () => {
    play(makeReport, input)
      .expect('start')
      .answer('job-1')
      .expect('finished')
      .timeout()
      .expect('give up')
      .answer()
      .returns({ job: 'job-1', state: 'cancelled' })
  })
})

describe('the sample polling, stepped through', () => {
  it('asks again later and later, and every ten minutes in the end', () => {
    const stepper = stepThrough(makeReport, { input }).succeed('job-1')
    const checks = [...Array(10).keys()].map((percent) => {
      stepper.succeed({ state: 'running', percent })
      return stepper.now
    })
    const pauses = checks.slice(1).map((at, i) => Math.floor((at - (checks[i] ?? 0)) / 1000))

    expect(stepper.attempt).to.equal(11)
    expect(pauses).to.deep.equal([30, 45, 68, 101, 152, 228, 342, 513, 600])
  })
})

describe('the sample polling', () => {
  it('checks less and less often until the report is done', async () => {
    const result = await run(handler, scenario)

    const again = (attempt: number) => [
      `invocation ${attempt}`,
      'replayed 1 step "start"',
      'went on 2 waitForCondition "finished"',
      `ran 2 waitForCondition "finished", attempt ${attempt}`,
    ]
    const suspended = 'suspended for 2 the next check of waitForCondition "finished"'
    expect(told(result)).to.deep.equal([
      'invocation 1',
      'ran 1 step "start"',
      'ran 2 waitForCondition "finished"',
      suspended,
      ...again(2),
      suspended,
      ...again(3),
      suspended,
      ...again(4),
    ])
    // After 30, then 45, then 68 seconds.
    expect(times(result, 10)).to.deep.equal([0, 3, 7, 14])
    expect(result.value).to.deep.equal({ job: 'job-sales', state: 'done' })
  })

  it('stops at once when the report is broken', async () => {
    const result = await run(handler, { input: { report: 'unheard-of' } })

    expect(result.invocations).to.have.length(1)
    expect(result.value).to.deep.equal({ job: 'job-unheard-of', state: 'broken' })
  })

  it('cancels a report that takes more than two hours', async () => {
    const result = await run(handler, { input: { report: 'stuck' } })

    expect(told(result).at(-1)).to.equal('ran 3 step "give up"')
    expect(times(result, 3600).at(-1)).to.equal(1)
    expect(result.value).to.deep.equal({ job: 'job-stuck', state: 'cancelled' })
  })

  it('has the history that it always had', async () => {
    expectGolden(await run(handler, scenario), new URL('golden/polling.json', import.meta.url))
  })

  it('goes on with executions that began with older code', async () => {
    const history = readFileSync(new URL('histories/polling.json', import.meta.url), 'utf8')
    const { histories } = await verify(handler, { sales: history })

    expect(histories[0]?.verdict).to.equal('identical')
  })

  it('has its report wherever it is killed', async () => {
    const { undisturbed } = await crashEverywhere(handler, input)

    expect(undisturbed.result).to.deep.equal({ job: 'job-sales', state: 'done' })
  })
})

describe('the sample polling, drawn', () => {
  it('gives up on one way only', () => {
    const { mermaid } = graph(makeReport, {
      input,
      choices: {
        start: [{ succeed: 'job-1' }],
        finished: [{ succeed: { state: 'done' } }, 'timeout'],
      },
    })

    expect(mermaid).to.equal(`flowchart TD
  n0(("start"))
  n1["step #quot;start#quot;"]
  n2{{"waitForCondition #quot;finished#quot;"}}
  n3(["returned"])
  n4["step #quot;give up#quot;"]
  n0 --> n1
  n1 --> n2
  n2 -->|"{#quot;state#quot;:#quot;done#quot;}"| n3
  n2 -->|"timeout"| n4
  n4 --> n3
`)
  })
})
