import { Agent, request } from 'node:http'

/** One invocation as the Runtime API tells of it. */
export interface Invocation {
  readonly requestId: string
  readonly deadline: number
  readonly functionArn: string
  readonly traceId: string | undefined
  readonly tenantId: string | undefined
  readonly clientContext: string | undefined
  readonly identity: string | undefined
  readonly event: string
}

/** An error in the form in which a runtime posts it. */
export interface ErrorReport {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace: readonly string[]
}

const agent = new Agent({ keepAlive: true, maxSockets: 2 })
const root = `http://${process.env['AWS_LAMBDA_RUNTIME_API'] ?? ''}/2018-06-01/runtime/`

interface Answer {
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: string
}

/** Resolves when there is something to do; rejects when the service is gone. */
export async function next(): Promise<Invocation> {
  const { headers, body } = await send('GET', 'invocation/next')
  const header = (name: string) => headers[`lambda-runtime-${name}`]?.toString()
  return {
    requestId: header('aws-request-id') ?? '',
    deadline: Number(header('deadline-ms')),
    functionArn: header('invoked-function-arn') ?? '',
    traceId: header('trace-id'),
    tenantId: header('aws-tenant-id'),
    clientContext: header('client-context'),
    identity: header('cognito-identity'),
    event: body,
  }
}

export async function postResponse(requestId: string, body: string): Promise<void> {
  await send('POST', `invocation/${requestId}/response`, body)
}

/** Without a request id, the error is one of the start. */
export async function postError(requestId: string | undefined, error: ErrorReport): Promise<void> {
  const path = requestId === undefined ? 'init/error' : `invocation/${requestId}/error`
  await send('POST', path, JSON.stringify(error), {
    'Lambda-Runtime-Function-Error-Type': error.errorType.replace(/[^\x20-\x7e]/g, '?'),
  })
}

function send(
  method: 'GET' | 'POST',
  path: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(root + path, {
      agent,
      method,
      headers: {
        ...headers,
        ...(body === undefined
          ? {}
          : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
      },
    })
    sent.on('error', reject)
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() })
      })
    })
    sent.end(body)
  })
}
