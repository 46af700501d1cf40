import { expect } from 'chai'
import fc from 'fast-check'
import { backoff, checkAttempts, type BackoffOptions } from '../../lib/kernel/backoff.ts'
import { refusal } from '../support/refusal.ts'

const exponential: BackoffOptions = {
  initialDelay: '5s',
  maxDelay: '60s',
  growth: { kind: 'exponential', rate: 2 },
  jitter: 'none',
}

function firstDelays(options: Partial<BackoffOptions>, fraction = 0): unknown[] {
  const delay = backoff({ ...exponential, ...options }, () => fraction)
  return [1, 2, 3, 4, 5, 6].map((attempt) => delay(attempt))
}

const seconds = (...counts: number[]) => counts.map((count) => ({ seconds: count }))

describe('a backoff', () => {
  const table: { says: string; options: Partial<BackoffOptions>; delays: number[] }[] = [
    { says: 'doubles up to its longest', options: {}, delays: [5, 10, 20, 40, 60, 60] },
    {
      says: 'grows by any rate, in whole seconds',
      options: { growth: { kind: 'exponential', rate: 1.5 } },
      delays: [5, 8, 11, 17, 25, 38],
    },
    {
      says: 'stays where its rate is 1',
      options: { growth: { kind: 'exponential', rate: 1 } },
      delays: [5, 5, 5, 5, 5, 5],
    },
    {
      says: 'adds the same each time',
      options: { growth: { kind: 'linear', increment: '20s' } },
      delays: [5, 25, 45, 60, 60, 60],
    },
    { says: 'is fixed', options: { growth: { kind: 'fixed' } }, delays: [5, 5, 5, 5, 5, 5] },
    {
      says: 'is cut from the first where the longest is shorter',
      options: { maxDelay: '3s' },
      delays: [3, 3, 3, 3, 3, 3],
    },
  ]
  for (const { says, options, delays } of table) {
    it(says, () => {
      expect(firstDelays(options)).to.deep.equal(seconds(...delays))
    })
  }

  it('takes all of a delay as jitter when that is full', () => {
    expect(firstDelays({ jitter: 'full' }, 0)).to.deep.equal(seconds(1, 1, 1, 1, 1, 1))
    expect(firstDelays({ jitter: 'full' }, 0.5)).to.deep.equal(seconds(3, 5, 10, 20, 30, 30))
  })

  it('keeps half of a delay when jitter is half', () => {
    expect(firstDelays({ jitter: 'half' }, 0)).to.deep.equal(seconds(3, 5, 10, 20, 30, 30))
    expect(firstDelays({ jitter: 'half' }, 0.5)).to.deep.equal(seconds(4, 8, 15, 30, 45, 45))
  })

  it('stays within its bounds for every draw and every attempt', () => {
    const cases = fc.record({
      jitter: fc.constantFrom('none' as const, 'half' as const, 'full' as const),
      fraction: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      attempt: fc.integer({ min: 1, max: 5_000 }),
      initial: fc.integer({ min: 1, max: 1_000 }),
      longest: fc.integer({ min: 1, max: 100_000 }),
      rate: fc.double({ min: 1, max: 10, noNaN: true }),
    })
    fc.assert(
      fc.property(cases, ({ jitter, fraction, attempt, initial, longest, rate }) => {
        const options = {
          initialDelay: { seconds: initial },
          maxDelay: { seconds: longest },
          growth: { kind: 'exponential', rate },
          jitter,
        } as const
        const whole = Math.min(initial * rate ** (attempt - 1), longest)
        const least = { none: whole, half: whole / 2, full: 0 }[jitter]
        const { seconds: drawn } = backoff(options, () => fraction)(attempt) as { seconds: number }

        expect(drawn).to.be.within(Math.max(1, Math.round(least)), Math.max(1, Math.round(whole)))
        expect(Number.isInteger(drawn)).to.equal(true)
      }),
    )
  })
})

describe('backoff options that cannot be meant', () => {
  const table: [object, string][] = [
    [
      { growth: { kind: 'exponential', rate: 0.5 } },
      'Expected `backoffRate` to be a number from 1 up, got 0.5 (number).',
    ],
    [
      { growth: { kind: 'exponential', rate: NaN } },
      'Expected `backoffRate` to be a number from 1 up, got NaN (number).',
    ],
    [
      { jitter: 'some' },
      "Expected `jitter` to be 'none', 'half' or 'full', got \"some\" (string).",
    ],
    [
      { initialDelay: '0s' },
      'Expected `initialDelay` to be at least one second, got "0s" (string).',
    ],
    [
      { growth: { kind: 'fixed' }, initialDelay: '0s' },
      'Expected `delay` to be at least one second, got "0s" (string).',
    ],
    [{ maxDelay: '0s' }, 'Expected `maxDelay` to be at least one second, got "0s" (string).'],
    [
      { growth: { kind: 'linear', increment: '0s' } },
      'Expected `increment` to be at least one second, got "0s" (string).',
    ],
  ]
  for (const [options, message] of table) {
    it(`are refused at once: ${message}`, () => {
      expect(refusal(() => backoff({ ...exponential, ...options }))).to.deep.equal({
        code: 'INVALID_OPTION',
        message,
      })
    })
  }

  for (const count of [0, -1, 1.5, NaN, Infinity, '3']) {
    it(`are refused at once: ${JSON.stringify(count)} attempts`, () => {
      expect(refusal(() => checkAttempts(count as number)).message).to.match(
        /^Expected `maxAttempts` to be an integer from 1 up, got /,
      )
    })
  }
})
