import { expect } from 'chai'
import fc from 'fast-check'
import { duration, toMilliseconds, toSeconds, type Duration } from '../../lib/kernel/duration.ts'
import { refusal } from '../support/refusal.ts'

const year = 31_622_400
const unit = { weeks: 604_800, days: 86_400, hours: 3_600, minutes: 60, seconds: 1 }

describe('a duration', () => {
  const table: [Duration, number][] = [
    ['1s', 1],
    ['90s', 90],
    ['5m', 300],
    ['2h', 7_200],
    ['7d', 604_800],
    ['2w', 1_209_600],
    ['366d', year],
    ['1.5s', 2],
    ['0.5m', 30],
    ['1.1m', 66],
    ['0.1h', 360],
    [{ seconds: 1 }, 1],
    [{ seconds: 1.2 }, 2],
    [{ minutes: 0.5, seconds: 0.5 }, 31],
    [{ weeks: 1, days: 1, hours: 1, minutes: 1, seconds: 1 }, 694_861],
    [{ hours: 2, minutes: undefined }, 7_200],
    [{ days: 366 }, year],
    // 0.1 + 0.2 is not 0.3 in binary, and rounding up must not make a second of the difference.
    [{ seconds: 0.1 + 0.2 + 0.7 }, 1],
    [{ minutes: 1.1, seconds: 0 }, 66],
  ]
  for (const [written, seconds] of table) {
    it(`of ${JSON.stringify(written)} is ${seconds} seconds`, () => {
      expect([toSeconds(written), toMilliseconds(written)]).to.deep.equal([seconds, seconds * 1000])
    })
  }

  it('is rounded up to whole seconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: year * 1000 }), (milliseconds) => {
        const seconds = toSeconds({ seconds: milliseconds / 1000 })
        expect(seconds).to.equal(Math.ceil(milliseconds / 1000))
      }),
    )
  })

  it('adds its units up', () => {
    const count = fc.integer({ min: 0, max: 50 })
    const parts = fc.record({ weeks: fc.constant(1), days: count, hours: count, minutes: count })
    fc.assert(
      fc.property(parts, ({ weeks, days, hours, minutes }) => {
        const whole = toSeconds({ weeks, days, hours, minutes })
        expect(whole).to.equal(
          weeks * unit.weeks + days * unit.days + hours * unit.hours + minutes * unit.minutes,
        )
      }),
    )
  })

  it('says the same as text and as an object', () => {
    const pairs = fc.constantFrom(
      ['w', 'weeks'] as const,
      ['d', 'days'] as const,
      ['h', 'hours'] as const,
      ['m', 'minutes'] as const,
      ['s', 'seconds'] as const,
    )
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 52 }), ([letter, word], count) => {
        expect(toSeconds(`${count}${letter}`)).to.equal(toSeconds({ [word]: count }))
      }),
    )
  })

  it('is given back by duration() as it was written', () => {
    expect(duration('90s')).to.equal('90s')
  })
})

describe('what is no duration', () => {
  const example = "a duration such as '30s', '5m', '2h', '7d' or { hours: 2 }"
  const table: [unknown, string][] = [
    ['0s', 'Expected `delay` to be at least one second, got "0s" (string).'],
    ['0.9s', 'Expected `delay` to be at least one second, got "0.9s" (string).'],
    [{}, 'Expected `delay` to be at least one second, got {} (object).'],
    [{ seconds: 0.5 }, 'Expected `delay` to be at least one second, got {"seconds":0.5} (object).'],
    ['367d', 'Expected `delay` to be at most 31622400 seconds, got "367d" (string).'],
    [{ weeks: 53 }, 'Expected `delay` to be at most 31622400 seconds, got {"weeks":53} (object).'],
    ['', `Expected \`delay\` to be ${example}, got "" (string).`],
    ['5', `Expected \`delay\` to be ${example}, got "5" (string).`],
    ['5 m', `Expected \`delay\` to be ${example}, got "5 m" (string).`],
    ['-5s', `Expected \`delay\` to be ${example}, got "-5s" (string).`],
    ['1e3s', `Expected \`delay\` to be ${example}, got "1e3s" (string).`],
    ['5s\n', `Expected \`delay\` to be ${example}, got "5s\\n" (string).`],
    ['5ms', `Expected \`delay\` to be ${example}, got "5ms" (string).`],
    [30, `Expected \`delay\` to be ${example}, got 30 (number).`],
    [null, `Expected \`delay\` to be ${example}, got null.`],
    [undefined, `Expected \`delay\` to be ${example}, got undefined.`],
    [{ seconds: -1 }, 'Expected `delay.seconds` to be a number from 0 up, got -1 (number).'],
    [{ seconds: NaN }, 'Expected `delay.seconds` to be a number from 0 up, got NaN (number).'],
    [{ hours: '2' }, 'Expected `delay.hours` to be a number from 0 up, got "2" (string).'],
    [{ days: Infinity }, 'Expected `delay.days` to be a number from 0 up, got Infinity (number).'],
    [
      { years: 1 },
      'Expected `delay` to be made of weeks, days, hours, minutes, seconds, got "years" (string).',
    ],
    [
      { toString: 1 },
      'Expected `delay` to be made of weeks, days, hours, minutes, seconds, got "toString" (string).',
    ],
  ]
  for (const [written, message] of table) {
    it(`is refused: ${message}`, () => {
      expect(refusal(() => toSeconds(written as Duration, 'delay'))).to.deep.equal({
        code: 'INVALID_OPTION',
        message,
      })
    })
  }

  it('is refused by duration() too', () => {
    expect(refusal(() => duration('soon')).message).to.equal(
      `Expected \`duration\` to be ${example}, got "soon" (string).`,
    )
  })

  it('shows its value however far out of range it lies', () => {
    const outside = fc.oneof(
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.double({ min: year + 0.001, max: 1e12, noNaN: true }),
    )
    fc.assert(
      fc.property(outside, (seconds) => {
        const { code, message } = refusal(() => toSeconds({ seconds }))
        expect(code).to.equal('INVALID_OPTION')
        expect(message).to.include(JSON.stringify({ seconds }))
      }),
    )
  })

  it('depends on what is the longest where it is used', () => {
    expect(toSeconds('99999999s', 'timeout', 99_999_999)).to.equal(99_999_999)
    expect(refusal(() => toSeconds('11s', 'timeout', 10)).message).to.equal(
      'Expected `timeout` to be at most 10 seconds, got "11s" (string).',
    )
  })
})
