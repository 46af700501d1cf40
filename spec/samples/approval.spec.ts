import { expect } from 'chai'
import { rehearse } from 'perdure/testing'
import { handler, scenario } from '../../samples/approval.ts'
import { end, times, told } from './told.ts'

const { input } = scenario

describe('the sample approval', () => {
  it('asks the director when the manager does not answer', async () => {
    const run = await rehearse(handler, scenario)

    expect(told(run)).to.deep.equal([
      'invocation 1',
      'started 1 waitForCallback "manager"',
      'started 1-1 createCallback',
      'ran 1-2 step',
      'suspended for 1-1 callback',
      'invocation 2',
      'replayed 1-1 createCallback, 1-2 step',
      'went on 1 waitForCallback "manager"',
      'started 2 waitForCallback "director"',
      'started 2-1 createCallback',
      'ran 2-2 step',
      'suspended for 2-1 callback',
      'invocation 3',
      'replayed 1 waitForCallback "manager", 2-1 createCallback, 2-2 step',
      'went on 2 waitForCallback "director"',
      'said decided',
      'ran 3 step "pay"',
    ])
    expect(times(run, 3600)).to.deep.equal([0, 48, 68])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { id: 'exp-7', outcome: 'paid', by: 'Robin' },
    })
  })

  it('pays nothing when the manager says no', async () => {
    const run = await rehearse(handler, {
      input,
      callbacks: { manager: { succeed: { approved: false, by: 'Sam' } } },
    })

    expect(told(run).slice(-2)).to.deep.equal([
      'went on 1 waitForCallback "manager"',
      'said decided',
    ])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { id: 'exp-7', outcome: 'rejected', by: 'Sam' },
    })
  })

  it('rejects what nobody has decided after four days', async () => {
    const run = await rehearse(handler, { input })

    expect(times(run, 86_400)).to.deep.equal([0, 2, 4])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { id: 'exp-7', outcome: 'rejected', by: 'nobody answered' },
    })
  })

  it('fails when the answer is a failure', async () => {
    const run = await rehearse(handler, {
      input,
      callbacks: { manager: { fail: { type: 'LinkExpired', message: 'the link is too old' } } },
    })

    expect(end(run)).to.deep.equal({ status: 'FAILED', error: 'CallbackExternalError' })
    expect(run.error?.ErrorMessage).to.equal('the link is too old')
  })
})
