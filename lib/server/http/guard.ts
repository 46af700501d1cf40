import type { MiddlewareHandler } from 'hono'
import { ApiError } from './api-error.ts'
import type { HttpEnv } from './http-env.ts'

const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * Lets only those in who mean to come here: a page on the web may have its name point at this machine,
 * or have a browser send its forms here. `allowedHosts` are names besides those of loopback.
 */
export function guard(allowedHosts: readonly string[] = []): MiddlewareHandler<HttpEnv> {
  const hosts = new Set([...loopback, ...allowedHosts].map((host) => host.toLowerCase()))
  return (c, next) => {
    const { host = '', origin, 'sec-fetch-site': site } = c.env.incoming.headers
    const [, name = ''] = /^(.+?)(?::\d{1,5})?$/.exec(host.toLowerCase()) ?? []
    if (!hosts.has(name)) {
      throw denied(`Host '${host}' is not one that this service answers to; allow it to use it.`)
    }
    if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
      throw denied(`Requests from '${origin}' are not accepted.`)
    }
    if (typeof site === 'string' && site !== 'same-origin' && site !== 'none') {
      throw denied('Requests from other sites are not accepted.')
    }
    return next()
  }
}

function denied(message: string): ApiError {
  return new ApiError('AccessDeniedException', message)
}
