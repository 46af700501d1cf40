import { expect } from 'chai'
import fc from 'fast-check'
import {
  brokenInvariant,
  describe as inWords,
  invalidOption,
  isPerdureError,
  PerdureError,
  reasonOf,
  wireTypes,
} from '../../lib/kernel/errors.ts'

describe('a value in an error message', () => {
  const cyclic: Record<string, unknown> = {}
  cyclic['self'] = cyclic
  const table: [unknown, string][] = [
    [undefined, 'undefined'],
    [null, 'null'],
    ['', '"" (string)'],
    ['a "b"\n', '"a \\"b\\"\\n" (string)'],
    ['x'.repeat(60), `"${'x'.repeat(60)}" (string)`],
    ['x'.repeat(61), `"${'x'.repeat(57)}..." (string)`],
    [42, '42 (number)'],
    [NaN, 'NaN (number)'],
    [10n, '10 (bigint)'],
    [true, 'true (boolean)'],
    [Symbol('s'), 'Symbol(s) (symbol)'],
    [function named() {}, 'named (function)'],
    [(() => () => {})(), 'an anonymous function (function)'],
    [[1, 2, 3], 'an array of 3'],
    [{}, '{} (object)'],
    [{ a: 1 }, '{"a":1} (object)'],
    [new Date(0), 'a Date'],
    [(function* () {})(), 'a generator'],
    [(async function* () {})(), 'a generator'],
    [Promise.resolve(), 'a Promise'],
    [new URL('http://localhost'), 'a URL'],
    [
      new (class {
        id = 1
      })(),
      '{"id":1} (object)',
    ],
    [Object.create(null), '{} (object)'],
    [cyclic, 'an object'],
    [{ n: 1n }, 'an object'],
    [{ toJSON: () => undefined }, 'an object'],
    [{ constructor: { name: { deep: 1 } } }, '{"constructor":{"name":{"deep":1}}} (object)'],
    [{ constructor: null }, '{"constructor":null} (object)'],
    [{ constructor: { name: Symbol('s') } }, '{"constructor":{}} (object)'],
  ]
  for (const [value, words] of table) {
    it(`reads ${words}`, () => {
      expect(inWords(value)).to.equal(words)
    })
  }

  it('is short, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (value) => {
        expect(inWords(value).length).to.be.within(1, 160)
      }),
    )
  })
})

describe('a PerdureError', () => {
  it('keeps its code and facts as fields, and its cause', () => {
    const cause = new Error('inner')
    const error = new PerdureError('STEP_FAILED', 'outer', {
      errorType: 'T',
      data: { a: 1 },
      cause,
    })

    expect(Object.fromEntries(Object.entries(error))).to.deep.equal({
      name: 'PerdureError',
      code: 'STEP_FAILED',
      errorType: 'T',
      data: { a: 1 },
    })
    expect([error.message, error.cause, String(error)]).to.deep.equal([
      'outer',
      cause,
      'PerdureError: outer',
    ])
  })

  it('has no member for a fact that it was not given', () => {
    expect(Object.keys(new PerdureError('CANCELLED', 'gone'))).to.have.members(['name', 'code'])
    expect('cause' in new PerdureError('CANCELLED', 'gone')).to.equal(false)
  })

  it('is known to another copy of this package', () => {
    const elsewhere = Object.assign(new Error('over'), {
      code: 'CANCELLED',
      [Symbol.for('perdure.error')]: true,
    })

    expect(isPerdureError(elsewhere, 'CANCELLED')).to.equal(true)
    expect(isPerdureError(elsewhere, 'STEP_FAILED')).to.equal(false)
  })

  it('is told from other errors, and by its code', () => {
    const error = new PerdureError('STEP_FAILED', 'x')

    expect([
      isPerdureError(error),
      isPerdureError(error, 'STEP_FAILED'),
      isPerdureError(error, 'INVOKE_FAILED'),
      isPerdureError(Object.assign(new Error('x'), { code: 'STEP_FAILED' })),
      isPerdureError('STEP_FAILED'),
      isPerdureError(undefined),
    ]).to.deep.equal([true, true, false, false, false, false])
  })
})

describe('the type of an error on the wire', () => {
  it('is that of the official SDKs, where they have one', () => {
    expect(wireTypes).to.include({
      STEP_FAILED: 'StepError',
      STEP_INTERRUPTED: 'StepInterruptedError',
      CALLBACK_FAILED: 'CallbackExternalError',
      CALLBACK_TIMED_OUT: 'CallbackTimeoutError',
      CALLBACK_HEARTBEAT_TIMED_OUT: 'CallbackTimeoutError',
      CALLBACK_SUBMIT_FAILED: 'CallbackSubmitterError',
      INVOKE_FAILED: 'InvokeError',
      INVOKE_TIMED_OUT: 'InvokeError',
      INVOKE_STOPPED: 'InvokeError',
      CHILD_CONTEXT_FAILED: 'ChildContextError',
      CONDITION_FAILED: 'WaitForConditionError',
      CONDITION_EXHAUSTED: 'WaitForConditionError',
      BATCH_FAILED: 'BatchCompletionError',
      ALL_FAILED: 'PromiseCombinatorError',
      REPLAY_DIVERGED: 'NonDeterministicExecutionError',
    })
  })
})

describe('an option that cannot be meant', () => {
  it('is refused with what was expected and what came', () => {
    const { code, message } = invalidOption('concurrency', 'an integer from 1 up', 0)

    expect([code, message]).to.deep.equal([
      'INVALID_OPTION',
      'Expected `concurrency` to be an integer from 1 up, got 0 (number).',
    ])
  })
})

describe('a broken rule of perdure itself', () => {
  it('is no PerdureError, and asks for a report', () => {
    const error = brokenInvariant('nothing is pending')

    expect([isPerdureError(error), error.message]).to.deep.equal([
      false,
      'perdure broke a rule of its own: nothing is pending. Please report this with the workflow.',
    ])
  })
})

describe('the reason that a thrown value gives', () => {
  const table: [unknown, string][] = [
    [new RangeError('too far'), 'too far'],
    [new Error(), ''],
    [Object.assign(new Error(), { message: 5 }), 'a Error'],
    ['busy', 'busy'],
    [undefined, 'undefined'],
    [{ code: 5 }, '{"code":5} (object)'],
    [Object.create(null), '{} (object)'],
    [Symbol('s'), 'Symbol(s) (symbol)'],
  ]
  for (const [thrown, reason] of table) {
    it(`is ${JSON.stringify(reason)}`, () => {
      expect(reasonOf(thrown)).to.equal(reason)
    })
  }
})
