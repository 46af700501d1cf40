import { sleep, type Clock } from '../../kernel/clock.ts'
import type { Answer } from '../http/answer.ts'
import { tooManyRequests } from '../http/api-error.ts'
import type { HttpContext } from '../http/http-env.ts'
import type { Chaos } from './chaos.ts'

const retryAfterSeconds = 1

/** The calls of the Lambda API that faults can befall, by the ends of their paths. */
const calls: Readonly<Record<string, RegExp>> = {
  Invoke: /\/invocations$/,
  CheckpointDurableExecution: /\/checkpoint$/,
  GetDurableExecutionState: /\/state$/,
  GetDurableExecutionHistory: /\/history$/,
  StopDurableExecution: /\/stop$/,
  SendDurableExecutionCallbackSuccess: /\/succeed$/,
  SendDurableExecutionCallbackFailure: /\/fail$/,
  SendDurableExecutionCallbackHeartbeat: /\/heartbeat$/,
  ListDurableExecutionsByFunction: /\/functions\/[^/]+\/durable-executions$/,
  GetDurableExecution: /\/durable-executions\/[^/]+$/,
  GetFunctionConfiguration: /\/functions\/[^/]+\/configuration$/,
  GetFunction: /\/functions\/[^/]+$/,
  ListFunctions: /\/functions$/,
}

export const callNames = Object.keys(calls)

/** Lets the faults that were asked for befall the calls of the Lambda API. */
export function interference(chaos: Chaos, clock: Clock) {
  return async (c: HttpContext, carryOut: () => Promise<Answer>): Promise<Answer> => {
    const { path } = c.req
    const call = callNames.find((name) => calls[name]?.test(path))
    if (chaos.faults.length === 0 || call === undefined || path.startsWith('/_perdure')) {
      return carryOut()
    }
    const occasion = { call, functionName: functionNameIn(path) }
    const delay = chaos.strikes('delay', occasion)
    if (delay) await sleep(clock, delay.milliseconds ?? 0)
    if (chaos.strikes('throttle', occasion)) {
      throw tooManyRequests('Rate exceeded: a fault that was asked for.', retryAfterSeconds)
    }
    const answer = await carryOut()
    // The work is done, and nobody will hear of it.
    if (chaos.strikes('lose-answer', occasion)) c.env.incoming.socket.destroy()
    return answer
  }
}

/** The function that a path names, be it in the ARN of an execution. */
function functionNameIn(path: string): string | undefined {
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return undefined
  }
  const [, name] =
    /function:([A-Za-z0-9_-]+)/.exec(decoded) ?? /\/functions\/([A-Za-z0-9_-]+)/.exec(decoded) ?? []
  return name
}
