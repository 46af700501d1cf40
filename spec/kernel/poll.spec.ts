import { expect } from 'chai'
import { poll, type PollStrategy } from '../../lib/kernel/poll.ts'
import { refusal } from '../support/refusal.ts'

const until = (state: string) => state === 'ready'
const decisions = (strategy: PollStrategy<string>, attempts: readonly number[]) =>
  attempts.map((attempt) => strategy('waiting', attempt))
const seconds = (...counts: number[]) => counts.map((count) => ({ seconds: count }))

describe('a poll strategy', () => {
  it('stops at the state that was waited for, even at the last check', () => {
    const strategy = poll.fixed({ until, delay: '1s', maxAttempts: 2 })

    expect([strategy('ready', 1), strategy('ready', 2), strategy('ready', 3)]).to.deep.equal([
      false,
      false,
      false,
    ])
  })

  it('grows from 5 seconds by half to 5 minutes when it is exponential', () => {
    const strategy = poll.exponential({ until, jitter: 'none' })

    expect(decisions(strategy, [1, 2, 3, 10, 11, 12])).to.deep.equal(
      seconds(5, 8, 11, 192, 288, 300),
    )
  })

  it('adds 5 seconds each time, to 5 minutes, when it is linear', () => {
    expect(decisions(poll.linear({ until }), [1, 2, 59])).to.deep.equal(seconds(5, 10, 295))
    expect(decisions(poll.linear({ until, increment: '2m' }), [2, 3, 4])).to.deep.equal(
      seconds(125, 245, 300),
    )
  })

  it('checks equally far apart when it is fixed', () => {
    expect(decisions(poll.fixed({ until, delay: '3d' }), [1, 59])).to.deep.equal(
      seconds(259_200, 259_200),
    )
  })

  it('spreads what is exponential fully, and nothing else', () => {
    const spread = new Set(
      Array.from({ length: 100 }, () => JSON.stringify(poll.exponential({ until })('', 12))),
    )
    const steady = new Set(
      Array.from({ length: 100 }, () => JSON.stringify(poll.linear({ until })('', 12))),
    )

    expect(spread.size).to.be.greaterThan(10)
    expect(steady.size).to.equal(1)
  })

  it('is exhausted after 60 checks unless told otherwise', () => {
    const strategy = poll.linear({ until })

    expect(strategy('waiting', 59)).to.deep.equal({ seconds: 295 })
    expect(refusal(() => strategy('waiting', 60))).to.deep.equal({
      code: 'CONDITION_EXHAUSTED',
      message: 'The condition was still false after 60 checks, the most that its strategy allows.',
    })
  })

  it('is exhausted after as many checks as it allows', () => {
    const strategy = poll.fixed({ until, delay: '1s', maxAttempts: 2 })

    expect(strategy('waiting', 1)).to.deep.equal({ seconds: 1 })
    expect(refusal(() => strategy('waiting', 2)).code).to.equal('CONDITION_EXHAUSTED')
  })

  it('passes on what its condition throws', () => {
    const strategy = poll.fixed({
      until: () => {
        throw new RangeError('no such state')
      },
      delay: '1s',
    })

    expect(() => strategy('waiting', 1)).to.throw(RangeError, 'no such state')
  })
})

describe('poll options that cannot be meant', () => {
  const table: [() => unknown, string][] = [
    [
      () => poll.fixed({ delay: '1s' } as never),
      'Expected `until` to be a function of the state, got undefined.',
    ],
    [
      () => poll.linear({ until, maxAttempts: 1.5 }),
      'Expected `maxAttempts` to be an integer from 1 up, got 1.5 (number).',
    ],
    [
      () => poll.fixed({ until, delay: '0.2s' }),
      'Expected `delay` to be at least one second, got "0.2s" (string).',
    ],
    [
      () => poll.exponential({ until, backoffRate: 0 }),
      'Expected `backoffRate` to be a number from 1 up, got 0 (number).',
    ],
  ]
  for (const [build, message] of table) {
    it(`are refused at once: ${message}`, () => {
      expect(refusal(build)).to.deep.equal({ code: 'INVALID_OPTION', message })
    })
  }
})
