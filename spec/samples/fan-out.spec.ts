import { expect } from 'chai'
import { rehearse } from 'perdure/testing'
import { handler, scenario } from '../../samples/fan-out.ts'
import { end, times, told } from './told.ts'

describe('the sample fan-out', () => {
  it('sends what could be translated, and says what is missing', async () => {
    const run = await rehearse(handler, scenario)

    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { sent: ['de', 'fr', 'es'], missing: ['tlh'] },
    })
    expect(times(run, 30)).to.deep.equal([0, 1])
  })

  it('begins a fourth when a third has failed, and goes on with the one that was busy only', async () => {
    const run = await rehearse(handler, { input: { ...(scenario.input as object), title: 'Two' } })

    const lines = told(run)
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
    const run = await rehearse(handler, {
      input: { title: 'Three', languages: ['tlh', 'de', 'sjn', 'es'] },
    })

    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { sent: [], why: 'too many failures' },
    })
    expect(run.invocations).to.have.length(1)
    expect(told(run).filter((line) => line.includes('"send"'))).to.deep.equal([])
  })
})
