import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { childContext, invoke, map, step, wait, waitForCallback, waitForCondition } from 'perdure'
import { like, play, stepThrough } from 'perdure/testing'
import { agent } from '../../../samples/agent.ts'
import { approveExpense } from '../../../samples/approval.ts'
import { checkout } from '../../../samples/checkout.ts'
import { deliver } from '../../../samples/deadline.ts'
import { publish } from '../../../samples/fan-out.ts'
import { hello } from '../../../samples/hello.ts'
import { collect } from '../../../samples/reminders.ts'
import { bookTrip } from '../../../samples/trip.ts'

const order = { id: 'order-17', amount: 42 }
const payment = { id: 'pay-1', amount: 42 }
const parcel = { id: 'p', neighbours: ['Ada', 'Bo'] }
const anything = () => undefined

describe('a conversation with a workflow', () => {
  it('goes by operations as their builders make them, whatever their code', () => {
    play(checkout, order)
      .expect(step('charge', anything))
      .answer(payment)
      .expect(wait('cooling-off', { hours: 24 }))
      .expect(waitForCallback('approve', anything, { timeout: { days: 3 } }))
      .answer({ ok: true, by: 'Alex' })
      .expect(invoke('shipping', order))
      .answer({ tracking: 't' })
      .returns({ payment: 'pay-1', tracking: 't', approvedBy: 'Alex' })
  })

  it('goes by likenesses, which say as much as they want to', () => {
    play(checkout, order)
      .expect(like.step('charge'))
      .answer(payment)
      .expect(like.wait())
      .expect(like.waitForCallback('approve', { timeout: '72h' }))
      .answer({ ok: true })
      .expect(like.invoke('shipping'))
      .fails(new Error('out of boxes'))
      .expect(like.step())
      .answer()
      .returns({ payment: 'pay-1', refunded: true, reason: 'INVOKE_FAILED' })
  })

  it('goes by names', () => {
    play(approveExpense, { id: 'e', amount: 1 })
      .expect('manager')
      .timeout()
      .expect('director')
      .answer({ approved: false, by: 'Robin' })
      .returns({ id: 'e', outcome: 'rejected', by: 'Robin' })
  })

  it('lets a wait pass that was expected, and only when it has to', () => {
    play(hello, { name: 'Ada' })
      .expect('greet')
      .answer('Hello')
      .expect(wait('tea', '5m'))
      .returns({ greeting: 'Hello', day: '2026-01-01' })
    play(deliver, parcel)
      .expect(wait('evening', '6h'))
      .expect('Ada')
      .answer({ takes: true })
      .expect('hand over')
      .answer()
      .returns({ id: 'p', at: 'Ada' })
    play(deliver, parcel).expect(wait('evening', '6h')).expect('Bo')
  })

  it('takes what runs side by side in any order', () => {
    play(publish, { title: 'T', languages: ['de', 'fr'] })
      .expect('translate', { in: 'fr' })
      .answer('Bonjour')
      .expect('typeset')
      .answer({ language: 'fr', pages: 1 })
      .expect('translate')
      .answer('Hallo')
      .expect('typeset', { in: 'de' })
      .answer({ language: 'de', pages: 1 })
      .expect('send')
      .answer()
      .returns({ sent: ['de', 'fr'], missing: [] })
  })

  it('tells equal operations side by side apart', () => {
    play(function* () {
      const batch = yield* map(['a', 'b'], () => step('same', anything))
      return batch.results()
    })
      .expect('same')
      .expect('same')
      .answer(2)
      .answer(1)
      .returns([1, 2])
  })

  it('hears what is undone', () => {
    play(bookTrip, { city: 'Venice', nights: 3 })
      .expect('hotel')
      .answer('H')
      .expect('flight')
      .answer('F')
      .expect('car')
      .fails(new Error('no cars'))
      .expect(like.compensation('flight'))
      .answer()
      .expect(like.compensation('hotel'))
      .answer()
      .returns({ booked: [], why: 'no cars' })
  })

  it('answers callbacks, polls and retried attempts', () => {
    play(collect, { number: '1', amount: 2 })
      .expect(like.wait('peace', '2w'))
      .expect('remind-1')
      .fails(new Error('no mail'), { retry: true })
      .expect('remind-1')
      .answer()
      .expect(like.callback('paid-1', { timeout: '1w' }))
      .timeout()
      .expect('remind-2')
    const check = (state: number) => state
    play(function* () {
      return yield* waitForCondition('done', check, {
        initialState: 0,
        strategy: (state) => (state > 1 ? false : '1m'),
      })
    })
      .expect(like.waitForCondition('done', { initialState: 0 }))
      .answer(1)
      .expect('done')
      .answer(2)
      .returns(2)
  })

  it('goes over a history before it goes on', () => {
    const { records } = stepThrough(checkout, { input: order }).succeed(payment).next()

    play(checkout, undefined, { history: records })
      .expect('charge')
      .expect('cooling-off')
      .expect('approve')
      .timeout()
      .expect('refund')
      .answer()
      .returns()
  })

  it('ends with an error by its code, message, pattern, class or likeness', () => {
    const failed = play(checkout, order).expect('charge').fails(new Error('card away'))

    failed.throws()
    failed.throws('STEP_FAILED').throws('card away').throws(/away/).throws(Error)
    expect(() => failed.throws(TypeError)).to.throw(
      'to throw TypeError, but the workflow has ended',
    )
  })

  it('plays a conversation of many turns', () => {
    play(agent, { question: 'Do we need pens?' })
      .expect('turn 1')
      .answer({ text: '', calls: [{ tool: 'order', argument: 'pens' }] })
      .expect(like.waitForCallback('approve pens'))
      .answer({ ok: false })
      .expect('turn 2')
      .answer({ text: 'No.', calls: [] })
      .returns({ answer: 'No.', turns: 2 })
  })
})

interface Failure {
  readonly when: string
  readonly act: () => unknown
  readonly says: RegExp
  readonly expected?: unknown
  readonly actual?: unknown
}

function* charging() {
  return yield* step('charge', anything) // line
}

/** The number of the line of this file that ends so. */
function lineOf(end: string): number {
  const lines = readFileSync(import.meta.filename, 'utf8').split('\n')
  return 1 + lines.findIndex((line) => line.endsWith(end))
}

const charged = () => play(checkout, order).expect('charge').answer(payment)

const failures: readonly Failure[] = [
  {
    when: 'another operation is yielded',
    act: () => play(charging, undefined).expect(step('load', anything)),
    says: new RegExp(
      '^Expected step "load", but the workflow yielded step "charge" ' +
        `\\(operation 1, at .*conversation\\.spec\\.ts:${lineOf('// line')}:\\d+\\)$`,
    ),
    expected: { operation: 'step "load"' },
    actual: { operation: 'step "charge"' },
  },
  {
    when: 'it asks for something else under the same name',
    act: () => charged().expect(wait('cooling-off', '2d')),
    says: /\n {2}expected \{ operation: 'wait "cooling-off"', seconds: 172800 \}\n {2}yielded {2}\{/,
    expected: { operation: 'wait "cooling-off"', seconds: 172_800 },
    actual: { operation: 'wait "cooling-off"', seconds: 86_400 },
  },
  {
    when: 'an input is another',
    act: () =>
      charged()
        .expect('cooling-off')
        .expect('approve')
        .answer({ ok: true })
        .expect(like.invoke('shipping', {})),
    says: /Expected invoke "shipping", but the workflow yielded invoke "shipping"/,
    expected: { operation: 'invoke "shipping"', input: {} },
    actual: { operation: 'invoke "shipping"', input: order },
  },
  {
    when: 'options are not those of the builder',
    act: () => charged().expect('cooling-off').expect(waitForCallback('approve', anything)),
    says: /Expected waitForCallback "approve"/,
    expected: { operation: 'waitForCallback "approve"' },
    actual: { operation: 'waitForCallback "approve"', options: { timeout: '259200s' } },
  },
  {
    when: 'several wait, and none of them is meant',
    act: () => play(deliver, parcel).expect('Ada').expect('Bo'),
    says: /the workflow waits for\n {2}waitForCallback "Ada" in ask Ada > answer .*expected before and not answered\)\n {2}wait "evening"/,
    expected: 'Bo',
    actual: 'evening',
  },
  {
    when: 'it has returned',
    act: () =>
      play(function* () {
        return yield* step('one', () => 1)
      })
        .expect('one')
        .answer(1)
        .expect('two'),
    says: /^Expected "two", but the workflow has returned$/,
    expected: 'two',
    actual: { returned: 1 },
  },
  {
    when: 'a wait was not expected before',
    act: () => charged().expect('approve'),
    says: /Expected "approve", but the workflow yielded wait "cooling-off"/,
    expected: 'approve',
    actual: 'cooling-off',
  },
  {
    when: 'it does not return yet',
    act: () => charged().returns({}),
    says: /^Expected the workflow to return, but the workflow yielded wait "cooling-off"/,
    expected: { returned: {} },
    actual: undefined,
  },
  {
    when: 'it returns something else',
    act: () =>
      play(function* () {
        return yield* step('one', () => 1)
      })
        .expect('one')
        .answer(1)
        .returns(2),
    says: /^Expected the workflow to return 2, but it returned 1$/,
    expected: 2,
    actual: 1,
  },
  {
    when: 'it throws instead of returning',
    act: () => play(checkout, order).expect('charge').fails(new Error('no')).returns(),
    says: /^Expected the workflow to return, but the workflow has ended with STEP_FAILED: no$/,
    actual: { threw: 'STEP_FAILED: no' },
  },
  {
    when: 'it throws something else',
    act: () => play(checkout, order).expect('charge').fails(new Error('no')).throws('CANCELLED'),
    says: /^Expected the workflow to throw CANCELLED, but the workflow has ended with STEP_FAILED: no$/,
    expected: { threw: 'CANCELLED' },
    actual: { threw: 'STEP_FAILED: no' },
  },
]

describe('a conversation that goes otherwise', () => {
  for (const { when, act, says, expected, actual } of failures) {
    it(`fails when ${when}, with both sides and the place`, () => {
      const error = failureOf(act)

      expect(error.message).to.match(says)
      expect(error).to.include({ name: 'AssertionError', showDiff: expected !== undefined })
      expect({ expected: error.expected, actual: error.actual }).to.deep.equal({ expected, actual })
      const [place = ''] = error.stack?.split('\n').filter((line) => /^ +at /.test(line)) ?? []
      expect(place).to.include('conversation.spec.ts')
    })
  }

  it('refuses an answer to nothing, and an expectation of nothing', () => {
    expect(() => play(hello, { name: 'Ada' }).answer(1))
      .to.throw('say by expect()')
      .with.property('code', 'NOTHING_OPEN')
    expect(() => play(hello, { name: 'Ada' }).expect(42 as never)).to.throw('Expected `expected`')
  })
})

interface Shown extends Error {
  readonly expected: unknown
  readonly actual: unknown
}

function failureOf(act: () => unknown): Shown {
  try {
    act()
  } catch (error) {
    return error as Shown
  }
  throw new Error('It went as expected.')
}

describe('a conversation about what is made of others', () => {
  const input = { title: 'T', languages: ['de', 'fr'] }
  const editions = map('editions', ['de', 'fr'], () => step(anything), {
    maxConcurrency: 3,
    completion: { toleratedFailurePercentage: 34 },
    itemName: (language) => language,
  })

  it('answers it as a whole', () => {
    play(publish, input)
      .expect(editions)
      .answer([{ language: 'de' }, { language: 'fr' }])
      .expect('send')
      .fails(new Error('no post'))
      .throws('no post')
  })

  it('goes into it, when it is told what is inside', () => {
    play(publish, input)
      .expect(like.map('editions'))
      .expect('translate', { in: 'fr' })
      .answer('Bonjour')
      .expect('translate', { in: 'de' })
      .answer('Hallo')
      .expect('typeset', { in: 'de' })
  })

  it('does not let it be answered any more, once it has gone in', () => {
    const said = play(publish, input)
      .expect(like.map('editions'))
      .expect('translate', { in: 'fr' })
      .answer('Bonjour')

    expect(() => said.answer([])).to.throw('say by expect()')
    expect(() => said.expect(like.map())).to.throw('Expected map, but')
  })

  it('passes a wait that was expected before it', () => {
    play(function* () {
      yield* wait('pause', '1h')
      return yield* childContext('trip', () => step('book', anything))
    })
      .expect(wait('pause', '1h'))
      .expect(like.childContext('trip'))
      .answer('Lisbon')
      .returns('Lisbon')
  })

  it('goes over one on record', () => {
    const { records } = stepThrough(publish, { input }).at('editions').succeed([{}, {}])

    play(publish, undefined, { history: records }).expect(editions).expect(like.step('send'))
  })
})
