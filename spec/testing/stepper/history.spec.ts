import { expect } from 'chai'
import { driver, retry, step, version, wait, waitForCallback, type Workflow } from 'perdure'
import { Embedded, stepThrough } from 'perdure/testing'
import * as contexts from '../../../samples/child-context.ts'
import * as fanOut from '../../../samples/fan-out.ts'
import * as trip from '../../../samples/trip.ts'
import { checkout } from '../../../samples/checkout.ts'
import { deliver } from '../../../samples/deadline.ts'

const never = (): never => {
  throw new Error('no body runs in a stepper')
}
const input = { id: 'order-17', amount: 42 }

const shipped = () =>
  stepThrough(checkout, { input })
    .succeed({ id: 'pay-1', amount: 42 })
    .next()
    .succeed({ ok: true, by: 'Alex' })
    .succeed({ tracking: 't' })

describe('a history that is stepped through', () => {
  it('is gone over answer by answer, with no body run', () => {
    const run = stepThrough(checkout, { history: shipped().records })

    const seen: unknown[] = []
    for (; run.operation; run.next()) seen.push([run.id, run.name, run.answered])
    expect(seen).to.deep.equal([
      ['1', 'charge', 'record'],
      ['2', 'cooling-off', 'record'],
      ['3', 'approve', 'record'],
      ['4', 'shipping', 'record'],
    ])
    expect(run.outcome).to.deep.equal(shipped().outcome)
  })

  it('tells time and what has happened as of each point', () => {
    const run = stepThrough(checkout, { history: shipped().records })

    expect([run.now, run.transcript.lines]).to.deep.equal([Date.UTC(2026, 0, 1), []])
    run.runTo('approve')
    expect(run.now).to.equal(Date.UTC(2026, 0, 2) + 1)
    expect(run.transcript.lines).to.deep.equal([
      '1 step "charge" succeeded {"id":"pay-1","amount":42} (recorded)',
      'said charged',
      '2 wait "cooling-off" succeeded (recorded)',
    ])
    expect(run.back().name).to.equal('cooling-off')
  })

  it('tells the line of each point', () => {
    function* paced() {
      yield* step('charge', never)
      yield* wait('cooling-off', '1d')
    }
    const { records } = stepThrough(paced).succeed().next()
    const run = stepThrough(paced, { history: records })
    const place = /history\.spec\.ts:(\d+):\d+$/
    const first = Number(place.exec(run.line ?? '')?.[1])

    expect(first).to.be.above(0)
    expect(Number(place.exec(run.next().line ?? '')?.[1])).to.equal(first + 1)
  })

  it('goes on where it ends', () => {
    const { records } = stepThrough(checkout, { input }).succeed({ id: 'pay-1' }).next()
    const run = stepThrough(checkout, { history: records })

    run.next().next()
    expect([run.name, run.answered]).to.deep.equal(['approve', 'new'])
    expect(
      run.operations.map(({ name, answered, status }) => [name, answered, status]),
    ).to.deep.equal([
      ['charge', 'record', 'SUCCEEDED'],
      ['cooling-off', 'record', 'SUCCEEDED'],
      ['approve', 'new', 'STARTED'],
    ])
    expect(run.timeout().name).to.equal('refund')
  })

  it('can be answered otherwise in the middle', () => {
    const run = stepThrough(checkout, { history: shipped().records })

    const other = run.goTo(2).fork().succeed({ ok: false, by: 'Kim' })
    expect([other.name, other.answered]).to.deep.equal(['refund', 'new'])
    expect(other.succeed().outcome).to.deep.equal({
      status: 'returned',
      value: { payment: 'pay-1', refunded: true, reason: 'declined by Kim' },
    })
    expect([run.name, run.answered]).to.deep.equal(['approve', 'record'])
  })

  it('keeps to the version that it was recorded with, also when answered otherwise', () => {
    function* before() {
      yield* step('a', never)
      yield* step('b', never)
    }
    function* after() {
      yield* step('a', never)
      const number = yield* version('gate', { min: 1, max: 2 })
      yield* step('b', never)
      return number
    }
    const history = stepThrough(before).succeed().succeed().records

    const value = (run: { outcome: unknown }) => (run.outcome as { value?: unknown }).value
    expect(value(stepThrough(after, { history }).next().next())).to.equal(1)
    expect(value(stepThrough(after, { history }).next().succeed())).to.equal(1)
    expect(value(stepThrough(after).succeed().succeed())).to.equal(2)
  })

  it('keeps the versions that were recorded, wherever it is answered otherwise', () => {
    const at = (max: number) =>
      function* () {
        const number = yield* version('gate', { min: 1, max })
        yield* step('a', never)
        yield* step('b', never)
        return number
      }
    const history = stepThrough(at(2)).succeed().succeed().records

    const run = stepThrough(at(3), { history }).succeed().succeed()
    expect(run.outcome).to.deep.equal({ status: 'returned', value: 2 })
  })

  it('shows what a race came to, and asks its members nothing', () => {
    const told = stepThrough(deliver, { input: { id: 'p', neighbours: ['Ada', 'Bo'] } })
    told.at('evening').next().succeed({ takes: true }).succeed()
    const run = stepThrough(deliver, { history: told.records })

    const seen: unknown[] = []
    for (; run.operation; run.next()) seen.push([run.operation.kind, run.name])
    expect(seen).to.deep.equal([
      ['race', 'ask Ada'],
      ['race', 'ask Bo'],
      ['step', 'hand over'],
    ])
    expect(run.outcome).to.deep.equal(told.outcome)
  })

  it('is found to diverge where production would, with the line', () => {
    function* changed() {
      yield* step('charge', never)
      yield* step('cool off', never)
    }
    const run = stepThrough(changed, { history: shipped().records })

    expect(run.outcome.status).to.equal('running')
    run.next()
    expect(run.outcome).to.have.nested.property('error.code', 'REPLAY_DIVERGED')
    expect(run.outcome)
      .to.have.nested.property('error.message')
      .that.matches(
        /holds wait "cooling-off", the workflow yielded step "cool off"[^]*Yielded at .*history\.spec\.ts/,
      )
  })

  it('may end before the records do, which is a divergence too', () => {
    const run = stepThrough(
      function* () {
        yield* step('charge', never)
      },
      { history: shipped().records },
    )

    expect(run.next().outcome).to.have.nested.property('error.code', 'REPLAY_DIVERGED')
  })

  it('counts a step that may run once only, and was under way, as interrupted', () => {
    function* workflow() {
      yield* step('once', never, { semantics: 'at-most-once', retry: retry.none })
    }
    const { records } = stepThrough(workflow)

    const { outcome } = stepThrough(workflow, { history: records })
    expect(outcome).to.have.nested.property('error.code', 'STEP_INTERRUPTED')
  })

  it('is taken as the service keeps it, its times and callback ids included', async () => {
    function* workflow({ id }: { id: string }) {
      yield* step('begin', () => `begun ${id}`)
      yield* wait('pause', '1h')
      return yield* waitForCallback<string>('answer', () => undefined, { timeout: '1d' })
    }
    const events: { InitialExecutionState: { Operations: [] } }[] = []
    const handler = driver.lambdaHandler(workflow)
    const embedded = new Embedded()
    embedded.register('f', (event, context) => {
      events.push(structuredClone(JSON.parse(JSON.stringify(event)) as (typeof events)[0]))
      return handler(event, context)
    })
    const { DurableExecutionArn: arn = '' } = await embedded.service.invoke({
      FunctionName: 'f',
      Qualifier: '$LATEST',
      InvocationType: 'Event',
      Payload: '{"id":"7"}',
    })
    await embedded.service.ended(arn)
    const history = events[1]?.InitialExecutionState.Operations ?? []
    const run = stepThrough(workflow, { history })

    expect(run.next().next().name).to.equal('answer')
    expect(run.transcript.lines[0]).to.equal('1 step "begin" succeeded "begun 7" (recorded)')
    expect(run.succeed('yes').outcome).to.deep.equal({ status: 'returned', value: 'yes' })
  })
})

describe('a history in the shapes that the API hands out', () => {
  for (const [name, handler, workflow, input] of [
    ['fan-out', fanOut.handler, fanOut.publish, fanOut.scenario.input],
    ['trip', trip.handler, trip.bookTrip, trip.scenario.input],
    ['child-context', contexts.handler, contexts.book, contexts.scenario.input],
  ] as const) {
    it(`is gone over to its end: ${name}`, async () => {
      const embedded = new Embedded()
      embedded.register('f', handler)
      const { DurableExecutionArn: arn = '' } = await embedded.service.invoke({
        FunctionName: 'f',
        Qualifier: '$LATEST',
        InvocationType: 'Event',
        Payload: JSON.stringify(input),
      })
      await embedded.service.ended(arn)
      const asked = { DurableExecutionArn: arn }
      const events = await embedded.service.getDurableExecutionHistory({
        ...asked,
        IncludeExecutionData: true,
        MaxItems: 1000,
      })
      const { Result = '' } = await embedded.service.getDurableExecution(asked)
      const run = stepThrough(workflow as Workflow, { history: JSON.stringify(events) })

      while (run.operation) {
        expect(run.answered).to.equal('record')
        run.next()
      }
      expect(run.outcome).to.deep.equal({
        status: 'returned',
        value: JSON.parse(Result) as unknown,
      })
    })
  }
})
