import { backoff, checkAttempts, type Growth, type Jitter } from './backoff.ts'
import type { Duration } from './duration.ts'
import { errorTypeOf, type ErrorClass } from './error-record.ts'
import { invalidOption, reasonOf } from './errors.ts'

/**
 * Decides on a failed attempt: how long to wait before the next, or `false` to give up. Gets the
 * thrown value itself and the number, from 1, of the attempt that failed.
 */
export type RetryStrategy = (error: unknown, attempt: number) => Duration | false

/** An error class, a name or part of the message, a pattern for the message, or a predicate. */
export type RetryOn = ErrorClass | string | RegExp | ((error: unknown) => boolean)

export interface RetryLimits {
  /** Attempts in all, the first included. */
  readonly maxAttempts?: number | undefined
  /** Retry only errors that fit one of these; any error when left out. */
  readonly retryOn?: readonly RetryOn[] | undefined
  readonly jitter?: Jitter | undefined
}

export interface ExponentialRetry extends RetryLimits {
  readonly initialDelay?: Duration | undefined
  readonly maxDelay?: Duration | undefined
  readonly backoffRate?: number | undefined
}

export interface LinearRetry extends RetryLimits {
  readonly initialDelay?: Duration | undefined
  readonly increment?: Duration | undefined
  readonly maxDelay?: Duration | undefined
}

export interface FixedRetry extends RetryLimits {
  readonly delay: Duration
}

/**
 * Ready-made strategies. A step without one has `retry.exponential()`: 6 attempts, 5 s growing
 * twofold to 60 s, full jitter. Each throws INVALID_OPTION at once for impossible options.
 */
export const retry = {
  none: (() => false) as RetryStrategy,
  exponential: (o: ExponentialRetry = {}): RetryStrategy =>
    limited(o, 6, { kind: 'exponential', rate: o.backoffRate ?? 2 }, o.initialDelay ?? '5s', {
      maxDelay: o.maxDelay ?? '60s',
      jitter: o.jitter ?? 'full',
    }),
  linear: (o: LinearRetry = {}): RetryStrategy =>
    limited(o, 6, { kind: 'linear', increment: o.increment ?? '1s' }, o.initialDelay ?? '1s', {
      maxDelay: o.maxDelay ?? '5m',
      jitter: o.jitter ?? 'none',
    }),
  fixed: (o: FixedRetry): RetryStrategy =>
    limited(o, 6, { kind: 'fixed' }, o.delay, { maxDelay: '366d', jitter: o.jitter ?? 'none' }),
} as const

export const defaultRetry = retry.exponential()

const conditions = 'error classes, texts, patterns or predicates'

function limited(
  o: RetryLimits,
  defaultAttempts: number,
  growth: Growth,
  initialDelay: Duration,
  rest: { maxDelay: Duration; jitter: Jitter },
): RetryStrategy {
  const maxAttempts = checkAttempts(o.maxAttempts ?? defaultAttempts)
  const delay = backoff({ growth, initialDelay, ...rest })
  const { retryOn } = o
  if (retryOn !== undefined && !Array.isArray(retryOn)) {
    throw invalidOption('retryOn', `an array of ${conditions}`, retryOn)
  }
  const fits = retryOn?.map(predicate)
  return (error, attempt) => {
    if (attempt >= maxAttempts) return false
    if (fits && !fits.some((fit) => fit(error))) return false
    return delay(attempt)
  }
}

function predicate(condition: RetryOn): (error: unknown) => boolean {
  if (typeof condition === 'string') {
    return (error) =>
      (error instanceof Error && errorTypeOf(error) === condition) ||
      messageOf(error).includes(condition)
  }
  if (condition instanceof RegExp) {
    // A pattern with `g` or `y` remembers where it stopped; a decision must not depend on that.
    const pattern = new RegExp(condition.source, condition.flags.replace(/[gy]/g, ''))
    return (error) => pattern.test(messageOf(error))
  }
  if (typeof condition !== 'function') {
    throw invalidOption('retryOn', conditions, condition)
  }
  if (isErrorClass(condition)) return (error) => error instanceof condition
  return condition
}

function isErrorClass(condition: object): condition is ErrorClass {
  return (
    condition === Error ||
    (condition as { readonly prototype?: unknown }).prototype instanceof Error
  )
}

function messageOf(error: unknown): string {
  return ['number', 'bigint', 'boolean'].includes(typeof error) ? String(error) : reasonOf(error)
}
