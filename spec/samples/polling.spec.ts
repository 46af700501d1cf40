import { expect } from 'chai'
import { rehearse } from 'perdure/testing'
import { handler, scenario } from '../../samples/polling.ts'
import { end, times, told } from './told.ts'

describe('the sample polling', () => {
  it('checks less and less often until the report is done', async () => {
    const run = await rehearse(handler, scenario)

    const again = (attempt: number) => [
      `invocation ${attempt}`,
      'replayed 1 step "start"',
      'went on 2 waitForCondition "finished"',
      `ran 2 waitForCondition "finished", attempt ${attempt}`,
    ]
    const suspended = 'suspended for 2 the next check of waitForCondition "finished"'
    expect(told(run)).to.deep.equal([
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
    expect(times(run, 10)).to.deep.equal([0, 3, 7, 14])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { job: 'job-sales', state: 'done' },
    })
  })

  it('stops at once when the report is broken', async () => {
    const run = await rehearse(handler, { input: { report: 'unheard-of' } })

    expect(run.invocations).to.have.length(1)
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { job: 'job-unheard-of', state: 'broken' },
    })
  })

  it('cancels a report that takes more than two hours', async () => {
    const run = await rehearse(handler, { input: { report: 'stuck' } })

    expect(told(run).at(-1)).to.equal('ran 3 step "give up"')
    expect(times(run, 3600).at(-1)).to.equal(1)
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { job: 'job-stuck', state: 'cancelled' },
    })
  })
})
