import type { LambdaService } from '../../service/service.ts'
import type { Chaos } from '../chaos/chaos.ts'
import type { LocalClock } from '../clock/local-clock.ts'
import { jsonAnswer, type Answer } from '../http/answer.ts'
import { readJson } from '../http/body.ts'
import type { HttpContext } from '../http/http-env.ts'
import type { Route } from '../http/route.ts'
import { readQuery } from '../http/query.ts'
import { fitted } from '../http/shape.ts'
import { invalid } from '../../service/refusal.ts'
import type { SqliteLogs } from '../store/sqlite-logs.ts'
import type { Workers } from '../workers/workers.ts'
import { crashBody, faultBody, forkBody, logsQuery, moveBody } from './shapes.ts'

export interface AdminPorts {
  readonly service: LambdaService
  readonly clock: LocalClock
  readonly logs: SqliteLogs
  readonly workers: Workers
  readonly chaos: Chaos
  readonly version: string
}

const mostBytes = 8 * 1024 * 1024

/** What the local service can do that Lambda cannot, under `/_perdure`. Times are ISO text here. */
export function adminRoutes({
  service,
  clock,
  logs,
  workers,
  chaos,
  version,
}: AdminPorts): Route[] {
  const get = (path: string, call: (c: HttpContext) => object): Route => ({
    method: 'GET',
    path: `/_perdure${path}`,
    call: (c) => Promise.resolve(plain(call(c))),
  })
  const post = (
    path: string,
    call: (body: unknown, c: HttpContext) => object | Promise<object>,
  ) => ({
    method: 'POST' as const,
    path: `/_perdure${path}`,
    call: async (c: HttpContext) =>
      plain(await call((await readJson(c.env.incoming, mostBytes)) ?? {}, c)),
  })
  const remove = (path: string, call: (c: HttpContext) => object): Route => ({
    method: 'DELETE',
    path: `/_perdure${path}`,
    call: (c) => Promise.resolve(plain(call(c))),
  })
  const time = () => ({
    now: iso(clock.now()),
    mode: clock.mode,
    timers: clock.pending,
    ...(clock.next === undefined ? {} : { next: iso(clock.next) }),
  })

  return [
    get('', () => ({ name: 'perdure', version, pid: process.pid, time: time() })),

    get('/time', time),
    post('/time', (body) => {
      const { Milliseconds, IsNext } = fitted(body, moveBody)
      if (IsNext) clock.moveToNext()
      else if (Milliseconds === undefined) throw invalid('Say how far, or to the next timer.')
      else clock.move(Milliseconds)
      return time()
    }),

    get('/logs', (c) => {
      const kinds = {
        execution: 'text',
        request: 'text',
        function: 'text',
        after: 'whole',
        lines: 'whole',
      } as const
      const query = fitted(readQuery(c.env.incoming.url ?? '', kinds), logsQuery)
      const page = logs.read({
        executionArn: query.execution,
        requestId: query.request,
        functionName: query.function,
        after: query.after,
        maxLines: query.lines,
      })
      return { ...page, lines: page.lines.map((line) => ({ ...line, at: iso(line.at) })) }
    }),

    get('/processes', () => ({
      processes: workers.processes().map((one) => ({ ...one, startedAt: iso(one.startedAt) })),
    })),
    post('/functions/:name/reload', (_body, c) => {
      const name = service.getFunction(c.req.param('name') ?? '').name
      workers.reload(name)
      return { functionName: name }
    }),

    get('/executions/:arn/usage', (c) => service.usage(c.req.param('arn') ?? '')),
    post('/executions/:arn/fork', (body, c) =>
      service.forkDurableExecution({
        DurableExecutionArn: c.req.param('arn') ?? '',
        ...fitted(body, forkBody),
      }),
    ),

    get('/chaos', () => ({ faults: chaos.faults })),
    post('/chaos', (body) => chaos.plant(fitted(body, faultBody))),
    remove('/chaos', () => ({ cleared: chaos.clear() })),
    remove('/chaos/:id', (c) => ({ cleared: chaos.clear(Number(c.req.param('id'))) })),
    post('/crash', (body) => ({ crashed: workers.crash(fitted(body, crashBody)) })),
  ]
}

function plain(value: object): Answer {
  return jsonAnswer(value)
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
