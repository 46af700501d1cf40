import { expect } from 'chai'
import { rehearse } from 'perdure/testing'
import { handler, scenario } from '../../samples/hello.ts'
import { end, times, told } from './told.ts'

describe('the sample hello', () => {
  it('greets once, and goes after a while', async () => {
    const run = await rehearse(handler, scenario)

    expect(told(run)).to.deep.equal([
      'invocation 1',
      'ran 1 step "greet"',
      'started 2 wait "tea"',
      'suspended for 2 wait "tea"',
      'invocation 2',
      'replayed 1 step "greet", 2 wait "tea"',
    ])
    expect(times(run, 60)).to.deep.equal([0, 5])
    expect(end(run)).to.deep.equal({
      status: 'SUCCEEDED',
      result: { greeting: 'Hello, Ada!', day: '2026-01-01' },
    })
  })

  it('greets whoever comes', async () => {
    const run = await rehearse(handler, { ...scenario, input: { name: 'Grace' } })

    expect(run.result).to.include('Hello, Grace!')
  })
})
