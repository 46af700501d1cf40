import { expect } from 'chai'
import { rehearse } from 'perdure/testing'
import { handler, scenario } from '../../samples/reminders.ts'
import { end, times, told } from './told.ts'

describe('the sample reminders', () => {
  it('reminds a week apart until the invoice is paid', async () => {
    const run = await rehearse(handler, scenario)

    expect(told(run)).to.deep.equal([
      'invocation 1',
      'started 1 wait "peace"',
      'suspended for 1 wait "peace"',
      'invocation 2',
      'replayed 1 wait "peace"',
      'started 2 createCallback "paid-1"',
      'ran 3 step "remind-1"',
      'suspended for 2 callback "paid-1"',
      'invocation 3',
      'replayed 1 wait "peace", 2 createCallback "paid-1", 3 step "remind-1"',
      'started 4 createCallback "paid-2"',
      'ran 5 step "remind-2"',
      'suspended for 4 callback "paid-2"',
      'invocation 4',
      'replayed 1 wait "peace", 2 createCallback "paid-1", 3 step "remind-1", ' +
        '4 createCallback "paid-2", 5 step "remind-2"',
    ])
    expect(times(run, 86_400)).to.deep.equal([0, 14, 21, 23])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { number: '2026-041', reminders: 2, paidWith: 'transfer' },
    })
  })

  it('hands over after the third reminder', async () => {
    const run = await rehearse(handler, { ...scenario, callbacks: {} })

    expect(told(run).at(-1)).to.equal('ran 8 step "hand over"')
    expect(times(run, 86_400)).to.deep.equal([0, 14, 21, 28, 35])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { number: '2026-041', reminders: 3, paidWith: null },
    })
  })
})
