import { invalidOption } from './errors.ts'
import { limits } from './limits.ts'

/** A span of time: `'90s'`, `'5m'`, `'2h'`, `'7d'`, `'2w'`, or an object whose units add up. */
export type Duration =
  | `${number}${'s' | 'm' | 'h' | 'd' | 'w'}`
  | {
      readonly weeks?: number | undefined
      readonly days?: number | undefined
      readonly hours?: number | undefined
      readonly minutes?: number | undefined
      readonly seconds?: number | undefined
    }

const secondsOf = {
  weeks: 604_800,
  days: 86_400,
  hours: 3_600,
  minutes: 60,
  seconds: 1,
} as const
const unitOf: Readonly<Record<string, keyof typeof secondsOf | undefined>> = {
  w: 'weeks',
  d: 'days',
  h: 'hours',
  m: 'minutes',
  s: 'seconds',
}
const decimal = /^\d+(?:\.\d+)?$/

/** Parses `'90s'` and its like. Throws INVALID_OPTION for any other text. */
export function duration(text: string): Duration {
  toSeconds(text as Duration, 'duration')
  return text as Duration
}

/**
 * Whole seconds, rounded up: the service counts in seconds and must not wake early. Throws
 * INVALID_OPTION, naming `option`, for what is no duration, under a second or over `longest`.
 */
export function toSeconds(
  duration: Duration,
  option = 'duration',
  longest: number = limits.longestDelaySeconds,
): number {
  const seconds = exactSeconds(duration, option)
  if (seconds < 1) throw invalidOption(option, 'at least one second', duration)
  if (seconds > longest) throw invalidOption(option, `at most ${longest} seconds`, duration)
  return Math.ceil(seconds)
}

/** Milliseconds, for timers inside one invocation. Throws INVALID_OPTION as `toSeconds` does. */
export function toMilliseconds(duration: Duration, option = 'duration'): number {
  return toSeconds(duration, option) * 1000
}

function exactSeconds(duration: Duration, option: string): number {
  if (typeof duration === 'string') {
    const count = duration.slice(0, -1)
    const unit = unitOf[duration.slice(-1)]
    if (unit === undefined || !decimal.test(count)) throw notADuration(option, duration)
    return round(Number(count) * secondsOf[unit])
  }
  if (typeof duration !== 'object' || (duration as unknown) === null) {
    throw notADuration(option, duration)
  }
  let seconds = 0
  for (const [unit, count] of Object.entries(duration as Record<string, unknown>)) {
    if (count === undefined) continue
    if (!Object.hasOwn(secondsOf, unit)) {
      throw invalidOption(option, `made of ${Object.keys(secondsOf).join(', ')}`, unit)
    }
    if (typeof count !== 'number' || !Number.isFinite(count) || count < 0) {
      throw invalidOption(`${option}.${unit}`, 'a number from 0 up', count)
    }
    seconds += count * secondsOf[unit as keyof typeof secondsOf]
  }
  return round(seconds)
}

/** Away with the dust of binary fractions, which rounding up would turn into a second. */
function round(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6
}

function notADuration(option: string, found: unknown) {
  return invalidOption(option, "a duration such as '30s', '5m', '2h', '7d' or { hours: 2 }", found)
}
