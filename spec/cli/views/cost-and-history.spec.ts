import { expect } from 'chai'
import { costOf, formatCost } from '../../../lib/cli/views/cost.ts'
import { executionView } from '../../../lib/cli/views/execution-view.ts'
import { eventViews, formatHistory } from '../../../lib/cli/views/history.ts'
import { prices } from '../../../lib/cli/views/prices.ts'
import { executionOf } from './samples.ts'

describe('the cost of an execution', () => {
  const viewOf = async () =>
    executionView(await executionOf('retries'), { now: Date.UTC(2026, 0, 2) })

  it('counts the start, each operation and each further attempt', async () => {
    const cost = costOf(await viewOf(), { memoryMegabytes: 1024, architecture: 'arm64' })

    expect(cost).to.include({ operations: 2, billedOperations: 5, invocations: 3 })
    expect(cost.gbSeconds).to.be.closeTo(0.003, 1e-9)
    expect(
      cost.lines.map(({ what, dollarsPerMillion }) => [what, dollarsPerMillion.toFixed(3)]),
    ).to.deep.equal([
      ['durable operations', '40.000'],
      ['data written', '0.049'],
      ['data retained', '0.013'],
      ['requests', '0.600'],
      ['duration arm64', '0.040'],
    ])
    expect(cost.checkpointCalls).to.deep.equal({ count: 3, isCounted: false })
  })

  it('takes other prices, and calls that were counted', async () => {
    const cost = costOf(await viewOf(), {
      prices: { operationsPerMillion: 100 },
      checkpointCalls: 7,
    })

    expect(cost.lines[0]?.dollarsPerMillion).to.equal(500)
    expect(cost.changed).to.deep.equal(['operationsPerMillion'])
    expect(cost.checkpointCalls).to.deep.equal({ count: 7, isCounted: true })
    expect(formatCost(cost).join('\n')).to.include('given by you: operationsPerMillion')
  })

  it('says that it is an estimate, and of which date and page its prices are', async () => {
    const text = formatCost(costOf(await viewOf())).join('\n')

    expect(text).to.include('(an estimate)')
    expect(text).to.include(`published in ${prices.date}, https://aws.amazon.com/lambda/pricing/.`)
    expect(text).to.include('128 MB is taken')
  })
})

describe('the history of an execution', () => {
  it('is a line for each event', async () => {
    const events = eventViews(await executionOf('retries'))
    const lines = formatHistory(events)

    expect(lines).to.have.length(events.length)
    expect(lines[2]).to.match(
      /^ 3 {2}2026-01-01 00:00:00Z {2}\+0 ms +StepFailed +step "charge" \(1\) +Error: The gateway is away {2}next in 2 s$/,
    )
    expect(events[5]).to.deep.equal({
      id: 6,
      type: 'StepFailed',
      at: '2026-01-01T00:00:02.000Z',
      sinceStart: 2000,
      operation: { id: '1', words: 'step "charge"' },
      details: 'attempt 2  Error: The gateway is away  next in 10 s',
    })
  })
})
