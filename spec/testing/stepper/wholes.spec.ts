import { expect } from 'chai'
import {
  all,
  allSettled,
  childContext,
  map,
  parallel,
  race,
  saga,
  step,
  wait,
  waitForCondition,
  poll,
  waitForCallback,
  type Coroutine,
  type Operation,
  type WorkflowContext,
} from 'perdure'
import { StepperError, stepThrough } from 'perdure/testing'
import { publish } from '../../../samples/fan-out.ts'

const never = (): never => {
  throw new Error('no body runs in a stepper')
}
const input = { title: 'T', languages: ['de', 'fr'] }

function* booked() {
  try {
    return yield* childContext('trip', function* () {
      yield* step('flight', never)
      return yield* step<string>('hotel', never)
    })
  } catch (error) {
    return (error as Error).message
  }
}

describe('an operation made of others that is answered as a whole', () => {
  it('ends with what its body would have returned, and nothing of that is asked for', () => {
    const run = stepThrough(booked).at('trip').succeed('Lisbon')

    expect(run.outcome).to.deep.equal({ status: 'returned', value: 'Lisbon' })
    expect(run.operations.map(({ words, status }) => [words, status])).to.deep.equal([
      ['childContext "trip"', 'SUCCEEDED'],
    ])
    expect(run.transcript.lines).to.deep.equal([
      '1 childContext "trip" succeeded "Lisbon"',
      'returned "Lisbon"',
    ])
  })

  it('fails with what it is given', () => {
    const run = stepThrough(booked).at('trip').fail(new Error('no room'))

    expect(run.outcome).to.deep.equal({ status: 'returned', value: 'no room' })
  })

  it('is stood before when it is run to, and gone into by next', () => {
    const run = stepThrough(booked).runTo('trip')
    const body = run.operation as unknown as { body: never }

    expect(run.operation).to.deep.equal(childContext('trip', body.body))
    expect(run.open.map(({ name }) => name)).to.deep.equal(['trip', 'flight'])
    expect(run.fork().runTo('trip').succeed('Rome').outcome).to.include({ value: 'Rome' })
    expect(run.next().name).to.equal('flight')
    expect(run.point).to.equal(0)
  })

  it('is one no longer when something in it has been answered', () => {
    const run = stepThrough(booked)
    expect(run.contexts.map(({ words }) => words)).to.deep.equal(['childContext "trip"'])

    run.succeed()
    expect(run.contexts).to.deep.equal([])
    expect(() => run.at('trip'))
      .to.throw(StepperError)
      .with.property('code', 'UNKNOWN_OPERATION')
  })

  it('is one again when that is taken back, and can be taken back itself', () => {
    const run = stepThrough(booked).succeed().back().at('trip').succeed('Oslo').back()

    expect(run.name).to.equal('flight')
    expect(run.goTo(1).outcome).to.deep.equal({ status: 'returned', value: 'Oslo' })
  })

  it('is, of a map, a result for each item, with an error for one that has failed', () => {
    function* sums() {
      const batch = yield* map('sums', [1, 2, 3], (n) => step('add', () => n), {
        completion: { toleratedFailureCount: 1 },
        itemName: (n) => `n${n}`,
      })
      return [batch.completionReason, batch.all.map((item) => ({ ...item, error: null }))]
    }
    const run = stepThrough(sums)
      .at('sums')
      .succeed([10, new Error('odd'), 30])

    expect(run.outcome).to.deep.equal({
      status: 'returned',
      value: [
        'ALL_COMPLETED',
        [
          { index: 0, name: 'n1', status: 'SUCCEEDED', result: 10, error: null },
          { index: 1, name: 'n2', status: 'FAILED', error: null },
          { index: 2, name: 'n3', status: 'SUCCEEDED', result: 30, error: null },
        ],
      ],
    })
  })

  it('is judged, where it is a map, by its completion', () => {
    function* firstOf() {
      const batch = yield* map([1, 2], (n) => step('ask', () => n), {
        completion: { minSuccessful: 1 },
      })
      return batch.completionReason
    }

    expect(stepThrough(firstOf).at({ id: '1' }).succeed([1, 2]).outcome).to.deep.equal({
      status: 'returned',
      value: 'MIN_SUCCESSFUL_REACHED',
    })
  })

  it('is an item of a map, too', () => {
    const run = stepThrough(publish, { input })

    run.at('fr').succeed('Bonjour')
    expect(run.open.map(({ path }) => path.join())).to.deep.equal(['editions,de'])
    expect(run.contexts.map(({ name }) => name)).to.deep.equal(['de'])
  })

  it('is, of branches with names, an object with these', () => {
    function* both() {
      const { named } = yield* parallel('both', {
        left: step<number>('l', never),
        right: step<number>('r', never),
      })
      return named
    }
    const value = { left: 1, right: 2 }

    expect(stepThrough(both).at('both').succeed(value).outcome).to.deep.equal({
      status: 'returned',
      value,
    })
  })

  for (const [name, operation, value] of [
    ['all', () => all('w', [step('a', never), step('b', never)]), [1, 2]],
    ['race', () => race('w', { a: step('a', never), b: wait('1d') }), { winner: 'b' }],
    ['saga', () => saga('w', () => step('a', never)), 'done'],
    ['allSettled', () => allSettled('w', [step('a', never)]), [{ status: 'fulfilled', value: 1 }]],
  ] as const) {
    it(`is a ${name}`, () => {
      const run = stepThrough(function* (): Coroutine<unknown> {
        return yield* operation() as Operation<unknown>
      })

      run.at('w').succeed(value)
      expect(run.outcome).to.deep.equal({ status: 'returned', value })
    })
  }

  it('waits beside others as it did before, and may come too late', () => {
    const run = stepThrough(function* () {
      return yield* race({
        trip: childContext('trip', () => step<string>('book', never)),
        day: wait('a day', '1d'),
      })
    })
    const late = () => run.at('trip').succeed('x', { after: '2d' })

    expect(late).to.throw('wait "a day" had ended').with.property('code', 'OVERTAKEN')
    expect(run.open.map(({ name }) => name)).to.deep.equal(['a day', 'book'])
    const { outcome } = run.at('trip').succeed('x', { after: '23h' })
    expect(outcome).to.deep.equal({ status: 'returned', value: { winner: 'trip', value: 'x' } })
  })

  it('is found where it comes after other answers, with the time that those took', () => {
    function* workflow() {
      yield* step('first', never)
      yield* wait('pause', '1h')
      yield* booked()
      return yield* step('last', never)
    }
    const run = stepThrough(workflow).succeed().next()
    const { now } = run

    run.runTo('trip').succeed('Lisbon')
    expect([run.name, run.now - now]).to.deep.equal(['last', 1])
  })

  it('is new to the code that goes on with it', () => {
    function* workflow(_input: unknown, context: WorkflowContext) {
      yield* step('first', never)
      yield* booked()
      return context.isReplaying
    }
    const { records: history } = stepThrough(workflow).succeed()
    const run = stepThrough(workflow, { history }).next().at('trip').succeed('Lisbon')

    expect(run.outcome).to.deep.equal({ status: 'returned', value: false })
  })

  it('leaves records that replay to the same', () => {
    const { records, outcome } = stepThrough(publish, { input })
      .at('editions')
      .succeed(['Hallo', 'Bonjour'])
    const again = stepThrough(publish, { history: records })

    expect(again.name).to.equal('editions')
    while (again.answered === 'record') again.next()
    expect(again.outcome).to.deep.equal(outcome)
    expect(again.name).to.equal(stepThrough(publish, { history: records }).next().name)
  })
})

describe('an operation made of others that is on record as a whole', () => {
  it('is answered otherwise as a whole', () => {
    const { records } = stepThrough(booked).succeed().succeed('Lisbon')
    const run = stepThrough(booked, { history: records })

    expect([run.name, run.answered]).to.deep.equal(['trip', 'record'])
    expect(run.fork().succeed('Rome').outcome).to.deep.equal({ status: 'returned', value: 'Rome' })
    expect(run.fork().fail(new Error('no')).outcome).to.deep.equal({
      status: 'returned',
      value: 'no',
    })
    expect(run.next().outcome).to.deep.equal({ status: 'returned', value: 'Lisbon' })
  })
})

describe('a stepper that is asked for what no whole can be', () => {
  const fan = () => stepThrough(publish, { input })

  for (const [of, act, code, says] of [
    ['a timeout', () => fan().at('editions').timeout(), 'CANNOT_TIME_OUT', 'what is inside'],
    [
      'the retry of a failure',
      () => fan().at('editions').fail(new Error('x'), { retry: true }),
      'CANNOT_FAIL',
      'has no attempts',
    ],
    [
      'too few results',
      () => fan().at('editions').succeed(['Hallo']),
      'CANNOT_ANSWER',
      'has 2 items',
    ],
    [
      'the end of a poll, of what is none',
      () => stepThrough(booked).succeed(1, { met: true }),
      'CANNOT_ANSWER',
      'step "flight"',
    ],
    [
      'an error among what has been settled',
      () =>
        stepThrough(function* () {
          yield* allSettled('w', [step('a', never)])
        })
          .at('w')
          .succeed([{ status: 'rejected', reason: new Error('x') }]),
      'CANNOT_ANSWER',
      'go in',
    ],
  ] as const) {
    it(`refuses ${of}`, () => {
      expect(act).to.throw(StepperError, says).with.property('code', code)
    })
  }
})

describe('a poll', () => {
  function* polled() {
    return yield* waitForCondition<number>('ready', never, {
      initialState: 0,
      strategy: poll.fixed({ delay: '1h', until: (state) => state === 3 }),
    })
  }

  it('goes on as its strategy has it', () => {
    expect(stepThrough(polled).succeed(1).attempt).to.equal(2)
  })

  it('is answered as a whole where it is said to be met', () => {
    expect(stepThrough(polled).succeed(1, { met: true }).outcome).to.deep.equal({
      status: 'returned',
      value: 1,
    })
  })
})

describe('a callback whose submitter is a step', () => {
  it('is answered before that is done', () => {
    const run = stepThrough(
      function* () {
        return yield* waitForCallback<string>('approve', never)
      },
      { submitters: 'step' },
    )

    expect(run.at('approve').succeed('yes').operation?.kind).to.equal('step')
    expect(run.succeed().outcome).to.deep.equal({ status: 'returned', value: 'yes' })
  })
})
