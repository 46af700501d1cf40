import { expect } from 'chai'
import fc from 'fast-check'
import {
  errorDataOf,
  fromErrorRecord,
  isListed,
  toErrorRecord,
  type ErrorRecord,
} from '../../lib/kernel/error-record.ts'
import { PerdureError, wireTypes, type ErrorCode } from '../../lib/kernel/errors.ts'

class PaymentDeclined extends Error {
  readonly amount: number
  constructor(amount: number) {
    super(`declined ${amount}`)
    this.amount = amount
  }
}
class Unlisted extends PaymentDeclined {}

const fieldsOf = (error: Error): object => Object.fromEntries(Object.entries(error))

/** All that a workflow can tell of an error, causes included. */
function told(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { name, message, cause } = error
  return { class: error.constructor, name, message, fields: fieldsOf(error), cause: told(cause) }
}

const codes = Object.keys(wireTypes) as ErrorCode[]
const perdureError: fc.Arbitrary<PerdureError> = fc.letrec<{ error: PerdureError }>((tie) => ({
  error: fc
    .record(
      {
        code: fc.constantFrom(...codes),
        message: fc.string(),
        errorType: fc.string(),
        data: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown),
        cause: fc.option(tie('error'), { nil: undefined, maxDepth: 5 }),
      },
      { requiredKeys: ['code', 'message'] },
    )
    .map(({ code, message, errorType, data, cause }) => {
      const facts = { errorType, data }
      return new PerdureError(code, message, cause === undefined ? facts : { ...facts, cause })
    }),
})).error

describe('an error of perdure', () => {
  it('comes back from its record as it was, causes and all', () => {
    fc.assert(
      fc.property(perdureError, (error) => {
        expect(told(fromErrorRecord(toErrorRecord(error)))).to.deep.equal(told(error))
      }),
    )
  })

  it('is kept under the type of its code', () => {
    const error = new PerdureError('INVOKE_FAILED', 'no', { errorType: 'Other', data: { a: 1 } })

    expect(toErrorRecord(error)).to.deep.equal({
      ErrorType: 'InvokeError',
      ErrorMessage: 'no',
      ErrorData: '{"perdure":"INVOKE_FAILED","errorType":"Other","data":{"a":1}}',
    })
  })

  it('keeps its code though its data cannot be told', () => {
    const cyclic: Record<string, unknown> = {}
    cyclic['self'] = cyclic
    const cause = Object.assign(new Error('socket'), { socket: cyclic, port: 443 })
    const back = fromErrorRecord(
      toErrorRecord(new PerdureError('SERDES_FAILED', 'no', { data: 10n, cause })),
    )

    expect(told(back)).to.deep.equal({
      class: PerdureError,
      name: 'PerdureError',
      message: 'no',
      fields: { name: 'PerdureError', code: 'SERDES_FAILED' },
      cause: {
        class: Error,
        name: 'Error',
        message: 'socket',
        fields: { data: { port: 443 } },
        cause: undefined,
      },
    })
  })

  it('does not grow more than its text with each cause', () => {
    const nested = (depth: number): PerdureError =>
      new PerdureError('CHILD_CONTEXT_FAILED', '"quoted"', {
        errorType: 'T',
        ...(depth === 0 ? {} : { cause: nested(depth - 1) }),
      })
    const size = (depth: number) => toErrorRecord(nested(depth)).ErrorData?.length ?? 0
    const growth = size(2) - size(1)

    expect(size(40) - size(39)).to.equal(growth)
    expect(size(40)).to.be.lessThan(41 * (growth + 1))
  })

  it('is told though its causes close on themselves', () => {
    const error = new PerdureError('STEP_FAILED', 'round')
    Object.assign(error, { cause: error })
    const back = fromErrorRecord(toErrorRecord(error))

    expect((back.cause as PerdureError).code).to.equal('STEP_FAILED')
  })
})

describe('an error of a listed class', () => {
  const classes = [PaymentDeclined]

  it('comes back as itself, with its own fields', () => {
    const error = new PaymentDeclined(12)
    const back = fromErrorRecord(toErrorRecord(error, classes), classes)

    expect(told(back)).to.deep.equal({
      class: PaymentDeclined,
      name: 'PaymentDeclined',
      message: 'declined 12',
      fields: { amount: 12 },
      cause: undefined,
    })
    expect(back).to.be.instanceOf(PaymentDeclined)
  })

  it('comes back without its constructor being called', () => {
    let calls = 0
    class Counted extends Error {
      constructor() {
        super('counted')
        calls += 1
      }
    }
    const record = toErrorRecord(new Counted(), [Counted])
    fromErrorRecord(record, [Counted])

    expect(calls).to.equal(1)
  })

  it('keeps the name that its class sets', () => {
    class Named extends Error {
      override name = 'payments/declined'
    }
    const record = toErrorRecord(new Named('x'), [Named])
    const back = fromErrorRecord(record, [Named])

    expect([record.ErrorType, back instanceof Named]).to.deep.equal(['Named', true])
  })

  it('takes fields that its class has accessors for', () => {
    class Guarded extends Error {
      get status() {
        return 0
      }
    }
    const record = { ErrorType: 'Guarded', ErrorMessage: 'x', ErrorData: '{"status":404}' }
    const back = fromErrorRecord(record, [Guarded])

    expect([back instanceof Guarded, fieldsOf(back)]).to.deep.equal([true, { status: 404 }])
  })

  it('keeps its class whatever fields come from outside', () => {
    const record = {
      ErrorType: 'PaymentDeclined',
      ErrorMessage: 'x',
      ErrorData: '{"__proto__":{"amount":1}}',
    }

    expect(fromErrorRecord(record, classes)).to.be.instanceOf(PaymentDeclined)
  })

  it('is told from others by the name on its record', () => {
    expect([
      isListed({ ErrorType: 'PaymentDeclined' }, classes),
      isListed({ ErrorType: 'Unlisted' }, classes),
      isListed({}, classes),
    ]).to.deep.equal([true, false, false])
  })
})

describe('an error of any other class', () => {
  it('comes back as a plain error of that name, its fields under `data`', () => {
    const back = fromErrorRecord(toErrorRecord(new Unlisted(3), [PaymentDeclined]), [
      PaymentDeclined,
    ])

    expect(told(back)).to.deep.equal({
      class: Error,
      name: 'Unlisted',
      message: 'declined 3',
      fields: { data: { amount: 3 } },
      cause: undefined,
    })
  })

  const table: { what: string; thrown: unknown; record: ErrorRecord }[] = [
    {
      what: 'an error',
      thrown: new Error('boom'),
      record: { ErrorType: 'Error', ErrorMessage: 'boom' },
    },
    {
      what: 'a subclass without a name of its own',
      thrown: new (class Custom extends Error {})('boom'),
      record: { ErrorType: 'Custom', ErrorMessage: 'boom' },
    },
    {
      what: 'a subclass without any name',
      thrown: new (class extends Error {})('boom'),
      record: { ErrorType: 'Error', ErrorMessage: 'boom' },
    },
    {
      what: 'a name set by hand',
      thrown: Object.defineProperty(new Error('boom'), 'name', { value: 'AbortError' }),
      record: { ErrorType: 'AbortError', ErrorMessage: 'boom' },
    },
    {
      what: 'a name that is no text',
      thrown: Object.defineProperty(new TypeError('boom'), 'name', { value: 5 }),
      record: { ErrorType: 'TypeError', ErrorMessage: 'boom' },
    },
    {
      what: 'a message that is no text',
      thrown: Object.assign(new Error(), { message: { reason: 'busy' } }),
      record: { ErrorType: 'Error', ErrorMessage: '{"reason":"busy"}' },
    },
    {
      what: 'fields, of which JSON cannot say one',
      thrown: Object.assign(new Error('boom'), { status: 500, big: 1n, fn: () => 1 }),
      record: { ErrorType: 'Error', ErrorMessage: 'boom', ErrorData: '{"status":500}' },
    },
    {
      what: 'a field that throws when it is read',
      thrown: Object.defineProperty(new Error('boom'), 'bad', {
        enumerable: true,
        get() {
          throw new Error('worse')
        },
      }),
      record: { ErrorType: 'Error', ErrorMessage: 'boom' },
    },
    { what: 'a text', thrown: 'boom', record: { ErrorMessage: 'boom' } },
    { what: 'an object', thrown: { a: 1 }, record: { ErrorMessage: '{"a":1}' } },
    { what: 'nothing', thrown: undefined, record: { ErrorMessage: 'undefined' } },
    { what: 'null', thrown: null, record: { ErrorMessage: 'null' } },
    { what: 'what JSON cannot say', thrown: 10n, record: { ErrorMessage: '10 (bigint)' } },
    { what: 'a symbol', thrown: Symbol('s'), record: { ErrorMessage: 'Symbol(s) (symbol)' } },
  ]
  for (const { what, thrown, record } of table) {
    it(`is kept: ${what}`, () => {
      expect(toErrorRecord(thrown)).to.deep.equal(record)
    })
  }

  it('is kept as texts, whatever is thrown', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (thrown) => {
        const record = toErrorRecord(thrown)
        const error = toErrorRecord(Object.assign(new Error('x'), { thrown }))

        expect(record.ErrorMessage).to.be.a('string')
        expect(error).to.include({ ErrorType: 'Error', ErrorMessage: 'x' })
      }),
    )
  })
})

describe('an error record from outside', () => {
  const table: { says: string; record: object; error: object }[] = [
    { says: 'nothing', record: {}, error: { name: 'Error', message: '', fields: {} } },
    {
      says: 'nulls, which are as good as nothing',
      record: { ErrorType: null, ErrorMessage: null, ErrorData: null, StackTrace: null },
      error: { name: 'Error', message: '', fields: {} },
    },
    {
      says: 'data that is no JSON',
      record: { ErrorType: 'Bank', ErrorMessage: 'no', ErrorData: '<xml/>' },
      error: { name: 'Bank', message: 'no', fields: { data: '<xml/>' } },
    },
    {
      says: 'data that is JSON',
      record: { ErrorData: '[1]' },
      error: { name: 'Error', message: '', fields: { data: [1] } },
    },
    {
      says: 'a code that there is none of',
      record: { ErrorData: '{"perdure":"toString"}' },
      error: { name: 'Error', message: '', fields: { data: { perdure: 'toString' } } },
    },
    {
      says: 'a code, and a cause that is none',
      record: { ErrorMessage: 'no', ErrorData: '{"perdure":"STEP_FAILED","cause":null}' },
      error: {
        name: 'PerdureError',
        message: 'no',
        fields: { name: 'PerdureError', code: 'STEP_FAILED' },
      },
    },
    {
      says: 'a code, and junk for all else',
      record: {
        ErrorMessage: 'no',
        ErrorData: '{"perdure":"STEP_FAILED","errorType":[],"cause":{"message":{},"type":1}}',
      },
      error: {
        name: 'PerdureError',
        message: 'no',
        fields: { name: 'PerdureError', code: 'STEP_FAILED' },
        cause: { name: 'Error', message: '', fields: {} },
      },
    },
  ]
  for (const { says, record, error } of table) {
    it(`that says ${says}, becomes an error`, () => {
      expect(shown(fromErrorRecord(record))).to.deep.equal(error)
    })
  }

  it('becomes an error however deep its causes are nested', () => {
    const depth = 20_000
    const text =
      '{"data":{"perdure":"STEP_FAILED","cause":'.repeat(depth) + '{}' + '}}'.repeat(depth)
    const record = { ErrorData: `{"perdure":"STEP_FAILED","cause":${text}}` }

    expect(fromErrorRecord(record)).to.be.instanceOf(PerdureError)
  })

  it('becomes an error whatever its data is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), envelopeJunk()), (ErrorData) => {
        expect(fromErrorRecord({ ErrorData }, [PaymentDeclined])).to.be.instanceOf(Error)
      }),
    )
  })

  it('has its data parsed where it is JSON', () => {
    expect([
      errorDataOf({ ErrorData: '{"a":1}' }),
      errorDataOf({ ErrorData: 'a' }),
      errorDataOf({}),
    ]).to.deep.equal([{ a: 1 }, 'a', undefined])
  })
})

describe('an error too large to be kept', () => {
  it('is kept without its data', () => {
    const error = Object.assign(new Error('boom'), { body: 'x'.repeat(2 ** 20) })

    expect(toErrorRecord(error)).to.deep.equal({ ErrorType: 'Error', ErrorMessage: 'boom' })
  })

  it('is kept with its message cut', () => {
    const { ErrorMessage = '', ErrorType } = toErrorRecord(new RangeError('x'.repeat(2 ** 20)))

    expect([ErrorType, ErrorMessage]).to.deep.equal(['RangeError', `${'x'.repeat(10_000)}...`])
  })

  it('is kept whole where it just fits', () => {
    const record = toErrorRecord(new Error('é'.repeat(500_000)))

    expect(record.ErrorMessage?.length).to.equal(500_000)
    expect(Buffer.byteLength(JSON.stringify(record))).to.be.within(1_000_000, 2 ** 20)
  })
})

function shown(error: Error): object {
  const { name, message, cause } = error
  return {
    name,
    message,
    fields: fieldsOf(error),
    ...(cause instanceof Error ? { cause: shown(cause) } : {}),
  }
}

function envelopeJunk(): fc.Arbitrary<string> {
  return fc
    .record(
      {
        perdure: fc.oneof(fc.constantFrom<string>(...codes, 'valueOf'), fc.jsonValue()),
        errorType: fc.jsonValue(),
        data: fc.jsonValue(),
        cause: fc.jsonValue(),
      },
      { requiredKeys: ['perdure'] },
    )
    .map((junk) => JSON.stringify(junk))
}
