import type { LambdaService } from '../../service/service.ts'
import { jsonAnswer } from './answer.ts'
import { mostErrorBytes, readJson } from './body.ts'
import type { HttpContext } from './http-env.ts'
import type { Route } from './route.ts'
import { readQuery } from './query.ts'
import { fitted } from './shape.ts'
import {
  checkpointBody,
  errorObject,
  executionQuery,
  historyQuery,
  listQuery,
  stateQuery,
} from './shapes.ts'

const mostCheckpointBytes = 10 * 1024 * 1024

const page = { Marker: 'text', MaxItems: 'whole' } as const
const executions = '/2025-12-01/durable-executions/:arn'

/** The calls that are about executions. */
export function executionRoutes(service: LambdaService): Route[] {
  return [
    {
      method: 'POST',
      path: `${executions}/checkpoint`,
      async call(c) {
        const body = await readJson(c.env.incoming, mostCheckpointBytes)
        const request = fitted(body ?? {}, checkpointBody)
        return jsonAnswer(await service.checkpointDurableExecution({ ...arnOf(c), ...request }))
      },
    },
    {
      method: 'GET',
      path: `${executions}/state`,
      async call(c) {
        const query = queryOf(c, { CheckpointToken: 'text', ...page })
        const request = fitted(query, stateQuery)
        return jsonAnswer(await service.getDurableExecutionState({ ...arnOf(c), ...request }))
      },
    },
    {
      method: 'GET',
      path: executions,
      async call(c) {
        const request = fitted(queryOf(c, { IncludeExecutionData: 'flag' }), executionQuery)
        return jsonAnswer(await service.getDurableExecution({ ...arnOf(c), ...request }))
      },
    },
    {
      method: 'GET',
      path: `${executions}/history`,
      async call(c) {
        const kinds = { IncludeExecutionData: 'flag', ReverseOrder: 'flag', ...page } as const
        const request = fitted(queryOf(c, kinds), historyQuery)
        return jsonAnswer(await service.getDurableExecutionHistory({ ...arnOf(c), ...request }))
      },
    },
    {
      method: 'POST',
      path: `${executions}/stop`,
      async call(c) {
        const body = await readJson(c.env.incoming, mostErrorBytes)
        const error = body == null ? {} : { Error: fitted(body, errorObject, 'error') }
        return jsonAnswer(await service.stopDurableExecution({ ...arnOf(c), ...error }))
      },
    },
    {
      method: 'GET',
      path: '/2025-12-01/functions/:name/durable-executions',
      async call(c) {
        const query = queryOf(c, {
          Qualifier: 'text',
          DurableExecutionName: 'text',
          Statuses: 'texts',
          StartedAfter: 'moment',
          StartedBefore: 'moment',
          ReverseOrder: 'flag',
          ...page,
        })
        const FunctionName = c.req.param('name') ?? ''
        const request = { FunctionName, ...fitted(query, listQuery) }
        return jsonAnswer(await service.listDurableExecutionsByFunction(request))
      },
    },
  ]
}

function arnOf(c: HttpContext): { DurableExecutionArn: string } {
  return { DurableExecutionArn: c.req.param('arn') ?? '' }
}

function queryOf(c: HttpContext, kinds: Parameters<typeof readQuery>[1]): Record<string, unknown> {
  return readQuery(c.env.incoming.url ?? '', kinds)
}
