import { Hono } from 'hono'
import { systemClock } from '../../kernel/clock.ts'
import { systemRandom } from '../../kernel/random.ts'
import { errorAnswer, type Answer } from './answer.ts'
import { ApiError } from './api-error.ts'
import { callbackRoutes } from './callback-routes.ts'
import { executionRoutes } from './execution-routes.ts'
import { functionRoutes } from './function-routes.ts'
import { guard } from './guard.ts'
import type { HttpContext, HttpEnv } from './http-env.ts'
import { invokeRoutes } from './invoke-routes.ts'
import type { LambdaApiOptions } from './options.ts'

export type { LambdaApiOptions } from './options.ts'

/**
 * The Lambda API over HTTP, as far as durable functions have to do with it. It is to be served by
 * `listen`; further routes may be added to it.
 */
export function lambdaApi(options: LambdaApiOptions): Hono<HttpEnv> {
  const { durability, random = systemRandom, around } = options
  const app = new Hono<HttpEnv>({ getPath: (_request, given) => pathOf(given) })
  const routes = [
    ...invokeRoutes({ ...options, clock: options.clock ?? systemClock }),
    ...executionRoutes(options.service),
    ...callbackRoutes(options.service),
    ...functionRoutes(options),
    ...(options.routes ?? []),
  ]
  app.use('*', guard(options.allowedHosts))
  for (const { method, path, call } of routes) {
    app.on(method, path, async (c) => {
      // A HEAD comes here as if it were a GET.
      if (c.req.method !== method) throw unknownOperation(c, [method])
      return respond(await settled(around ? around(c, () => call(c)) : call(c)))
    })
  }
  app.notFound((c) => {
    const known = routes.filter(({ path }) => matches(path, c.req.path))
    return respond(
      errorAnswer(
        unknownOperation(
          c,
          known.map(({ method }) => method),
        ),
      ),
    )
  })
  app.onError((error) => respond(errorAnswer(error)))
  return app

  /** Also a refusal waits: the call may have found that something else was due. */
  async function settled(answering: Promise<Answer>): Promise<Answer> {
    const answer = await answering.catch(errorAnswer)
    try {
      await durability?.committed()
      return answer
    } catch (error) {
      return errorAnswer(error)
    }
  }

  function respond({ status, headers, body }: Answer): Response {
    return new Response(body ?? null, {
      status,
      headers: { 'x-amzn-requestid': random.uuid(), ...headers },
    })
  }
}

/** The path as it was sent: what is percent-encoded in it must not look like a slash. */
function pathOf(given: { env?: HttpEnv['Bindings'] } | undefined): string {
  const url = given?.env?.incoming.url ?? '/'
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
}

function matches(path: string, asked: string): boolean {
  const parts = asked.split('/')
  const pattern = path.split('/')
  if (parts.length !== pattern.length) return false
  return pattern.every((part, i) => (part.startsWith(':') ? parts[i] !== '' : part === parts[i]))
}

function unknownOperation(c: HttpContext, methods: readonly string[]): ApiError {
  const asked = `${c.req.method} ${c.req.path.slice(0, 200)}`
  if (methods.length === 0) {
    return new ApiError('UnknownOperationException', `There is no operation ${asked}.`)
  }
  return new ApiError('UnknownOperationException', `There is no operation ${asked}.`, {
    status: 405,
    headers: { Allow: methods.join(', ') },
  })
}
