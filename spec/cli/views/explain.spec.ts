import { expect } from 'chai'
import { driver, step, retry, wait } from 'perdure'
import { executionView } from '../../../lib/cli/views/execution-view.ts'
import { explain, formatExplanation, type ExplainOptions } from '../../../lib/cli/views/explain.ts'
import { defaultInvocationRetry } from '../../../lib/service/invocation-retry.ts'
import { run } from '../../../lib/testing/runner/run.ts'
import { cutAfter, executionOf, type Given } from './samples.ts'
import * as troubles from './troubles.ts'

function explained(given: Given, now: string, options: ExplainOptions = {}) {
  return explain(executionView(given, { now: Date.parse(now) }), options)
}

/** The execution up to the n-th event of a type, that included. */
function upTo(given: Given, type: string, nth = 1): Given {
  const places = given.Events.flatMap(({ EventType }, i) => (EventType === type ? [i + 1] : []))
  return cutAfter(given, places[nth - 1] ?? NaN)
}

describe('an execution explained', () => {
  let checkout: Given
  let retries: Given
  let deadline: Given

  before(async () => {
    checkout = await executionOf('checkout')
    retries = await executionOf('retries')
    deadline = await executionOf('deadline')
  })

  it('is running an invocation, in a body', () => {
    const { sentence, state, underWay } = explained(
      upTo(retries, 'StepStarted', 2),
      '2026-01-01T00:00:03.2Z',
    )

    expect(sentence).to.equal(
      'retries is running its 2nd invocation since 2026-01-01 00:00:02Z (1.2 s ago); the body of ' +
        'step "charge" (1), attempt 2, has been under way for 1.2 s.',
    )
    expect({ state, underWay }).to.deep.equal({
      state: 'running',
      underWay: [{ id: '1', words: 'step "charge"', since: '2026-01-01T00:00:02.000Z' }],
    })
  })

  it('waits for a wait', () => {
    const { sentence, nextAt } = explained(
      upTo(checkout, 'InvocationCompleted', 2),
      '2026-01-01T01:00:00Z',
    )

    expect(sentence).to.equal(
      'checkout waits for wait "cooling-off" (2) since 2026-01-01 00:00:00Z (1 h), which ends at ' +
        '2026-01-02 00:00:00Z (in 23 h).',
    )
    expect(nextAt).to.equal('2026-01-02T00:00:00.000Z')
  })

  it('waits for the next attempt, and says how the last one failed', () => {
    const { sentence } = explained(upTo(retries, 'InvocationCompleted'), '2026-01-01T00:00:01Z')

    expect(sentence).to.equal(
      'retries waits for the next attempt of step "charge" (1) at 2026-01-01 00:00:02Z (in 1 s): ' +
        'attempt 1 failed with Error: The gateway is away.',
    )
  })

  it('waits for a callback, and says how to answer it', () => {
    const given = upTo(checkout, 'InvocationCompleted', 3)
    const lines = formatExplanation(explained(given, '2026-01-02T01:00:00Z', { flags: ' --aws' }))

    expect(lines).to.deep.equal([
      'checkout waits for an answer to callback "approve" (3-1) since 2026-01-02 00:00:00Z (1 h), ' +
        'which times out at 2026-01-05 00:00:00Z (in 2 d 23 h).',
      "  perdure callback succeed checkout --result '{}' --aws",
    ])
  })

  it('waits for a function, and says which execution that is', () => {
    const given = upTo(checkout, 'InvocationCompleted', 4)
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:s:1/durable-execution/ship-1/2'
    const Events = given.Events.map((event) =>
      event.ChainedInvokeStartedDetails
        ? {
            ...event,
            ChainedInvokeStartedDetails: {
              ...event.ChainedInvokeStartedDetails,
              DurableExecutionArn: arn,
            },
          }
        : event,
    )
    const { sentence, commands } = explained({ ...given, Events }, '2026-01-02T02:00:30Z')

    expect(sentence).to.match(
      /^checkout waits for invoke "shipping" \(4\) since 2026-01-02 02:00:00Z \(30 s\), which is execution ship-1;/,
    )
    expect(commands).to.deep.equal([`perdure explain '${arn}'`])
  })

  it('waits for several things at once, and not for those that were given up', () => {
    const { awaited } = explained(upTo(deadline, 'InvocationCompleted', 2), '2026-01-01T07:00:00Z')

    expect(awaited.map(({ kind, id }) => [kind, id])).to.deep.equal([
      ['wait', '2-2-1'],
      ['callback', '2-1-1-1'],
    ])
  })

  it('was woken, and nothing is on record of it', () => {
    expect(explained(upTo(checkout, 'WaitSucceeded'), '2026-01-02T00:00:01Z').sentence).to.equal(
      'checkout has been woken for its 3rd invocation at 2026-01-02 00:00:00Z (1 s ago), of which ' +
        'nothing is on record yet.',
    )
  })

  it('does not get on, because its invocations fail', async () => {
    const failing = () => Promise.reject(new Error('no database'))
    const { events, executionArn } = await run(failing, { name: 'stuck', limits: {} })
    const given = {
      DurableExecutionArn: executionArn,
      DurableExecutionName: 'stuck',
      Status: 'RUNNING',
      Events: events,
    }
    const third = upTo(given, 'InvocationCompleted', 3)
    const told = explained(third, '2026-01-01T00:00:04Z', {
      invocationRetry: defaultInvocationRetry,
    })

    expect(told.state).to.equal('failing')
    expect(told.sentence).to.equal(
      'stuck does not get on. Its last 3 invocations failed, most lately at 2026-01-01 00:00:03Z ' +
        '(1 s ago) with Error: no database; the next try is at 2026-01-01 00:00:07Z (in 3 s).',
    )
    expect(explained(given, '2026-01-02T00:00:00Z').state).to.equal('failed')
  })

  it('has succeeded', () => {
    expect(explained(checkout, '2026-01-02T03:00:00Z').sentence).to.match(
      /^checkout succeeded at 2026-01-02 02:00:00Z \(1 h ago\), after 1 d 2 h, with \{"payment":/,
    )
  })

  it('has failed, for what an operation failed with', async () => {
    const { events, executionArn, status } = await run(troubles.overdrawn, { input: { amount: 3 } })
    const given = {
      DurableExecutionArn: executionArn,
      DurableExecutionName: 'payment',
      Status: status,
      Events: events,
    }
    const { sentence, cause } = explained(given, '2026-01-01T00:01:04Z')

    expect(sentence).to.equal(
      "payment failed at 2026-01-01 00:00:04Z (1 m ago), after 4 s, with StepError: it's 3 short, " +
        'which came from step "pay" (1) at its 3rd attempt.',
    )
    expect(cause).to.deep.equal({ id: '1', words: 'step "pay"' })
  })

  it('was stopped, or ran out of time, with what it was waiting for', () => {
    const waiting = upTo(checkout, 'InvocationCompleted', 2)
    const end = (EventType: string, Payload: object): Given => ({
      ...waiting,
      Status: 'STOPPED',
      Events: [
        ...waiting.Events,
        {
          EventId: waiting.Events.length + 1,
          EventType: EventType as 'ExecutionStopped',
          EventTimestamp: new Date('2026-01-01T00:10:00Z'),
          [`${EventType}Details`]: { Error: { Payload } },
        },
      ],
    })
    const stopped = end('ExecutionStopped', { ErrorMessage: 'no more of this' })
    const late = end('ExecutionTimedOut', {})

    expect(explained(stopped, '2026-01-01T00:20:00Z').sentence).to.equal(
      'checkout was stopped at 2026-01-01 00:10:00Z (10 m ago), after 10 m, with "no more of this"; ' +
        'it was waiting for wait "cooling-off" (2).',
    )
    expect(explained(late, '2026-01-01T00:20:00Z').state).to.equal('timed-out')
  })
})

describe('a step that failed and whose failure was caught', () => {
  it('is not blamed for another one', async () => {
    const handler = driver.lambdaHandler(function* () {
      try {
        yield* step('first', () => Promise.reject(new Error('caught')), { retry: retry.none })
      } catch {
        yield* wait('1s')
      }
      throw new Error('mine')
    })
    const { events, executionArn, status } = await run(handler)
    const given = {
      DurableExecutionArn: executionArn,
      DurableExecutionName: 'w',
      Status: status,
      Events: events,
    }

    expect(explained(given, '2026-01-01T00:00:01Z').cause).to.equal(undefined)
  })
})
