import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { InvocationFailure } from '../../service/invoker.ts'
import { reported, responseTooLarge } from './failures.ts'
import { BodyTooLarge, readBody } from './read-body.ts'

// The Lambda Runtime API for one process. The address that a process is given has no path, so each
// has a listener of its own: that tells processes apart for sure.
//
//   R1. An invocation that was handed out is answered once: by a response or by an error.
//   R2. It reaches the process: one whose poll broke off before it was told is told by the next poll.
//   R3. What is wrong with a request is that request's matter; the invocation under way goes on.

/** One invocation as the process is told of it. */
export interface Task {
  readonly requestId: string
  readonly functionArn: string
  /** When its time is over, in milliseconds since 1970 by the real clock. */
  readonly deadline: number
  readonly tenantId?: string | undefined
  /** The event as JSON. */
  readonly event: string
}

export type Outcome =
  | { readonly ok: true; readonly body: string }
  | { readonly ok: false; readonly failure: InvocationFailure }

export interface RuntimeEvents {
  /** The process asks for an invocation; `hand` may follow. */
  polled(): void
  answered(outcome: Outcome): void
  initFailed(failure: InvocationFailure): void
}

type Phase = 'init' | 'ready' | 'running' | 'answered' | 'failed'

const version = '/2018-06-01/runtime/'

export class RuntimeApi {
  readonly #events: RuntimeEvents
  readonly #server: Server
  #phase: Phase = 'init'
  #poll: ServerResponse | undefined
  #task: Task | undefined
  /** Whether the process still has to hear of the task (R2). */
  #untold = false

  constructor(events: RuntimeEvents) {
    this.#events = events
    this.#server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 })
    this.#server.on('request', (request, response) => {
      this.#serve(request, response).catch(() => void request.destroy())
    })
    this.#server.on('clientError', (_error, socket) => void socket.destroy())
  }

  /** Resolves to the host and port for `AWS_LAMBDA_RUNTIME_API`. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(0, '127.0.0.1', resolve)
    })
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Gives the process its next invocation. To be called once for each `polled`. */
  hand(task: Task): void {
    this.#task = task
    this.#phase = 'running'
    this.#untold = true
    this.#tell()
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    const [one, two, three, ...more] = path.startsWith(version)
      ? path.slice(version.length).split('/')
      : []
    if (more.length > 0) return void unknown(request, response)
    if (one === 'init' && two === 'error' && three === undefined) {
      return only('POST', request, response, () => this.#failInit(request, response))
    }
    if (one !== 'invocation' || two === undefined) return void unknown(request, response)
    if (two === 'next' && three === undefined) {
      return only('GET', request, response, () => this.#next(request, response))
    }
    if (three !== 'response' && three !== 'error') return void unknown(request, response)
    return only('POST', request, response, () => this.#answer(two, three, request, response))
  }

  #next(request: IncomingMessage, response: ServerResponse): void {
    request.resume()
    if (this.#phase === 'running' && this.#untold) {
      this.#poll = response
      return this.#tell()
    }
    const isFree = this.#phase === 'init' || this.#phase === 'answered'
    if (!isFree && (this.#phase !== 'ready' || this.#poll)) {
      return forbidden(response, this.#phase, 'Ready')
    }
    this.#poll = response
    response.on('close', () => {
      if (this.#poll === response) this.#poll = undefined
    })
    if (!isFree) return
    this.#phase = 'ready'
    this.#events.polled()
  }

  #tell(): void {
    const task = this.#task
    const response = this.#poll
    if (!task || !response) return
    this.#poll = undefined
    this.#untold = false
    response.on('close', () => {
      if (!response.writableFinished && this.#task === task) this.#untold = true
    })
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(task.event),
      'Lambda-Runtime-Aws-Request-Id': task.requestId,
      'Lambda-Runtime-Deadline-Ms': String(task.deadline),
      'Lambda-Runtime-Invoked-Function-Arn': task.functionArn,
      'Lambda-Runtime-Trace-Id': traceId(task),
      ...(task.tenantId === undefined ? {} : { 'Lambda-Runtime-Aws-Tenant-Id': task.tenantId }),
    })
    response.end(task.event)
  }

  async #answer(
    requestId: string,
    kind: 'response' | 'error',
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (requestId !== this.#task?.requestId) {
      request.resume()
      return void say(response, 400, 'InvalidRequestID', 'Invalid request ID')
    }
    if (this.#phase !== 'running') {
      request.resume()
      const to = kind === 'response' ? 'InvocationResponse' : 'InvocationErrorResponse'
      return void forbidden(response, this.#phase, to)
    }
    const task = this.#task
    try {
      const body = await readBody(request)
      // Another request may have answered meanwhile.
      if (this.#task !== task || !this.#isRunning()) {
        return void forbidden(response, this.#phase, 'InvocationResponse')
      }
      this.#finish(outcomeOf(kind, body, request))
      accepted(response)
    } catch (error) {
      if (!(error instanceof BodyTooLarge)) throw error
      if (this.#task === task && this.#isRunning()) {
        this.#finish({ ok: false, failure: responseTooLarge() })
      }
      say(response, 413, 'RequestEntityTooLarge', responseTooLarge().message)
    }
  }

  async #failInit(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#phase !== 'init') {
      request.resume()
      return void forbidden(response, this.#phase, 'InitError')
    }
    this.#phase = 'failed'
    const body = await readBody(request).catch(() => '')
    accepted(response)
    this.#events.initFailed(reported(body, errorTypeIn(request)))
  }

  #isRunning(): boolean {
    return this.#phase === 'running'
  }

  #finish(outcome: Outcome): void {
    this.#phase = 'answered'
    this.#events.answered(outcome)
  }
}

/** A streamed response may still turn into an error: its trailers say so. */
function outcomeOf(kind: 'response' | 'error', body: string, request: IncomingMessage): Outcome {
  if (kind === 'error') return { ok: false, failure: reported(body, errorTypeIn(request)) }
  const late = request.trailers[errorTypeHeader]
  if (late === undefined) return { ok: true, body }
  const told = request.trailers['lambda-runtime-function-error-body'] ?? ''
  return { ok: false, failure: reported(Buffer.from(told, 'base64').toString(), late) }
}

const errorTypeHeader = 'lambda-runtime-function-error-type'

function errorTypeIn(request: IncomingMessage): string | undefined {
  const value = request.headers[errorTypeHeader]
  return typeof value === 'string' ? value : undefined
}

/** Of the form of an X-Ray trace header that asks for no tracing; the same id for the same request. */
function traceId({ requestId, deadline }: Task): string {
  const digits = requestId.replace(/[^0-9a-f]/g, '').padEnd(32, '0')
  const seconds = Math.floor(deadline / 1000).toString(16)
  return `Root=1-${seconds}-${digits.slice(0, 24)};Parent=${digits.slice(16, 32)};Sampled=0`
}

async function only(
  method: 'GET' | 'POST',
  request: IncomingMessage,
  response: ServerResponse,
  serve: () => void | Promise<void>,
): Promise<void> {
  if (request.method === method) return serve()
  request.resume()
  response.setHeader('Allow', method)
  say(response, 405, 'MethodNotAllowed', `${request.method ?? ''} is not allowed here: ${method}.`)
}

function unknown(request: IncomingMessage, response: ServerResponse): void {
  request.resume()
  say(response, 404, 'NotFound', `There is no ${request.url ?? ''} in the Runtime API.`)
}

function accepted(response: ServerResponse): void {
  send(response, 202, { status: 'OK' })
}

const stateNames: Record<Phase, string> = {
  init: 'Started',
  ready: 'Ready',
  running: 'Running',
  answered: 'InvocationResponseSent',
  failed: 'InitError',
}

function forbidden(response: ServerResponse, from: Phase, to: string): void {
  const text = `State transition from ${stateNames[from]} to ${to} failed for runtime.`
  say(response, 403, 'InvalidStateTransition', text)
}

function say(response: ServerResponse, status: number, errorType: string, text: string): void {
  send(response, status, { errorMessage: text, errorType })
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  })
  response.end(text)
}
