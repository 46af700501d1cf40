import { expect } from 'chai'
import { resolveExecution } from '../../../lib/cli/views/resolve-execution.ts'
import { count, ordinal, span } from '../../../lib/cli/views/text.ts'
import { parseTimeTravel } from '../../../lib/cli/views/time-travel.ts'
import { UsageError } from '../../../lib/cli/usage-error.ts'

describe('a span of time', () => {
  for (const [milliseconds, text] of [
    [0, '0 ms'],
    [340, '340 ms'],
    [999.6, '1 s'],
    [1250, '1.2 s'],
    [9999, '9.9 s'],
    [45_900, '45 s'],
    [125_000, '2 m 5 s'],
    [3 * 86_400_000, '3 d'],
    [93_600_000, '1 d 2 h'],
    [86_400_000 + 5000, '1 d'],
  ] as const) {
    it(`of ${milliseconds} ms is ${text}`, () => {
      expect(span(milliseconds)).to.equal(text)
    })
  }

  it('has company in ordinals and counts', () => {
    expect([1, 2, 3, 4, 11, 12, 21, 111].map(ordinal).join(' ')).to.equal(
      '1st 2nd 3rd 4th 11th 12th 21st 111th',
    )
    expect([count(1, 'event'), count(5000, 'event')]).to.deep.equal(['1 event', '5,000 events'])
  })
})

describe('an execution named on the command line', () => {
  const one = (name: string, id: string, StartTimestamp: Date | number) => ({
    DurableExecutionArn: `arn:aws:lambda:r:1:function:f:1/durable-execution/${name}/${id}`,
    DurableExecutionName: name,
    StartTimestamp,
  })
  const candidates = [
    one('order-17', 'aa11', new Date('2026-01-01')),
    one('order-171', 'bb22', Date.parse('2026-01-03') / 1000),
    one('refund-4', 'bb33', new Date('2026-01-02')),
  ]
  const name = (text: string) => resolveExecution(text, candidates).DurableExecutionName

  it('may be named by ARN, name, id, a beginning that is unique, or as the last', () => {
    expect(candidates.map(({ DurableExecutionArn: arn }) => name(arn))).to.deep.equal([
      'order-17',
      'order-171',
      'refund-4',
    ])
    expect(['order-17', 'ref', 'aa', 'bb33', 'last'].map(name)).to.deep.equal([
      'order-17',
      'refund-4',
      'order-17',
      'refund-4',
      'order-171',
    ])
  })

  it('is refused with all that it may be', () => {
    const twice = [...candidates, one('refund-4', 'cc44', 0)]

    expect(() => resolveExecution('refund-4', twice)).to.throw(UsageError, 'may be 2 executions')
    expect(() => name('bb')).to.throw(UsageError, /may be 2 executions[^]*order-171[^]*refund-4/)
  })

  it('is refused with those that come near', () => {
    expect(() => name('ordr-17')).to.throw(UsageError, /Did you mean\n {2}order-17 /)
    expect(() => resolveExecution('last', [])).to.throw(UsageError, 'no execution yet')
  })
})

describe('time moved on the command line', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')

  it('goes by a span, to a moment, or to what is due next', () => {
    expect(parseTimeTravel('+2d', now)).to.deep.equal({ kind: 'by', milliseconds: 172_800_000 })
    expect(parseTimeTravel('+1h30m', now)).to.deep.equal({ kind: 'by', milliseconds: 5_400_000 })
    expect(parseTimeTravel('next', now)).to.deep.equal({ kind: 'next' })
    for (const text of ['2026-01-02T09:00:00Z', '2026-01-02 09:00', '2026-01-02T10:00:00+01:00']) {
      expect(parseTimeTravel(text, now)).to.deep.equal({
        kind: 'to',
        time: Date.parse('2026-01-02T09:00:00Z'),
      })
    }
  })

  for (const [text, why] of [
    ['2d', 'Did you mean +2d?'],
    ['+2', 'no span of time'],
    ['+', 'no span of time'],
    ['+1h30', 'no span of time'],
    ['-1d', 'cannot be turned back'],
    ['2025-12-31', 'cannot be turned back'],
    ['2026-13-01', 'is no time'],
    ['soon', 'Expected a time'],
  ] as const) {
    it(`refuses ${text}`, () => {
      expect(() => parseTimeTravel(text, now)).to.throw(UsageError, why)
    })
  }
})
