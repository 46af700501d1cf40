import type { Clock, Timer } from '../kernel/clock.ts'
import { timedOut, type InvocationRequest, type Invoker } from './invoker.ts'

export interface CallParts {
  readonly invocationClock: Clock
  readonly invoker: Invoker
}

export interface Call {
  /** What the function returned; rejects with what it threw, or when its time is over. */
  readonly answer: Promise<unknown>
  readonly timer: Timer
}

/**
 * Calls a function, in a later microtask, and gives up on it after `seconds`, unless the invoker does
 * that itself.
 */
export function call(
  { invocationClock: clock, invoker }: CallParts,
  request: InvocationRequest,
  seconds: number,
): Call {
  if (invoker.keepsTime) {
    return { answer: Promise.resolve().then(() => invoker.invoke(request)), timer: noTimer }
  }
  const { promise: timeout, reject } = rejectable()
  const timer = clock.startTimer(seconds * 1000, () =>
    reject(timedOut(clock.now(), request.requestId, seconds)),
  )
  const called = Promise.resolve()
    .then(() => invoker.invoke(request))
    .finally(() => timer.cancel())
  return { answer: Promise.race([called, timeout]), timer }
}

const noTimer: Timer = { cancel: () => {} }

function rejectable(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<never>((_, settle) => (reject = settle))
  return { promise, reject }
}
