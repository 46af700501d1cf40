import { toSeconds, type Duration } from './duration.ts'
import { invalidOption } from './errors.ts'
import { ambientFraction } from './random.ts'

export type Jitter = 'none' | 'half' | 'full'

/** How a delay grows with the attempts, before jitter. */
export type Growth =
  | { readonly kind: 'exponential'; readonly rate: number }
  | { readonly kind: 'linear'; readonly increment: Duration }
  | { readonly kind: 'fixed' }

export interface BackoffOptions {
  readonly initialDelay: Duration
  readonly maxDelay: Duration
  readonly growth: Growth
  readonly jitter: Jitter
}

/**
 * The delay in whole seconds after the `attempt`-th try, counted from 1. Throws INVALID_OPTION at
 * once for options that cannot be meant.
 */
export function backoff(
  options: BackoffOptions,
  fraction: () => number = ambientFraction,
): (attempt: number) => Duration {
  const { growth, jitter } = options
  const initial = toSeconds(
    options.initialDelay,
    growth.kind === 'fixed' ? 'delay' : 'initialDelay',
  )
  const longest = toSeconds(options.maxDelay, 'maxDelay')
  const increment = growth.kind === 'linear' ? toSeconds(growth.increment, 'increment') : 0
  if (growth.kind === 'exponential' && !(growth.rate >= 1)) {
    throw invalidOption('backoffRate', 'a number from 1 up', growth.rate)
  }
  if (!['none', 'half', 'full'].includes(jitter)) {
    throw invalidOption('jitter', "'none', 'half' or 'full'", jitter)
  }

  return (attempt) => {
    const grown =
      growth.kind === 'exponential'
        ? initial * growth.rate ** (attempt - 1)
        : initial + increment * (attempt - 1)
    return { seconds: Math.max(1, Math.round(spread(Math.min(grown, longest), jitter, fraction))) }
  }
}

function spread(seconds: number, jitter: Jitter, fraction: () => number): number {
  if (jitter === 'none') return seconds
  if (jitter === 'half') return seconds / 2 + (fraction() * seconds) / 2
  return fraction() * seconds
}

/** Throws INVALID_OPTION unless `count` is an integer from 1 up. */
export function checkAttempts(count: number): number {
  if (Number.isInteger(count) && count >= 1) return count
  throw invalidOption('maxAttempts', 'an integer from 1 up', count)
}
