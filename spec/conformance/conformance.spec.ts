import { expect } from 'chai'
import type * as Perdure from 'perdure'

import { examine, type Report } from './conformance.ts'
import { embeddedStage } from './embedded-stage.ts'
import type { Handler } from './handler.ts'
import { parseRequirement } from './requirement.ts'

const greeting = `
description: a step that greets
Variables:
  NAME: \${GEN_STR:6}
Input: \${NAME}
ExpectedResult:
  ExecutionStatus: SUCCEEDED
  Result: Hello, \${NAME}!
ExpectedExecutionHistory:
  - EventType: StepStarted
    EventId: 2
    Id: \${ID1}
    StepStartedDetails: {}
  - EventType: StepSucceeded
    EventId: 3
    Id: \${ID1}
    StepSucceededDetails:
      Result:
        Payload: '"Hello, \${NAME}!"'
ExpectedLogs:
  - match:
      message: /greeting/
      operationId: \${ID1}
    count: 1
`

const approval = `
AsyncInvoke: true
Input:
ExpectedResult:
  ExecutionStatus: SUCCEEDED
  Result: { by: ada }
CallbackActions:
  - CallbackName: approval
    Operation: heartbeat
    Delay: 4
  - CallbackName: approval
    Operation: success
    Payload: { by: ada }
    Delay: 4
ExpectedExecutionHistory:
  - EventType: CallbackSucceeded
    EventId: 4
`

describe('a case on the service in this process', () => {
  // Imported as handlers are, so that there is one copy of it; see embedded-stage.ts.
  let perdure: typeof Perdure
  before(async () => {
    perdure = await import('perdure')
  })

  function run(text: string, handler: Handler | undefined): Promise<Report> {
    const source = { id: '1-1', suite: 'step', file: 'step/1-1.yaml' }
    return examine(parseRequirement(text, source), handler, embeddedStage)
  }

  /** Greets as expected, but for what a case changes. */
  function greet({ result = 'Hello, ', logs = 1, fails = false, waits = false }): Handler {
    const { step, wait } = perdure
    return {
      *workflow(name: string) {
        if (waits) yield* wait('1s')
        return yield* step(({ log }) => {
          for (let count = 0; count < logs; count++) log.info('greeting')
          if (fails) throw new RangeError('no voice')
          return `${result}${name}!`
        })
      },
      options: { retry: perdure.retry.none },
    }
  }

  it('passes where all is as expected', async () => {
    expect(await run(greeting, greet({}))).to.include({ outcome: 'PASSED' })
  })

  it('is uncovered without a handler', async () => {
    expect(await run(greeting, undefined)).to.include({ outcome: 'UNCOVERED' })
  })

  it('fails on another result', async () => {
    const { outcome, difference } = await run(greeting, greet({ result: 'Bye, ' }))

    expect(outcome).to.equal('FAILED')
    expect(difference).to.match(/^expected Result to be "Hello, (\w{6})!", got "Bye, \1!"$/)
  })

  it('fails on another status, with the reason', async () => {
    const { difference } = await run(greeting, greet({ fails: true }))

    expect(difference).to.equal(
      'expected ExecutionStatus to be "SUCCEEDED", got "FAILED" (StepError: no voice)',
    )
  })

  it('fails on another order of events', async () => {
    const { outcome, difference } = await run(greeting, greet({ waits: true }))

    expect(outcome).to.equal('FAILED')
    expect(difference).to.equal(
      'event 2 StepStarted: expected EventType to be "StepStarted", got "WaitStarted"',
    )
  })

  it('fails on a log record too many', async () => {
    const { outcome, difference } = await run(greeting, greet({ logs: 2 }))

    expect(outcome).to.equal('FAILED')
    expect(difference).to.match(
      /^log .*"message":"\/greeting\/".*: expected exactly 1, found 2 of 2$/,
    )
  })

  it('fails optionally where it is optional', async () => {
    const { outcome } = await run(`optional: true\n${greeting}`, greet({ logs: 0 }))

    expect(outcome).to.equal('OPTIONAL_FAILED')
  })

  it('fails where the driver refuses its options, and shows output again', async () => {
    const write: unknown = Reflect.get(process.stdout, 'write')
    const handler = { ...greet({}), options: { replayLogs: 'never' as 'all' } }
    const { outcome, difference } = await run(greeting, handler)

    expect(outcome).to.equal('FAILED')
    expect(difference).to.contain('replayLogs')
    expect(Reflect.get(process.stdout, 'write')).to.equal(write)
  })

  it('answers callbacks on the way, on time', async () => {
    const { createCallback } = perdure
    function* workflow() {
      // A heartbeat after four seconds keeps it alive for the answer after eight.
      const callback = yield* createCallback('approval', { heartbeatTimeout: '5s' })
      return yield* callback.result
    }

    expect(await run(approval, { workflow })).to.include({ outcome: 'PASSED' })
  })

  it('fails where an answer comes too late', async () => {
    const { createCallback } = perdure
    function* workflow() {
      const callback = yield* createCallback('approval', { heartbeatTimeout: '3s' })
      return yield* callback.result
    }
    const { outcome, difference } = await run(approval, { workflow })

    expect(outcome).to.equal('FAILED')
    expect(difference).to.contain('heartbeat to approval')
    expect(difference).to.contain('CallbackTimeoutException')
  })

  it('stops an execution of which no result is expected once its history is there', async () => {
    const { createCallback } = perdure
    function* workflow() {
      const callback = yield* createCallback()
      return yield* callback.result
    }
    const text = `
Input:
ExpectedExecutionHistory:
  - { EventType: CallbackStarted, EventId: 2 }
  - { EventType: InvocationCompleted, EventId: 3 }
`
    const { outcome, performance } = await run(text, { workflow })

    expect(outcome).to.equal('PASSED')
    expect(performance?.standing).to.include({ Status: 'STOPPED' })
  })

  it('fails where an execution waits for what nobody sends', async () => {
    const { createCallback } = perdure
    function* workflow() {
      const callback = yield* createCallback()
      return yield* callback.result
    }
    const { outcome, difference } = await run(approval, { workflow })

    expect(outcome).to.equal('FAILED')
    expect(difference).to.match(/expected ExecutionStatus to be "SUCCEEDED", got "TIMED_OUT"/)
  })

  it('hosts durable and plain targets by their bare names', async () => {
    const { invoke, step } = perdure
    const handler: Handler = {
      *workflow(name: string) {
        const shouted = yield* invoke<string>('shout', name)
        return yield* invoke('greet', shouted)
      },
      targets: {
        shout: (name: string) => name.toUpperCase(),
        *greet(name: string) {
          return yield* step(() => `Hello, ${name}!`)
        },
      },
    }
    const text = `
Input: ada
ExpectedResult:
  ExecutionStatus: SUCCEEDED
  Result: Hello, ADA!
`

    expect(await run(text, handler)).to.include({ outcome: 'PASSED' })
  })

  it('ends an invocation, and nothing else, where a handler exits', async () => {
    const { retry, step } = perdure
    function* workflow() {
      return yield* step(
        ({ attempt }) => {
          if (attempt === 1) process.exit(7)
          return attempt
        },
        { semantics: 'at-most-once', retry: retry.fixed({ delay: '1s' }) },
      )
    }
    const text = `
Input:
ExpectedResult: { ExecutionStatus: SUCCEEDED, Result: 2 }
ExpectedExecutionHistory:
  - EventType: StepStarted
    EventId: 2
  - EventType: InvocationCompleted
    EventId: 3
    InvocationCompletedDetails:
      Error: { Payload: { ErrorType: Runtime.ExitError } }
  - EventType: StepFailed
    EventId: 4
    StepFailedDetails:
      RetryDetails: { CurrentAttempt: 1, NextAttemptDelaySeconds: 1 }
  - EventType: StepSucceeded
    EventId: 7
`

    expect(await run(text, { workflow })).to.include({ outcome: 'PASSED' })
  })

  it('hands over its input as it is', async () => {
    const seen: unknown[] = []
    function* workflow(input: unknown) {
      seen.push(input)
      return input
    }
    for (const input of ['', 'null', '7', '[1, "a"]', '"text"', '{ a: { b: null } }']) {
      await run(`Input: ${input}\nExpectedResult: { ExecutionStatus: SUCCEEDED }\n`, { workflow })
    }

    expect(seen).to.deep.equal([null, null, 7, [1, 'a'], 'text', { a: { b: null } }])
  })
})
