import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'

/** What a route finds in its context: the request and the response of `node:http`. */
export interface HttpEnv {
  Bindings: HttpBindings
}

export type HttpContext = Context<HttpEnv>
