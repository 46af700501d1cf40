import { backoff, checkAttempts, type Growth, type Jitter } from './backoff.ts'
import type { Duration } from './duration.ts'
import { invalidOption, PerdureError } from './errors.ts'

/** How long to wait before the next check, or `false`: the state is what was waited for. */
export type PollDecision = Duration | false

/** Decides on the state that a check returned; `attempt` counts the checks from 1. */
export type PollStrategy<S> = (state: S, attempt: number) => PollDecision

export interface PollLimits<S> {
  /** Whether the state is the one that was waited for. */
  readonly until: (state: S) => boolean
  /** Checks in all; the last one that leaves `until` false fails with CONDITION_EXHAUSTED. */
  readonly maxAttempts?: number | undefined
  readonly jitter?: Jitter | undefined
}

export interface ExponentialPoll<S> extends PollLimits<S> {
  readonly initialDelay?: Duration | undefined
  readonly maxDelay?: Duration | undefined
  readonly backoffRate?: number | undefined
}

export interface LinearPoll<S> extends PollLimits<S> {
  readonly initialDelay?: Duration | undefined
  readonly increment?: Duration | undefined
  readonly maxDelay?: Duration | undefined
}

export interface FixedPoll<S> extends PollLimits<S> {
  readonly delay: Duration
}

/**
 * Ready-made strategies for `waitForCondition`: 60 checks at most unless told otherwise. Each throws
 * INVALID_OPTION at once for impossible options.
 */
export const poll = {
  exponential: <S>(o: ExponentialPoll<S>): PollStrategy<S> =>
    limited(o, { kind: 'exponential', rate: o.backoffRate ?? 1.5 }, o.initialDelay ?? '5s', {
      maxDelay: o.maxDelay ?? '5m',
      jitter: o.jitter ?? 'full',
    }),
  linear: <S>(o: LinearPoll<S>): PollStrategy<S> =>
    limited(o, { kind: 'linear', increment: o.increment ?? '5s' }, o.initialDelay ?? '5s', {
      maxDelay: o.maxDelay ?? '5m',
      jitter: o.jitter ?? 'none',
    }),
  fixed: <S>(o: FixedPoll<S>): PollStrategy<S> =>
    limited(o, { kind: 'fixed' }, o.delay, { maxDelay: '366d', jitter: o.jitter ?? 'none' }),
} as const

function limited<S>(
  o: PollLimits<S>,
  growth: Growth,
  initialDelay: Duration,
  rest: { maxDelay: Duration; jitter: Jitter },
): PollStrategy<S> {
  const { until } = o
  if (typeof until !== 'function') throw invalidOption('until', 'a function of the state', until)
  const maxAttempts = checkAttempts(o.maxAttempts ?? 60)
  const delay = backoff({ growth, initialDelay, ...rest })
  return (state, attempt) => {
    if (until(state)) return false
    if (attempt < maxAttempts) return delay(attempt)
    throw new PerdureError(
      'CONDITION_EXHAUSTED',
      `The condition was still false after ${attempt} checks, the most that its strategy allows.`,
    )
  }
}
