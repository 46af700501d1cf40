import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import {
  createDriver,
  driver,
  invoke,
  isPerdureError,
  step,
  wait,
  waitForCallback,
  type WorkflowContext,
} from 'perdure'
import { run, start, VirtualClock } from 'perdure/testing'
import { LocalRun } from '../../../lib/testing/runner/local-run.ts'

function* greet(name: string) {
  const words = yield* step('greet', () => `hello ${name}`)
  yield* wait('tea', '1h')
  return { words }
}

class CardDeclined extends Error {
  readonly code: string

  constructor(code: string) {
    super(`declined: ${code}`)
    this.code = code
  }
}

describe('a run of a workflow', () => {
  it('ends with its value, typed', async () => {
    const result = await run(greet, { input: 'Ada' })

    expect(result.status).to.equal('SUCCEEDED')
    expect(result.value).to.deep.equal({ words: 'hello Ada' })
    expect(result.payload).to.equal('{"words":"hello Ada"}')
    expectTypeOf(result.value).toEqualTypeOf<{ words: string }>()
  })

  it('tells of each invocation what it ran, what it replayed and why it was suspended', async () => {
    const { invocations } = await run(greet, { input: 'Ada' })

    expect(
      invocations.map(({ number, ran, started, replayed, suspendedFor }) => ({
        number,
        ran,
        started,
        replayed,
        suspendedFor: suspendedFor.map(({ words }) => words),
      })),
    ).to.deep.equal([
      {
        number: 1,
        ran: ['1 step "greet"'],
        started: ['2 wait "tea"'],
        replayed: [],
        suspendedFor: ['wait "tea"'],
      },
      {
        number: 2,
        ran: [],
        started: [],
        replayed: ['1 step "greet"', '2 wait "tea"'],
        suspendedFor: [],
      },
    ])
  })

  it('has the history in the shape of the API', async () => {
    const { events } = await run(greet, { input: 'Ada' })

    expect(events.map(({ EventId, EventType, Id }) => [EventId, EventType, Id]).slice(1, -1))
      .to //
      .deep.equal([
        [2, 'StepStarted', '1'],
        [3, 'StepSucceeded', '1'],
        [4, 'WaitStarted', '2'],
        [5, 'InvocationCompleted', undefined],
        [6, 'WaitSucceeded', '2'],
        [7, 'InvocationCompleted', undefined],
      ])
    expect(events[0]?.ExecutionStartedDetails?.Input.Payload).to.equal('"Ada"')
    expect(events.at(-1)?.EventTimestamp).to.be.an.instanceOf(Date)
  })

  it('takes a handler as well, with the options that it was made with', async () => {
    const own = createDriver({ errors: [CardDeclined] })
    const result = await run(own.lambdaHandler(greet), { input: 'Ada' })

    expect(result.value).to.deep.equal({ words: 'hello Ada' })
  })

  it('throws, asked for a value, what the workflow failed with', async () => {
    const result = await run(
      function* () {
        yield* step('pay', () => 1)
        throw new CardDeclined('lost')
      },
      { driver: { errors: [CardDeclined] } },
    )

    expect(result.status).to.equal('FAILED')
    expect(result.error).to.be.an.instanceOf(CardDeclined).and.to.include({ code: 'lost' })
    expect(result.errorRecord?.ErrorType).to.equal('CardDeclined')
    expect(() => result.value).to.throw(CardDeclined, 'declined: lost')
  })

  it('checks determinism unless it is told otherwise', async () => {
    function* forgetful() {
      step('never', () => 1)
      return yield* step('once', () => 2)
    }
    const checked = await run(forgetful)
    const unchecked = await run(forgetful, { driver: { determinism: 'off' } })

    expect(isPerdureError(checked.error, 'FORGOTTEN_YIELD')).to.equal(true)
    expect(unchecked.value).to.equal(2)
  })

  it('takes no time of its own, so that two runs have the same times', async () => {
    const runs = [await run(greet, { input: 'a' }), await run(greet, { input: 'b' })]
    const [one, other] = runs.map(({ events }) =>
      events.map(({ EventTimestamp }) => EventTimestamp.toISOString()),
    )

    expect(one).to.deep.equal(other)
    expect(one?.at(-1)).to.equal('2026-01-01T01:00:00.000Z')
  })

  it('names the execution, sets its quotas, and fails what breaks them', async () => {
    function* name(_: unknown, { executionName }: WorkflowContext) {
      yield* step('large', () => 'x'.repeat(100))
      return executionName
    }
    const free = await run(name, { name: 'order-17' })
    const bound = await run(name, { limits: { operationPayloadBytes: 50 } })

    expect(free.value).to.equal('order-17')
    expect(bound.status).to.equal('FAILED')
  })

  it('ends with its time', async () => {
    const result = await run(
      function* () {
        yield* wait('2d')
      },
      { timeout: '1d' },
    )

    expect(result.status).to.equal('TIMED_OUT')
    expect(result.events.at(-1)?.EventType).to.equal('ExecutionTimedOut')
  })
})

describe('a run of thirty days with three callbacks that nobody answers', () => {
  function* month(name: string) {
    const missed: string[] = []
    for (const role of ['manager', 'director', 'owner']) {
      try {
        yield* waitForCallback(role, () => undefined, { timeout: '7d' })
      } catch (error) {
        if (!isPerdureError(error, 'CALLBACK_TIMED_OUT')) throw error
        missed.push(role)
      }
      yield* wait('3d')
    }
    return `${name} missed ${missed.join(', ')}`
  }

  it('goes through them in no time', async () => {
    const { setTimeout, setImmediate, Date } = globalThis
    const result = await run(month, { input: 'a' })

    expect(result.value).to.equal('a missed manager, director, owner')
    expect(result.events.at(-1)?.EventTimestamp.toISOString()).to.equal('2026-01-31T00:00:00.000Z')
    expect([setTimeout, setImmediate, Date]).to.deep.equal([
      globalThis.setTimeout,
      globalThis.setImmediate,
      globalThis.Date,
    ])
  })

  it('is not disturbed by fifty others in the process', async () => {
    const names = [...Array(50).keys()].map((number) => `run ${number}`)
    const alone = await run(month, { input: 'alone' })
    const together = await Promise.all(names.map((input) => run(month, { input })))

    const shape = ({ events }: typeof alone) =>
      events.map(({ EventType, EventTimestamp }) => `${EventType} ${EventTimestamp.toISOString()}`)
    expect(together.map(({ value }) => value)).to.deep.equal(
      names.map((name) => `${name} missed manager, director, owner`),
    )
    for (const one of together) expect(shape(one)).to.deep.equal(shape(alone))
  })
})

describe('a run that can never end', () => {
  it('says what it waits for, and how to answer it', async () => {
    const result = await run(
      function* () {
        yield* waitForCallback('approve', () => undefined)
      },
      { callbacks: { aprove: { succeed: 1 } } },
    )

    expect(result.status).to.equal('RUNNING')
    expect(result.waitsFor).to.deep.equal(['callback "approve" (operation 1-1)'])
    expect(result.unanswered).to.deep.equal(['approve'])
    expect(() => result.value)
      .to.throw()
      .with.property('message')
      .that.equals(
        'The execution can never end. It waits for callback "approve" (operation 1-1).\n' +
          'Give it an answer: callbacks: { "approve": { succeed: … } }\n' +
          'No callback was made that is called "aprove".',
      )
  })

  it('is one that waits for ever longer', async () => {
    const result = await run(function* () {
      for (;;) yield* wait('100d')
    })

    expect(result.status).to.equal('RUNNING')
    expect(result.waitsFor).to.deep.equal(['wait (operation 4)'])
  })

  it('is one whose callee never ends', async () => {
    const result = await run(
      function* () {
        return yield* invoke('shipping')
      },
      {
        functions: {
          *shipping() {
            yield* waitForCallback('courier', () => undefined)
          },
        },
      },
    )

    expect(result.waitsFor).to.deep.equal(['invoke "shipping" (operation 1)'])
    expect(result.unanswered).to.deep.equal(['courier'])
  })

  it('is one whose body hangs, once patience is at its end', async () => {
    const realClock = new VirtualClock({ auto: false })
    function* hanging() {
      yield* step('quick', () => 1)
      yield* step('hanging', () => new Promise<never>(() => undefined))
    }
    const { execution } = new LocalRun(hanging, { patience: '5s' }, realClock)
    const over = execution.result
    await execution.operation('hanging').waitFor('started')
    realClock.advance(5_000)
    expect(execution.status).to.equal('RUNNING')
    realClock.advance(5_000)
    const result = await over

    expect(result.waitsFor).to.deep.equal(['the body of step "hanging" (operation 2)'])
    expect(() => result.value).to.throw('can never end')
  })
})

describe('a run with a clock of the caller', () => {
  it('goes as far as the clock is moved', async () => {
    const clock = new VirtualClock({ auto: false, start: Date.UTC(2030, 0, 1) })
    const execution = start(greet, { input: 'Ada', clock })
    const result = execution.result
    await execution.suspended()
    clock.advance(3_600_000)

    const { status, events } = await result

    expect(status).to.equal('SUCCEEDED')
    expect(events.at(-1)?.EventTimestamp.toISOString()).to.equal('2030-01-01T01:00:00.000Z')
  })

  it('shares it with others', async () => {
    const clock = new VirtualClock()
    await Promise.all([run(greet, { input: 'a', clock }), run(greet, { input: 'b', clock })])

    expect(clock.now()).to.equal(Date.UTC(2026, 0, 1, 1))
  })
})

describe('a run that is stopped', () => {
  it('ends as it was told', async () => {
    const execution = start(driver.lambdaHandler(greet), { input: 'Ada' })
    await execution.operation('tea').waitFor('started')
    await execution.stop(new TypeError('enough'))
    const result = await execution.result

    expect(result.status).to.equal('STOPPED')
    expect(result.error).to.include({ name: 'TypeError', message: 'enough' })
  })
})
