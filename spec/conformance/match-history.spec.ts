import { expect } from 'chai'

import { eventsOf } from './events.ts'
import { historyDifference } from './match-history.ts'

const history = [
  { EventId: 1, EventType: 'ExecutionStarted', EventTimestamp: new Date(0) },
  { EventId: 2, EventType: 'StepStarted', Id: '1', StepStartedDetails: {} },
  { EventId: 3, EventType: 'StepSucceeded', Id: '1', Name: undefined, StepSucceededDetails: {} },
]

function compare(...expected: Record<string, unknown>[]): string | undefined {
  return historyDifference(expected, eventsOf(history), new Map())
}

describe('an expected history', () => {
  it('finds its events by their ids, in whatever order, and passes over the rest', () => {
    expect(
      compare(
        { EventId: 3, EventType: 'StepSucceeded', Id: '${ID}' },
        { EventId: 2, EventType: 'StepStarted', Id: '${ID}', StepStartedDetails: {} },
      ),
    ).to.equal(undefined)
  })

  it('sees times as text', () => {
    expect(compare({ EventId: 1, EventTimestamp: '1970-01-01T00:00:00.000Z' })).to.equal(undefined)
  })

  it('tells which event differs', () => {
    expect(compare({ EventId: 2, EventType: 'WaitStarted' })).to.equal(
      'event 2 WaitStarted: expected EventType to be "WaitStarted", got "StepStarted"',
    )
  })

  it('misses an event that has not come', () => {
    expect(compare({ EventId: 4, EventType: 'WaitStarted' })).to.equal(
      'event 4 WaitStarted: there is no such event, the history ends at 3',
    )
  })

  it('misses a key without a value', () => {
    expect(compare({ EventId: 3, EventType: 'StepSucceeded', Name: '*' })).to.equal(
      'event 3 StepSucceeded: expected Name to be "*", but it is absent',
    )
  })

  it('refuses an expectation that no event can be found for', () => {
    expect(compare({ EventType: 'StepStarted' })).to.equal(
      'event expectation 1 StepStarted: it is expected without an EventId',
    )
  })
})

describe('the history of a wait-for-callback', () => {
  it('names what is inside after it, where it has no name of its own', () => {
    const events = eventsOf([
      {
        EventId: 2,
        EventType: 'ContextStarted',
        Id: '1',
        Name: 'approve',
        SubType: 'WaitForCallback',
      },
      { EventId: 3, EventType: 'CallbackStarted', Id: '1-1', ParentId: '1' },
      { EventId: 4, EventType: 'StepStarted', Id: '1-2', ParentId: '1', Name: 'submit' },
      { EventId: 5, EventType: 'StepStarted', Id: '2' },
    ])

    expect(events.map(({ Name }) => Name)).to.deep.equal([
      'approve',
      'approve',
      'submit',
      undefined,
    ])
  })
})
