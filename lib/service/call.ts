import type { Clock, Timer } from '../kernel/clock.ts'
import { InvocationFailure, type InvocationRequest, type Invoker } from './invoker.ts'

export interface CallParts {
  readonly invocationClock: Clock
  readonly invoker: Invoker
}

export interface Call {
  /** What the function returned; rejects with what it threw, or when its time is over. */
  readonly answer: Promise<unknown>
  readonly timer: Timer
}

/** Calls a function, in a later microtask, and gives up on it after `seconds`. */
export function call(
  { invocationClock: clock, invoker }: CallParts,
  request: InvocationRequest,
  seconds: number,
): Call {
  const { promise: timeout, reject } = rejectable()
  const timer = clock.startTimer(seconds * 1000, () => {
    const at = new Date(clock.now()).toISOString()
    const text = `${at} ${request.requestId} Task timed out after ${seconds.toFixed(2)} seconds`
    reject(new InvocationFailure('Sandbox.Timedout', text))
  })
  const called = Promise.resolve()
    .then(() => invoker.invoke(request))
    .finally(() => timer.cancel())
  return { answer: Promise.race([called, timeout]), timer }
}

function rejectable(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<never>((_, settle) => (reject = settle))
  return { promise, reject }
}
