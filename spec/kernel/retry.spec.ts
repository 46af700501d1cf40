import { expect } from 'chai'
import { retry, type RetryOn, type RetryStrategy } from '../../lib/kernel/retry.ts'
import { refusal } from '../support/refusal.ts'

class Declined extends Error {}
class CardDeclined extends Declined {}

const boom = new Error('boom')
const decisions = (strategy: RetryStrategy, attempts: readonly number[]) =>
  attempts.map((attempt) => strategy(boom, attempt))
const seconds = (...counts: number[]) => counts.map((count) => ({ seconds: count }))

describe('a retry strategy', () => {
  it('gives up at once when it is none', () => {
    expect(decisions(retry.none, [1, 2])).to.deep.equal([false, false])
  })

  it('makes 6 attempts, from 5 seconds twofold to 60, when it is exponential', () => {
    const strategy = retry.exponential({ jitter: 'none' })

    expect(decisions(strategy, [1, 2, 3, 4, 5, 6])).to.deep.equal([
      ...seconds(5, 10, 20, 40, 60),
      false,
    ])
  })

  it('spreads its delays fully unless told otherwise', () => {
    const strategy = retry.exponential()
    const drawn = Array.from({ length: 200 }, () => strategy(boom, 5) as { seconds: number })
    const delays = drawn.map((delay) => delay.seconds)

    expect(Math.min(...delays)).to.be.within(1, 20)
    expect(Math.max(...delays)).to.be.within(40, 60)
  })

  it('makes 6 attempts, a second later each, when it is linear', () => {
    expect(decisions(retry.linear(), [1, 2, 3, 4, 5, 6])).to.deep.equal([
      ...seconds(1, 2, 3, 4, 5),
      false,
    ])
  })

  it('makes 6 attempts, equally far apart, when it is fixed', () => {
    expect(decisions(retry.fixed({ delay: '30s' }), [1, 5, 6])).to.deep.equal([
      ...seconds(30, 30),
      false,
    ])
  })

  it('takes its numbers from its options', () => {
    const strategy = retry.exponential({
      maxAttempts: 4,
      initialDelay: '1s',
      maxDelay: '1m',
      backoffRate: 10,
      jitter: 'none',
    })

    expect(decisions(strategy, [1, 2, 3, 4])).to.deep.equal([...seconds(1, 10, 60), false])
  })

  it('never retries where one attempt is all', () => {
    expect(retry.exponential({ maxAttempts: 1 })(boom, 1)).to.equal(false)
  })
})

describe('retryOn', () => {
  const table: { when: string; retryOn: RetryOn[]; error: unknown; retries: boolean }[] = [
    { when: 'a class fits', retryOn: [Declined], error: new Declined('no'), retries: true },
    { when: 'a subclass fits', retryOn: [Declined], error: new CardDeclined(), retries: true },
    { when: 'another class', retryOn: [Declined], error: new TypeError('no'), retries: false },
    { when: 'any error fits Error', retryOn: [Error], error: new Declined(), retries: true },
    { when: 'a thrown text is no Error', retryOn: [Error], error: 'no', retries: false },
    { when: 'the class goes by name', retryOn: ['Declined'], error: new Declined(), retries: true },
    { when: 'a set name fits', retryOn: ['AbortError'], error: named('AbortError'), retries: true },
    {
      when: 'the message has it',
      retryOn: ['ECONN'],
      error: new Error('ECONNRESET'),
      retries: true,
    },
    { when: 'a thrown text has it', retryOn: ['busy'], error: 'too busy', retries: true },
    { when: 'neither has it', retryOn: ['busy'], error: new Error('idle'), retries: false },
    {
      when: 'a pattern fits',
      retryOn: [/^time.*out$/],
      error: new Error('timed out'),
      retries: true,
    },
    { when: 'no pattern fits', retryOn: [/^a/, /^b/], error: new Error('c'), retries: false },
    { when: 'a predicate says so', retryOn: [(e) => e === 7], error: 7, retries: true },
    { when: 'a predicate says no', retryOn: [() => false], error: boom, retries: false },
    { when: 'one of several fits', retryOn: [/x/, Declined], error: new Declined(), retries: true },
    { when: 'a thrown number fits', retryOn: [/^503$/], error: 503, retries: true },
    { when: 'nothing is said', retryOn: [/x/], error: Object.create(null), retries: false },
    { when: 'nothing is listed', retryOn: [], error: boom, retries: false },
  ]
  for (const { when, retryOn, error, retries } of table) {
    it(`${retries ? 'retries' : 'gives up'} when ${when}`, () => {
      const strategy = retry.fixed({ delay: '1s', retryOn })

      expect(strategy(error, 1)).to.deep.equal(retries ? { seconds: 1 } : false)
    })
  }

  for (const flags of ['g', 'y', 'gy']) {
    it(`decides the same each time by a pattern with the flags ${flags}`, () => {
      const strategy = retry.fixed({ delay: '1s', retryOn: [new RegExp('boom', flags)] })

      expect(decisions(strategy, [1, 1, 1, 1])).to.deep.equal(seconds(1, 1, 1, 1))
    })
  }

  it('keeps the other flags of a pattern', () => {
    expect(retry.fixed({ delay: '1s', retryOn: [/BOOM/gi] })(boom, 1)).to.deep.equal({ seconds: 1 })
  })

  it('leaves the pattern it was given as it was', () => {
    const pattern = /boom/g
    retry.fixed({ delay: '1s', retryOn: [pattern] })(boom, 1)

    expect(pattern.lastIndex).to.equal(0)
  })
})

describe('retry options that cannot be meant', () => {
  const table: [() => unknown, string][] = [
    [
      () => retry.exponential({ maxAttempts: 0 }),
      'Expected `maxAttempts` to be an integer from 1 up, got 0 (number).',
    ],
    [
      () => retry.fixed({ delay: '0s' }),
      'Expected `delay` to be at least one second, got "0s" (string).',
    ],
    [
      () => retry.fixed({} as { delay: '1s' }),
      "Expected `delay` to be a duration such as '30s', '5m', '2h', '7d' or { hours: 2 }, got undefined.",
    ],
    [
      () => retry.linear({ retryOn: [42 as never] }),
      'Expected `retryOn` to be error classes, texts, patterns or predicates, got 42 (number).',
    ],
    [
      () => retry.linear({ retryOn: TypeError as never }),
      'Expected `retryOn` to be an array of error classes, texts, patterns or predicates, got TypeError (function).',
    ],
    [
      () => retry.linear({ retryOn: 'busy' as never }),
      'Expected `retryOn` to be an array of error classes, texts, patterns or predicates, got "busy" (string).',
    ],
  ]
  for (const [build, message] of table) {
    it(`are refused at once: ${message}`, () => {
      expect(refusal(build)).to.deep.equal({ code: 'INVALID_OPTION', message })
    })
  }
})

function named(name: string): Error {
  return Object.assign(new Error('stopped'), { name })
}
