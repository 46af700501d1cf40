import { expect } from 'chai'
import { isPerdureError } from '../../../lib/index.ts'
import {
  historyOf,
  readHistory,
  splitHistories,
} from '../../../lib/testing/history/read-history.ts'

const started = {
  EventId: 1,
  EventType: 'ExecutionStarted',
  EventTimestamp: '2026-01-01T00:00:00+00:00',
  Id: 'e1',
  ExecutionStartedDetails: {
    Input: { Payload: '"order-1"', Truncated: false },
    ExecutionTimeout: 60,
  },
}
const stepStarted = {
  EventId: 2,
  EventType: 'StepStarted',
  EventTimestamp: 1767225601.5,
  Id: '1',
  Name: 'charge',
  SubType: 'Step',
  StepStartedDetails: {},
}
const stepSucceeded = {
  ...stepStarted,
  EventId: 3,
  EventType: 'StepSucceeded',
  EventTimestamp: new Date('2026-01-01T00:00:02Z'),
  StepSucceededDetails: {
    Result: { Payload: '"ch_1"', Truncated: false },
    RetryDetails: { CurrentAttempt: 1 },
  },
}
const ended = {
  EventId: 4,
  EventType: 'ExecutionSucceeded',
  EventTimestamp: '2026-01-01T00:00:03Z',
  Id: 'e1',
  ExecutionSucceededDetails: { Result: { Payload: '"done"', Truncated: false } },
}
const events = [started, stepStarted, stepSucceeded, ended]
const begin = Date.UTC(2026, 0, 1)

const step = {
  Id: '1',
  Type: 'STEP',
  Name: 'charge',
  SubType: 'Step',
  StartTimestamp: begin + 1500,
  Status: 'SUCCEEDED',
  EndTimestamp: begin + 2000,
  StepDetails: { Attempt: 1, Result: '"ch_1"' },
}
const execution = {
  Id: 'e1',
  Type: 'EXECUTION',
  StartTimestamp: begin,
  Status: 'STARTED',
  ExecutionDetails: { InputPayload: '"order-1"' },
}
const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:f:1/durable-execution/order-1/e1'
const state = {
  Operations: [
    { ...execution, StartTimestamp: '2026-01-01T00:00:00.000Z', ParentId: null },
    {
      ...step,
      ParentId: null,
      StartTimestamp: begin / 1000 + 1.5,
      EndTimestamp: '2026-01-01T00:00:02.000Z',
    },
  ],
}

describe('readHistory', () => {
  describe('on events', () => {
    it('answers the records, the input and the end', () => {
      const { records, input, end } = readHistory({ Events: events })

      expect(records).to.deep.equal([
        { ...execution, Status: 'SUCCEEDED', EndTimestamp: begin + 3000 },
        step,
      ])
      expect(input).to.equal('"order-1"')
      expect(end).to.deep.equal({ status: 'SUCCEEDED', result: '"done"' })
    })

    it('knows no end of an execution that runs', () => {
      expect(readHistory({ Events: events.slice(0, 3) })).not.to.have.property('end')
    })

    it('keeps what records do not: what operations asked for', () => {
      const { asked } = readHistory([
        started,
        {
          ...stepStarted,
          EventType: 'WaitStarted',
          WaitStartedDetails: { Duration: 90, ScheduledEndTimestamp: 1767225691 },
        },
        {
          ...stepStarted,
          EventId: 3,
          Id: '2',
          EventType: 'CallbackStarted',
          CallbackStartedDetails: { CallbackId: 'abc', Timeout: 60 },
        },
        {
          ...stepStarted,
          EventId: 4,
          Id: '3',
          EventType: 'ChainedInvokeStarted',
          ChainedInvokeStartedDetails: { FunctionName: 'price', Input: { Truncated: false } },
        },
      ])

      expect(Object.fromEntries(asked)).to.deep.equal({
        '1': { seconds: 90 },
        '2': { timeoutSeconds: 60, heartbeatSeconds: 0 },
        '3': { functionName: 'price', payload: null },
      })
    })

    const whole = readHistory({ Events: events })
    const writings: readonly { as: string; source: unknown }[] = [
      { as: 'JSON text', source: JSON.stringify({ Events: events }, null, 2) },
      { as: 'text with a byte order mark', source: `\uFEFF${JSON.stringify({ Events: events })}` },
      { as: 'a bare array of events', source: events },
      {
        as: 'several pages in an array',
        source: [
          { Events: events.slice(0, 2), NextMarker: 'm' },
          { Events: events.slice(2), NextMarker: null },
        ],
      },
      {
        as: 'pages of text in an array',
        source: [
          JSON.stringify({ Events: events.slice(0, 2), NextMarker: 'm' }),
          JSON.stringify({ Events: events.slice(2) }),
        ],
      },
      {
        as: 'pages of text after each other, with braces in a payload',
        source:
          JSON.stringify({ Events: events.slice(0, 3), NextMarker: '}"{' }) +
          '\n' +
          JSON.stringify({ Events: events.slice(3) }),
      },
      {
        as: 'pages in another order',
        source: [{ Events: events.slice(2) }, { Events: events.slice(0, 2), NextMarker: 'm' }],
      },
      {
        as: 'events newest first',
        source: [
          { Events: events.slice(2).reverse(), NextMarker: 'm' },
          { Events: events.slice(0, 2).reverse() },
        ],
      },
      {
        as: 'events among which there is one of a kind that is not known',
        source: [...events, { ...stepStarted, EventId: 5, EventType: 'StepApplauded' }],
      },
    ]
    for (const { as, source } of writings) {
      it(`reads ${as}`, () => {
        const { records, end } = readHistory(source)

        expect(records.at(-1)).to.deep.equal(whole.records.at(-1))
        expect(end).to.deep.equal(whole.end)
      })
    }
  })

  describe('on operations', () => {
    it('reads what GetDurableExecutionState answered', () => {
      const { records, input } = readHistory(JSON.stringify(state))

      expect(records).to.deep.equal([execution, step])
      expect(input).to.equal('"order-1"')
    })

    it('reads the event of an invocation, and takes the ARN from it', () => {
      const { records, executionArn } = readHistory({
        DurableExecutionArn: arn,
        CheckpointToken: 't',
        InitialExecutionState: { ...state, NextMarker: '' },
      })

      expect(records).to.deep.equal([execution, step])
      expect(executionArn).to.equal(arn)
    })

    it('reads the pages that an invocation would, the newer record last', () => {
      const { records } = readHistory([
        { DurableExecutionArn: arn, InitialExecutionState: { Operations: [], NextMarker: 'm' } },
        { Operations: [state.Operations[0], { ...step, Status: 'STARTED' }], NextMarker: 'n' },
        { Operations: [step] },
      ])

      expect(records).to.deep.equal([execution, step])
    })
  })

  describe('beside what GetDurableExecution answered', () => {
    const description = { DurableExecutionArn: arn, Status: 'SUCCEEDED', Result: '"done"' }

    it('knows the ARN, and the end that a state does not tell', () => {
      const { executionArn, end } = readHistory([description, state])

      expect({ executionArn, end }).to.deep.equal({
        executionArn: arn,
        end: { status: 'SUCCEEDED', result: '"done"' },
      })
    })

    it('knows it as a member beside the events, too', () => {
      const source = { DurableExecutionArn: arn, Events: events }

      expect(readHistory(source).executionArn).to.equal(arn)
    })
  })

  describe('on what is no whole history', () => {
    const withoutData = {
      ...stepSucceeded,
      StepSucceededDetails: { Result: { Truncated: true }, RetryDetails: { CurrentAttempt: 1 } },
    }
    const refusals: readonly { of: string; source: unknown; says: RegExp }[] = [
      {
        of: 'a page that has a marker',
        source: { Events: events, NextMarker: 'm' },
        says: /^The last page of Events has a NextMarker.* Read all pages/,
      },
      {
        of: 'a state whose last page has a marker',
        source: { InitialExecutionState: { ...state, NextMarker: 'm' } },
        says: /^The last page of Operations has a NextMarker/,
      },
      {
        of: 'a list that the CLI cut short',
        source: { Events: events, NextToken: 't' },
        says: /--starting-token/,
      },
      {
        of: 'a page too few in the middle',
        source: [{ Events: [started], NextMarker: 'm' }, { Events: [ended] }],
        says: /^Event 2 of 4 is missing from the history\. Read all pages/,
      },
      {
        of: 'a history without execution data',
        source: { Events: [started, stepStarted, withoutData] },
        says: /^`StepSucceededDetails\.Result` of event 3 \(StepSucceeded of operation 1\) was left out or cut.*--include-execution-data/s,
      },
      {
        of: 'a history whose details are missing',
        source: { Events: [{ ...started, ExecutionStartedDetails: undefined }] },
        says: /^`ExecutionStartedDetails\.Input` of event 1 .* was left out.*--include-execution-data/s,
      },
      {
        of: 'a description without execution data',
        source: [
          { DurableExecutionArn: arn, Status: 'SUCCEEDED', ExecutionDataIncluded: false },
          state,
        ],
        says: /has no execution data.*--include-execution-data/s,
      },
      { of: 'a state without the execution', source: { Operations: [step] }, says: /EXECUTION/ },
      { of: 'events and operations at once', source: [state, { Events: events }], says: /mixes/ },
      { of: 'no text', source: ' \n', says: /^The history is empty text/ },
      { of: 'text that is no JSON', source: 'EVENTS 1', says: /no JSON.*begins with "EVENTS 1"/ },
      { of: 'another object', source: { Items: [] }, says: /got an object with Items\. Hand over/ },
      {
        of: 'a number',
        source: 3,
        says: /^Expected the history to be an object .*, got 3 \(number/,
      },
      {
        of: 'events that are none',
        source: { Events: [7] },
        says: /^Expected `Events` of the history\[0\] to be an object, got 7/,
      },
      {
        of: 'an event without a time',
        source: [{ ...started, EventTimestamp: 'noon' }],
        says: /^Expected `EventTimestamp` of event 1 \(.*\) to be a time, got "noon"/,
      },
      {
        of: 'an operation without a status',
        source: { Operations: [{ ...step, Status: undefined }] },
        says: /^Expected `Status` of operation 0 to be text, got undefined/,
      },
    ]
    for (const { of, source, says } of refusals) {
      it(`refuses ${of}`, () => {
        expect(() => readHistory(source))
          .to.throw(says)
          .that.satisfies((error: unknown) => isPerdureError(error, 'INVALID_ENVELOPE'))
      })
    }
  })
})

describe('several histories in one source', () => {
  const other = [{ ...started, Id: 'e2' }]

  it('are told apart by where each begins, pages and descriptions with their own', () => {
    const description = { DurableExecutionArn: arn, Status: 'SUCCEEDED', Result: '"done"' }
    const source = [
      JSON.stringify({ Events: events.slice(0, 2), NextMarker: 'm' }),
      JSON.stringify({ Events: events.slice(2) }),
      JSON.stringify(description),
      JSON.stringify({ Events: other }),
      JSON.stringify({ DurableExecutionArn: arn, InitialExecutionState: state }),
      JSON.stringify({ DurableExecutionArn: arn, InitialExecutionState: state }),
    ].join('\n')
    const found = splitHistories(source).map(historyOf)

    expect(found.map(({ records }) => records.map(({ Id }) => Id).join(' '))).to.deep.equal([
      'e1 1',
      'e2',
      'e1 1',
      'e1 1',
    ])
    expect(found.map(({ executionArn }) => executionArn)).to.deep.equal([arn, undefined, arn, arn])
  })
})
