import { Agent, request } from 'node:http'

/** An answer of the API, or what came instead of one. */
export type Reply =
  | {
      readonly kind: 'answered'
      readonly headers: NodeJS.Dict<string | string[]>
      readonly body: Body
    }
  | { readonly kind: 'refused'; readonly error: string; readonly status: number }
  /** Nobody listens, or the answer was lost: what was asked for may have been done. */
  | { readonly kind: 'lost' }

export type Body = Readonly<Record<string, unknown>>

/** The calls that a soak makes from outside. `sent` hears of a request that is on its way. */
export class Api {
  readonly #agent = new Agent({ keepAlive: true })
  readonly #port: number
  sent: (() => void) | undefined
  answered: (() => void) | undefined

  constructor(port: number) {
    this.#port = port
  }

  start(functionName: string, name: string, input: object): Promise<Reply> {
    const path = `/2015-03-31/functions/${functionName}/invocations?Qualifier=%24LATEST`
    return this.#call('POST', path, JSON.stringify(input), {
      'X-Amz-Invocation-Type': 'Event',
      'X-Amz-Durable-Execution-Name': name,
    })
  }

  stop(arn: string): Promise<Reply> {
    return this.#call('POST', `${executions}/${encodeURIComponent(arn)}/stop`, '{}')
  }

  succeed(callbackId: string, result: unknown): Promise<Reply> {
    const path = `${callbacks}/${encodeURIComponent(callbackId)}/succeed`
    return this.#call('POST', path, JSON.stringify(result))
  }

  heartbeat(callbackId: string): Promise<Reply> {
    return this.#call('POST', `${callbacks}/${encodeURIComponent(callbackId)}/heartbeat`, '{}')
  }

  describe(arn: string): Promise<Reply> {
    return this.#call('GET', `${executions}/${encodeURIComponent(arn)}`)
  }

  history(arn: string, marker?: string): Promise<Reply> {
    const query = new URLSearchParams({ IncludeExecutionData: 'true', MaxItems: '1000' })
    if (marker) query.set('Marker', marker)
    const path = `${executions}/${encodeURIComponent(arn)}/history?${query.toString()}`
    return this.#call('GET', path)
  }

  list(functionName: string, statuses: readonly string[], marker?: string): Promise<Reply> {
    const query = new URLSearchParams({ MaxItems: '1000' })
    for (const status of statuses) query.append('Statuses', status)
    if (marker) query.set('Marker', marker)
    const path = `/2025-12-01/functions/${functionName}/durable-executions?${query.toString()}`
    return this.#call('GET', path)
  }

  close(): void {
    this.#agent.destroy()
  }

  #call(method: string, path: string, body = '', more: object = {}): Promise<Reply> {
    const headers = { 'Content-Type': 'application/json', ...more }
    return new Promise((resolve) => {
      const lost = () => resolve({ kind: 'lost' })
      const options = { agent: this.#agent, port: this.#port, host: '127.0.0.1' }
      const asked = request({ ...options, method, path, headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', lost)
        response.on('aborted', lost)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          const { statusCode: status = 0, headers: given } = response
          const isAnswer = status >= 200 && status < 300
          if (isAnswer) this.answered?.()
          resolve(
            isAnswer
              ? { kind: 'answered', headers: given, body: bodyOf(text) }
              : { kind: 'refused', error: String(given['x-amzn-errortype']), status },
          )
        })
      })
      asked.on('error', lost)
      asked.end(body, () => this.sent?.())
    })
  }
}

const executions = '/2025-12-01/durable-executions'
const callbacks = '/2025-12-01/durable-execution-callbacks'

function bodyOf(text: string): Body {
  return text === '' ? {} : (JSON.parse(text) as Body)
}
