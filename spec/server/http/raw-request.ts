import { Agent, request } from 'node:http'

/** A request as it goes over the wire, whatever the API makes of it. */
export interface RawRequest {
  readonly method: string
  /** As it is sent, percent-encoded or not. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer | undefined
}

export interface RawAnswer {
  readonly status: number
  readonly errorType: string
  readonly requestId: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** Sends requests that no decent client would send. */
export class RawClient {
  readonly #url: URL
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4 })

  constructor(url: string) {
    this.#url = new URL(url)
  }

  send({ method, path, headers = {}, body }: RawRequest): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.#url
      const sent = request(
        { agent: this.#agent, hostname, port, method, path, headers },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            resolve({
              status: response.statusCode ?? 0,
              errorType: String(response.headers['x-amzn-errortype']),
              requestId: String(response.headers['x-amzn-requestid']),
              headers: response.headers,
              text: Buffer.concat(chunks).toString(),
            })
          })
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}
