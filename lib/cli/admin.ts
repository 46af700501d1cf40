import { UsageError, unreachable } from './usage-error.ts'

/** The calls of the local service that Lambda has not, under `/_perdure`. */
export class Admin {
  readonly #endpoint: string

  constructor(endpoint: string) {
    this.#endpoint = endpoint
  }

  get(path: string, query: Readonly<Record<string, string | undefined>> = {}): Promise<unknown> {
    const wanted = Object.entries(query).filter((one): one is [string, string] => one[1] != null)
    const search = new URLSearchParams(wanted).toString()
    return this.#fetch(search === '' ? path : `${path}?${search}`, { method: 'GET' })
  }

  post(path: string, body: object = {}): Promise<unknown> {
    return this.#fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  }

  delete(path: string): Promise<unknown> {
    return this.#fetch(path, { method: 'DELETE' })
  }

  async #fetch(path: string, request: RequestInit): Promise<unknown> {
    const url = new URL(path === '' ? '/_perdure' : `/_perdure/${path}`, this.#endpoint)
    const response = await fetch(url, request).catch(() => {
      throw unreachable(this.#endpoint)
    })
    const text = await response.text()
    if (response.ok) return text === '' ? undefined : (JSON.parse(text) as unknown)
    throw new UsageError(refusalIn(text, response) ?? `${url.href} answered ${response.status}.`)
  }
}

function refusalIn(text: string, response: Response): string | undefined {
  const name = response.headers.get('x-amzn-errortype')
  if (name === null) return undefined
  const { message = '', Message = message } = JSON.parse(text) as {
    message?: string
    Message?: string
  }
  return `${name}: ${Message}`
}
