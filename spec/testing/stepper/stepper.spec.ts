import { expect } from 'chai'
import {
  createCallback,
  isPerdureError,
  now,
  poll,
  retry,
  saga,
  step,
  wait,
  waitForCallback,
  waitForCondition,
  invoke,
  type Serdes,
  type WorkflowContext,
} from 'perdure'
import { stepThrough } from 'perdure/testing'
import { checkout } from '../../../samples/checkout.ts'
import { buy, CardDeclined } from '../../../samples/retries.ts'

const charge = () => {
  throw new Error('no body runs in a stepper')
}
const ask = charge
const order = { id: 'order-17', amount: 42 }

function* pay({ id }: { id: string }, { log }: WorkflowContext) {
  const payment = yield* step('charge', charge as () => { id: string }, { timeout: '10s' })
  log.info('charged', { id })
  yield* wait('cooling-off', '1d')
  const { ok } = yield* waitForCallback<{ ok: boolean }>('approve', ask, { timeout: '3d' })
  return { id, payment: payment.id, ok }
}

/** Under a check the code runs twice on every walk, and what it is handed is frozen. */
const unchecked = { driver: { determinism: 'off' } } as const

describe('a workflow that is stepped through', () => {
  it('stands at its operations, each equal to the call that builds it', () => {
    const run = stepThrough(pay, { input: order })

    expect(run.operation).to.deep.equal(step('charge', charge, { timeout: '10s' }))
    run.succeed({ id: 'pay-1' })
    expect(run.operation).to.deep.equal(wait('cooling-off', { hours: 24 }))
    run.next()
    expect(run.operation).to.deep.equal(waitForCallback('approve', ask, { timeout: '3d' }))
    run.succeed({ ok: true })
    expect(run.operation).to.equal(undefined)
    expect(run.outcome).to.deep.equal({
      status: 'returned',
      value: { id: 'order-17', payment: 'pay-1', ok: true },
    })
  })

  it('tells an operation from one with other options', () => {
    const run = stepThrough(pay, { input: order })

    expect(run.operation).not.to.deep.equal(step('charge', charge))
    expect(run.operation).not.to.deep.equal(step('charge', () => 1, { timeout: '10s' }))
  })

  it('tells its line, without which nothing is walked twice', () => {
    let walks = 0
    const run = stepThrough(function* () {
      walks += 1
      yield* step('here', charge)
    }, unchecked)

    expect(walks).to.equal(1)
    expect(run.line).to.match(/stepper\.spec\.ts:\d+:\d+$/)
    expect(walks).to.equal(2)
  })

  it('moves time by answers alone', () => {
    const run = stepThrough(
      function* () {
        yield* step('a', charge)
        yield* wait('1d')
        yield* step('b', charge, { timeout: '10s', retry: retry.fixed({ delay: '1m' }) })
        return yield* now()
      },
      { startedAt: new Date('2026-03-01T00:00:00Z') },
    )
    const day = 86_400_000
    const start = Date.UTC(2026, 2, 1)

    expect(run.now).to.equal(start)
    expect(run.succeed().now).to.equal(start + 1)
    expect(run.next().now).to.equal(start + 1 + day)
    expect(run.timeout({ retry: true }).now).to.equal(start + 1 + day + 10_000)
    run.succeed(undefined, { after: '2h' })
    const end = start + 1 + day + 10_000 + 60_000 + 7_200_000
    expect(run.outcome).to.deep.equal({ status: 'returned', value: end })
  })

  it('hands on what comes out of the text of an answer', () => {
    const run = stepThrough(function* () {
      const date = yield* step('when', () => new Date())
      return typeof date
    })

    run.succeed(new Date(0))
    expect(run.outcome).to.deep.equal({ status: 'returned', value: 'string' })
  })

  it("goes through an operation's own serdes and schema, and fails as they do", () => {
    const upper: Serdes<string> = {
      serialize: (value) => value.toUpperCase(),
      deserialize: (text) => `${text}!`,
    }
    const schema = {
      create(value: unknown) {
        if (typeof value === 'number') return value
        throw new TypeError('no number')
      },
    }
    const run = stepThrough(function* () {
      const loud = yield* step('loud', () => 'x', { serdes: upper })
      return [loud, yield* step('number', () => 1, { schema })]
    })

    const broken = run.succeed('hey').fork().succeed('two')
    expect(broken.outcome).to.have.nested.property('error.code', 'SERDES_FAILED')
    expect(run.succeed(2).outcome).to.deep.equal({ status: 'returned', value: ['HEY!', 2] })
  })

  it('catches its failures as in production, listed classes as themselves', () => {
    const input = { card: '9', amount: 1 }
    const listed = stepThrough(buy, { input, driver: { errors: [CardDeclined] } })
    const unlisted = stepThrough(buy, { input })
    const declined = new CardDeclined('lost')

    expect(listed.fail(declined).outcome).to.deep.equal({
      status: 'returned',
      value: { paid: false, reason: 'lost' },
    })
    expect(unlisted.fail(declined).outcome).to.have.nested.property('error.code', 'STEP_FAILED')
  })

  it('fails for good, or leaves an attempt to the strategy', () => {
    const run = stepThrough(buy, { input: { card: '4', amount: 1 } })

    run.fail(new Error('away'), { retry: true }).fail(new Error('away'), { retry: true })
    expect([run.id, run.attempt]).to.deep.equal(['1', 3])
    expect(run.fork().fail(new Error('away')).outcome).to.include({ status: 'threw' })
    // This one is not worth another try, says the strategy.
    expect(run.fail(new Error('broken'), { retry: true }).outcome).to.include({ status: 'threw' })
  })

  it('times out what has a timeout', () => {
    const run = stepThrough(checkout, { input: order })

    run.succeed({ id: 'pay-1', amount: 42 }).next().timeout()
    expect(run.name).to.equal('refund')
    expect(run.succeed().outcome).to.deep.equal({
      status: 'returned',
      value: { payment: 'pay-1', refunded: true, reason: 'CALLBACK_TIMED_OUT' },
    })
  })

  it('tells a missed heartbeat from a callback that came too late', () => {
    const run = stepThrough(function* () {
      try {
        return yield* waitForCallback('ping', ask, { timeout: '1d', heartbeatTimeout: '1m' })
      } catch (error) {
        return isPerdureError(error) && error.code
      }
    })

    const value = (one: typeof run) => ('value' in one.outcome ? one.outcome.value : undefined)
    expect(value(run.fork().timeout())).to.equal('CALLBACK_TIMED_OUT')
    expect(value(run.timeout({ heartbeat: true }))).to.equal('CALLBACK_HEARTBEAT_TIMED_OUT')
    expect(run.now).to.equal(Date.UTC(2026, 0, 1, 0, 1))
  })

  it('answers a poll check by check', () => {
    const run = stepThrough(function* () {
      return yield* waitForCondition('done', ask as () => number, {
        initialState: 0,
        strategy: poll.fixed({ until: (percent) => percent === 100, delay: '1m' }),
      })
    })

    run.succeed(50)
    expect([run.name, run.attempt]).to.deep.equal(['done', 2])
    run.succeed(100)
    expect(run.outcome).to.deep.equal({ status: 'returned', value: 100 })
    expect(run.now).to.equal(Date.UTC(2026, 0, 1, 0, 1) + 2)
  })

  it('answers an invoke as the function would', () => {
    const run = stepThrough(function* () {
      return yield* invoke<{ tracking: string }>('shipping', order)
    })

    expect(run.operation).to.deep.equal(invoke('shipping', order))
    expect(run.fork().timeout().outcome).to.have.nested.property('error.code', 'INVOKE_TIMED_OUT')
    run.at('shipping').succeed({ tracking: 't' })
    expect(run.outcome).to.deep.equal({ status: 'returned', value: { tracking: 't' } })
  })

  it('shows the callback that a result belongs to, which may be answered early', () => {
    function* workflow() {
      const callback = yield* createCallback<string>('paid', { timeout: '1w' })
      yield* step('remind', charge)
      return yield* callback.result
    }
    const late = stepThrough(workflow).succeed()
    expect(late.operation).to.deep.equal(createCallback('paid', { timeout: '1w' }))

    const early = stepThrough(workflow).at('paid').succeed('card')
    expect(early.name).to.equal('remind')
    expect(early.succeed().outcome).to.deep.equal({ status: 'returned', value: 'card' })
  })

  it('takes submitters for done, or shows them as steps', () => {
    const shown = stepThrough(pay, { input: order, submitters: 'step' })

    shown.succeed({ id: 'pay-1' }).next()
    expect([shown.id, shown.path]).to.deep.equal(['3-2', ['approve']])
    expect(shown.fork().fail(new Error('no mail')).outcome).to.have.nested.property(
      'error.code',
      'CALLBACK_SUBMIT_FAILED',
    )
    expect(shown.succeed().id).to.equal('3')
  })

  it('shows compensations, in their order', () => {
    const run = stepThrough(function* () {
      yield* saga('trip', function* () {
        yield* step('hotel', charge, { compensate: charge })
        yield* step('flight', charge, { compensate: charge })
        yield* step('car', charge)
      })
    })

    run.succeed('H').succeed('F').fail(new Error('no cars'))
    expect([run.operation?.kind, run.name, run.path]).to.deep.equal([
      'compensation',
      'flight',
      ['trip'],
    ])
    run.succeed().fail(new Error('no refund'))
    expect(run.outcome).to.have.nested.property('error.code', 'SAGA_FAILED')
  })

  it('gives the workflow its input as it comes out of its text, fresh on every walk', () => {
    const input = { items: ['a'], none: undefined }
    const run = stepThrough(
      function* (given: typeof input) {
        given.items.push('b')
        yield* step('look', charge)
        return given
      },
      { input, ...unchecked },
    )

    const value = { items: ['a', 'b'] }
    expect(run.succeed().back().succeed().outcome).to.deep.equal({ status: 'returned', value })
    expect(input.items).to.deep.equal(['a'])
  })

  it('ends with what a workflow could not catch', () => {
    const yielding = stepThrough(function* () {
      yield 42 as never
    })
    const forgetting = stepThrough(function* () {
      step('forgotten', charge)
    })

    expect(yielding.outcome).to.have.nested.property('error.code', 'NOT_AN_OPERATION')
    expect(forgetting.outcome).to.have.nested.property('error.code', 'FORGOTTEN_YIELD')
  })

  it('tells what has happened, to people and to machines', () => {
    const run = stepThrough(pay, { input: order })

    run.succeed({ id: 'pay-1' }).next().fail(new Error('no'))
    expect(run.transcript.lines).to.deep.equal([
      '1 step "charge" succeeded {"id":"pay-1"}',
      'said charged',
      '2 wait "cooling-off" succeeded',
      '3 waitForCallback "approve" failed: Error: no',
      'threw CALLBACK_FAILED: no',
    ])
    expect(run.transcript.entries[0]).to.deep.equal({
      what: 'answered',
      id: '1',
      words: 'step "charge"',
      path: [],
      answered: 'new',
      status: 'SUCCEEDED',
      result: '{"id":"pay-1"}',
      at: Date.UTC(2026, 0, 1) + 1,
    })
  })
})

describe('a stepper that goes back', () => {
  it('stands where it stood before the last answer', () => {
    const run = stepThrough(pay, { input: order }).succeed({ id: 'pay-1' }).next()
    const before = run.now

    run.timeout()
    expect(run.outcome).to.include({ status: 'threw' })
    run.back()
    expect([run.name, run.now, run.outcome.status, run.point]).to.deep.equal([
      'approve',
      before,
      'running',
      2,
    ])
  })

  it('walks the code once more, and runs no body', () => {
    let walks = 0
    const run = stepThrough(function* () {
      walks += 1
      for (let turn = 1; turn <= 100; turn++) yield* step(`turn ${turn}`, charge)
    }, unchecked)
    for (let turn = 1; turn <= 60; turn++) run.succeed()
    expect(walks).to.equal(1)

    run.back()
    expect([walks, run.name]).to.deep.equal([2, 'turn 60'])
  })

  it('goes to any point, and forward again as it had been answered', () => {
    const run = stepThrough(pay, { input: order })

    run.succeed({ id: 'pay-1' }).next().succeed({ ok: true }).goTo(0)
    expect([run.name, run.transcript.lines]).to.deep.equal(['charge', []])
    expect(run.goTo(3).outcome).to.deep.equal({
      status: 'returned',
      value: { id: 'order-17', payment: 'pay-1', ok: true },
    })
  })

  it('forgets what came after, once it is answered otherwise', () => {
    const run = stepThrough(pay, { input: order }).succeed({ id: 'pay-1' }).next().goTo(0)

    run.fail(new Error('broke'))
    expect(run.outcome).to.include({ status: 'threw' })
    expect(() => run.goTo(2)).to.throw('points 0 to 1')
  })

  it('forks: what if it had answered otherwise', () => {
    const run = stepThrough(pay, { input: order }).succeed({ id: 'pay-1' }).next()
    const other = run.fork().timeout()

    expect(other.outcome).to.include({ status: 'threw' })
    expect(run.name).to.equal('approve')
    expect(run.succeed({ ok: true }).outcome).to.include({ status: 'returned' })
  })

  it('takes the same time on the same way, also where a strategy draws its delays', () => {
    const run = stepThrough(function* () {
      yield* step('flaky', charge)
      return yield* now()
    })

    run.fail(new Error('x'), { retry: true }).fail(new Error('x'), { retry: true }).succeed()
    const { outcome } = run
    for (let again = 0; again < 5; again++) {
      expect(run.goTo(1).goTo(3).outcome).to.deep.equal(outcome)
    }
  })
})
