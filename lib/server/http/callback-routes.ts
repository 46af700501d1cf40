import type { LambdaService } from '../../service/service.ts'
import { limits } from '../../kernel/limits.ts'
import { jsonAnswer } from './answer.ts'
import { mostErrorBytes, readJson, readText } from './body.ts'
import type { HttpContext } from './http-env.ts'
import type { Route } from './route.ts'
import { fitted } from './shape.ts'
import { errorObject } from './shapes.ts'

const callbacks = '/2025-12-01/durable-execution-callbacks/:id'

/** The calls by which the world outside ends a callback, or says that it is still at it. */
export function callbackRoutes(service: LambdaService): Route[] {
  return [
    {
      method: 'POST',
      path: `${callbacks}/succeed`,
      async call(c) {
        const Result = await readText(c.env.incoming, limits.operationPayloadBytes)
        await service.sendDurableExecutionCallbackSuccess({ ...idOf(c), Result })
        return jsonAnswer({})
      },
    },
    {
      method: 'POST',
      path: `${callbacks}/fail`,
      async call(c) {
        const body = await readJson(c.env.incoming, mostErrorBytes)
        const error = fitted(body ?? {}, errorObject, 'error')
        await service.sendDurableExecutionCallbackFailure({ ...idOf(c), Error: error })
        return jsonAnswer({})
      },
    },
    {
      method: 'POST',
      path: `${callbacks}/heartbeat`,
      async call(c) {
        await service.sendDurableExecutionCallbackHeartbeat(idOf(c))
        return jsonAnswer({})
      },
    },
  ]
}

function idOf(c: HttpContext): { CallbackId: string } {
  return { CallbackId: c.req.param('id') ?? '' }
}
