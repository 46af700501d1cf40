import { sleep, type Clock } from '../../kernel/clock.ts'
import { tooManyRequests } from '../http/api-error.ts'
import type { HttpContext } from '../http/http-env.ts'
import type { Chaos } from './chaos.ts'

const retryAfterSeconds = 1

/** Lets the faults that were asked for befall a call of the API; `call` is its name there. */
export function interference(chaos: Chaos, clock: Clock) {
  return async function interfere<T>(
    call: string,
    c: HttpContext,
    carryOut: () => Promise<T>,
  ): Promise<T> {
    const occasion = { call, functionName: functionNameIn(c.req.path) }
    const delay = chaos.strikes('delay', occasion)
    if (delay) await sleep(clock, delay.milliseconds ?? 0)
    if (chaos.strikes('throttle', occasion)) {
      throw tooManyRequests('Rate exceeded, as a fault that was asked for.', retryAfterSeconds)
    }
    const answer = await carryOut()
    // The work is done, and nobody will hear of it.
    if (chaos.strikes('lose-answer', occasion)) c.env.incoming.socket.destroy()
    return answer
  }
}

/** The function that a path names, be it in the ARN of an execution. */
function functionNameIn(path: string): string | undefined {
  const decoded = decodeURIComponent(path)
  return (
    /function:([A-Za-z0-9_-]+)/.exec(decoded)?.[1] ??
    /\/functions\/([A-Za-z0-9_-]+)/.exec(decoded)?.[1]
  )
}
