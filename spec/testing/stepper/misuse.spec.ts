import { expect } from 'chai'
import { map, step, wait, waitForCallback, type Serdes } from 'perdure'
import { stepThrough, StepperError, type Stepper } from 'perdure/testing'

const never = (): never => {
  throw new Error('no body runs in a stepper')
}

function* workflow() {
  yield* step('charge', never)
  yield* wait('pause', '1h')
  yield* waitForCallback('ask', never)
}

const slow: Serdes<unknown> = {
  serialize: async (value) => JSON.stringify(value),
  deserialize: async (text) => JSON.parse(text) as unknown,
}

interface Misuse {
  readonly of: string
  readonly run?: () => Stepper
  readonly act: (run: Stepper) => unknown
  readonly code: StepperError['code']
  readonly says: string
}

const atWait = () => stepThrough(workflow).succeed() as Stepper
const ended = () => stepThrough(function* () {}) as Stepper

const misuses: readonly Misuse[] = [
  {
    of: 'next() at a new step',
    act: (run) => run.next(),
    code: 'NEEDS_ANSWER',
    says: 'call succeed(value), fail(error) or timeout()',
  },
  {
    of: 'runTo() past a new step',
    act: (run) => run.runTo('pause'),
    code: 'NEEDS_ANSWER',
    says: 'step "charge" is new',
  },
  {
    of: 'timeout() of a step without one',
    act: (run) => run.timeout(),
    code: 'CANNOT_TIME_OUT',
    says: 'give it a `timeout`',
  },
  {
    of: 'timeout() of a wait',
    run: atWait,
    act: (run) => run.timeout(),
    code: 'CANNOT_TIME_OUT',
    says: 'let it pass with next()',
  },
  {
    of: 'fail() of a wait',
    run: atWait,
    act: (run) => run.fail(new Error('x')),
    code: 'CANNOT_FAIL',
    says: 'wait "pause" cannot fail',
  },
  {
    of: 'a value for a wait',
    run: atWait,
    act: (run) => run.succeed(1),
    code: 'CANNOT_ANSWER',
    says: 'hands nothing over',
  },
  {
    of: 'timeout() of a callback without one',
    run: () => atWait().next(),
    act: (run) => run.timeout(),
    code: 'CANNOT_TIME_OUT',
    says: 'waitForCallback "ask"',
  },
  {
    of: 'succeed() after the end',
    run: ended,
    act: (run) => run.succeed(),
    code: 'NOTHING_OPEN',
    says: 'the workflow has returned',
  },
  {
    of: 'next() after the end',
    run: ended,
    act: (run) => run.next(),
    code: 'NOTHING_OPEN',
    says: 'the workflow has returned',
  },
  {
    of: 'runTo() of what never comes',
    run: ended,
    act: (run) => run.runTo('x'),
    code: 'UNKNOWN_OPERATION',
    says: 'came to no operation "x"',
  },
  {
    of: 'at() of a name that nothing has',
    act: (run) => run.at('chrage'),
    code: 'UNKNOWN_OPERATION',
    says: 'These do: step "charge" (1).',
  },
  {
    of: 'at() of an id that nothing has',
    act: (run) => run.at({ id: '9' }),
    code: 'UNKNOWN_OPERATION',
    says: '{"id":"9"}',
  },
  {
    of: 'back() at the start',
    act: (run) => run.back(),
    code: 'NO_SUCH_POINT',
    says: 'points 0 to 0',
  },
  { of: 'goTo() of half a point', act: (run) => run.goTo(0.5), code: 'NO_SUCH_POINT', says: '0.5' },
  {
    of: 'at() of a name that several have',
    run: () =>
      stepThrough(function* () {
        yield* map(['a', 'b'], () => step('same', never))
      }),
    act: (run) => run.at('same'),
    code: 'AMBIGUOUS_OPERATION',
    says: '(1-1-1), step "same" in 1 > map-item-1 (1-2-1)',
  },
  {
    of: 'an answer through a serdes that takes its time',
    run: () =>
      stepThrough(function* () {
        yield* step('slow', never, { serdes: slow })
      }),
    act: (run) => run.succeed({}),
    code: 'ASYNC_SERDES',
    says: 'use the runner',
  },
  {
    of: 'an answer that only its reader could write',
    run: () =>
      stepThrough(function* () {
        yield* waitForCallback('ask', never, { serdes: { deserialize: (text) => text } })
      }),
    act: (run) => run.succeed({}),
    code: 'CANNOT_ANSWER',
    says: 'give the text that it is to read',
  },
]

describe('a stepper that is asked for what cannot be', () => {
  for (const { of, run = () => stepThrough(workflow) as Stepper, act, code, says } of misuses) {
    it(`refuses ${of}, and stays where it is`, () => {
      const one = run()
      const before = [one.id, one.point, one.now, one.outcome, one.transcript.lines]

      expect(() => act(one))
        .to.throw(StepperError, says)
        .with.property('code', code)
      expect([one.id, one.point, one.now, one.outcome, one.transcript.lines]).to.deep.equal(before)
    })
  }

  it('refuses an operation that has been answered by now', () => {
    const run = stepThrough(workflow)
    const charge = run.at('charge')
    run.succeed()

    expect(() => charge.succeed())
      .to.throw('does not wait')
      .with.property('code', 'UNKNOWN_OPERATION')
  })

  it('refuses what is no workflow, options that cannot be meant, and an input it cannot write', () => {
    expect(() => stepThrough('f' as never)).to.throw('Expected `workflow`')
    expect(() => stepThrough(workflow, { submitters: 'run' as never })).to.throw('`submitters`')
    expect(() => stepThrough(workflow, { history: {} })).to.throw('history')
    expect(() => stepThrough(workflow, { driver: { serdes: slow }, input: 1 as never }))
      .to.throw(StepperError)
      .with.property('code', 'ASYNC_SERDES')
  })
})
