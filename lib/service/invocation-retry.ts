/** How the service goes on after an invocation that crashed or threw. */
export interface InvocationRetry {
  /** Invocations in a row that may crash, the first included, before the execution fails. */
  crashAttempts: number
  /** Invocations in a row that may throw or run out of time. */
  errorAttempts: number
  /** The pause after the first that threw; each further one is `backoffRate` times as long. */
  initialDelaySeconds: number
  backoffRate: number
  maxDelaySeconds: number
}

// Lambda goes on for hours. Here somebody is watching.
export const defaultInvocationRetry: InvocationRetry = {
  crashAttempts: 4,
  errorAttempts: 5,
  initialDelaySeconds: 1,
  backoffRate: 2,
  maxDelaySeconds: 60,
}

/** The pause in milliseconds after the `count`-th failure in a row. */
export function retryDelay(retry: InvocationRetry, count: number): number {
  const seconds = retry.initialDelaySeconds * retry.backoffRate ** (count - 1)
  return Math.round(Math.min(seconds, retry.maxDelaySeconds) * 1000)
}
