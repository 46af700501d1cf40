import { expect } from 'chai'

import { logRecords, logsDifference } from './match-logs.ts'
import type { LogExpectation } from './requirement.ts'

const start = { hook: 'start', n: 1 }
const work = { message: 'working on order-7', level: 'INFO' }
const end = { hook: 'end', n: 1, error: '' }
const records = [start, work, work, end]

function compare(
  expectation: Partial<LogExpectation> & Pick<LogExpectation, 'match'>,
): string | undefined {
  const bindings = new Map<string, unknown>([['ORDER', 'order-7']])
  return logsDifference([{ before: [], after: [], ...expectation }], records, bindings)
}

describe('an expected log record', () => {
  const met: [string, Parameters<typeof compare>[0]][] = [
    ['a field', { match: { hook: 'start' } }],
    ['an expression with a bound name', { match: { message: '/on ${ORDER}$/' }, count: 2 }],
    ['an expression over a number', { match: { n: '/^\\d+$/' }, count: 2 }],
    ['an expression over an empty text', { match: { error: '/.*/' }, count: 1 }],
    ['none, where none is expected', { match: { message: '/\\[ERROR\\]/' }, count: 0 }],
    ['at least so many', { match: { level: 'INFO' }, minCount: 2 }],
    ['a record after another', { match: work, count: 2, after: [start] }],
    ['a record before another', { match: work, before: [end] }],
  ]
  for (const [title, expectation] of met) {
    it(`is met by ${title}`, () => {
      expect(compare(expectation)).to.equal(undefined)
    })
  }

  const unmet: [string, Parameters<typeof compare>[0], string][] = [
    [
      'there is none',
      { match: { hook: 'pause' } },
      'log {"hook":"pause"}: expected at least 1, found 0 of 4',
    ],
    [
      'a field is absent',
      { match: { level: '/.*/' }, count: 3 },
      'log {"level":"/.*/"}: expected exactly 3, found 2 of 4',
    ],
    [
      'a number is a text',
      { match: { n: '1' } },
      'log {"n":"1"}: expected at least 1, found 0 of 4',
    ],
    [
      'there are too many',
      { match: { level: 'INFO' }, count: 1 },
      'log {"level":"INFO"}: expected exactly 1, found 2 of 4',
    ],
    [
      'there are too few',
      { match: { level: 'INFO' }, minCount: 3 },
      'log {"level":"INFO"}: expected at least 3, found 2 of 4',
    ],
    [
      'one comes too early',
      { match: { level: 'INFO' }, after: [{ hook: 'end' }] },
      'log {"level":"INFO"}: expected after {"hook":"end"}, found before it or without it',
    ],
    [
      'one comes too late',
      { match: { hook: 'end' }, before: [{ hook: 'start' }] },
      'log {"hook":"end"}: expected before {"hook":"start"}, found after it or without it',
    ],
    [
      'what should come first never comes',
      { match: { hook: 'end' }, after: [{ hook: 'pause' }] },
      'log {"hook":"end"}: expected after {"hook":"pause"}, found before it or without it',
    ],
  ]
  for (const [title, expectation, found] of unmet) {
    it(`is missed where ${title}`, () => {
      expect(compare(expectation)).to.equal(found)
    })
  }
})

describe('the log records of an execution', () => {
  it('are the lines of JSON that name it', () => {
    const lines = [
      'plain text',
      '{"executionArn":"arn:1","message":"ours"}',
      '{"durableExecutionArn":"arn:1","hook":"ours too"}',
      '{"executionArn":"arn:2","message":"of another"}',
      '{"message":"of nobody"}',
      '["arn:1"]',
      'null',
      '{"executionArn":"arn:1"',
    ]

    expect(logRecords(lines, 'arn:1')).to.deep.equal([
      { executionArn: 'arn:1', message: 'ours' },
      { durableExecutionArn: 'arn:1', hook: 'ours too' },
    ])
  })
})
