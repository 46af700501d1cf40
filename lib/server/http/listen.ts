import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { systemClock, type Clock } from '../../kernel/clock.ts'
import { PerdureError, reasonOf } from '../../kernel/errors.ts'
import { errorAnswer } from './answer.ts'
import { ApiError } from './api-error.ts'
import type { HttpEnv } from './http-env.ts'

export interface ListenOptions {
  readonly app: Hono<HttpEnv>
  /** Any free port, when left out or 0. */
  readonly port?: number
  /** The address to be reached at: this machine's own, when left out. */
  readonly host?: string
  readonly clock?: Clock
}

export interface Listening {
  readonly host: string
  readonly port: number
  /** What `AWS_ENDPOINT_URL_LAMBDA` is to be set to. */
  readonly url: string
  /** Takes no more calls; those under way are cut off unless they end in time. */
  close(graceMilliseconds?: number): Promise<void>
}

/** Callers keep connections open between calls; longer than the pauses between them, if possible. */
const keepAliveTimeout = 75_000
const defaultGraceMilliseconds = 5_000

/** Serves `app` over HTTP. Rejects with `CANNOT_LISTEN` where the address cannot be had. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { app, port = 0, host = '127.0.0.1', clock = systemClock } = options
  const answer = getRequestListener(app.fetch, {
    // The globals belong to whoever runs us.
    overrideGlobalObjects: false,
    errorHandler: (error) => responseOf(badRequest(reasonOf(error))),
  })
  const server = createServer({ keepAliveTimeout }, (request, response) => {
    response.once('close', () => {
      // Of a server that is closing, this may be the last that is kept open.
      if (!server.listening) server.closeIdleConnections()
    })
    void answer(request, response)
  })
  server.on('clientError', answerClientError)
  await opened(server, port, host)
  const { port: taken } = server.address() as AddressInfo
  return {
    host,
    port: taken,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: (grace = defaultGraceMilliseconds) => closed(server, clock, grace),
  }
}

function opened(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(cannotListen(error, port, host))
    })
    server.listen(port, host, resolve)
  })
}

function cannotListen(error: NodeJS.ErrnoException, port: number, host: string): PerdureError {
  const hints: Record<string, string> = {
    EADDRINUSE: 'Another program listens there: end it, or choose another port.',
    EACCES: 'This user may not listen there: choose a port above 1023.',
    EADDRNOTAVAIL: 'This machine has no such address.',
    ENOTFOUND: 'This machine has no such address.',
  }
  const hint = hints[error.code ?? ''] ?? error.message
  return new PerdureError('CANNOT_LISTEN', `Cannot listen on ${host}:${port}. ${hint}`, {
    cause: error,
  })
}

function closed(server: Server, clock: Clock, graceMilliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.startTimer(graceMilliseconds, () => void server.closeAllConnections())
    server.close(() => {
      timer.cancel()
      resolve()
    })
    server.closeIdleConnections()
  })
}

/** For what never becomes a request: malformed lines, headers that are too long. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const [status, reason] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'the URL and the headers are too long']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'it did not arrive in time']
        : [400, error.message]
  const { headers = {}, body = '' } = errorAnswer(badRequest(reason, status))
  const lines = Object.entries({
    ...headers,
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} Bad Request\r\n${lines.join('')}\r\n${body}`)
}

function badRequest(reason: string, status = 400): ApiError {
  return new ApiError(
    'BadRequestException',
    `The request is not HTTP as it should be: ${reason}.`,
    {
      status,
    },
  )
}

function responseOf(error: ApiError): Response {
  const { status, headers = {}, body = '' } = errorAnswer(error)
  return new Response(body, { status, headers })
}
