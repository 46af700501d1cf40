import { Agent, request } from 'node:http'
import type { DurableClient } from '../../lib/index.ts'
import { writeLine, type Update } from './ledger.ts'

interface Checkpoint {
  readonly DurableExecutionArn: string
  readonly Updates?: readonly { readonly Id: string; readonly Action: string }[]
}

interface StateRequest {
  readonly DurableExecutionArn: string
  readonly CheckpointToken: string
  readonly Marker?: string
  readonly MaxItems?: number
}

const agent = new Agent({ keepAlive: true })

/**
 * The two calls of a handler, as the AWS client makes them but for its many files, which each of
 * hundreds of processes would have to load. What is acknowledged goes into the ledger.
 */
export function recordingClient(endpoint: string, ledger: string, server: number): DurableClient {
  const urlOf = (arn: string, call: string) =>
    `${endpoint}/2025-12-01/durable-executions/${encodeURIComponent(arn)}/${call}`
  return {
    async checkpoint(given) {
      const { DurableExecutionArn: arn, ...rest } = given as Checkpoint
      const answer = await send('POST', urlOf(arn, 'checkpoint'), JSON.stringify(rest))
      const updates = (rest.Updates ?? []).map(({ Id, Action }): Update => [Id, Action])
      writeLine(ledger, { what: 'acknowledged', server, arn, updates })
      return answer
    },
    async getExecutionState(given) {
      const { DurableExecutionArn: arn, ...rest } = given as StateRequest
      const query = new URLSearchParams()
      for (const [name, value] of Object.entries(rest)) query.set(name, String(value))
      return send('GET', `${urlOf(arn, 'state')}?${query.toString()}`)
    },
  }
}

function send(method: string, url: string, body?: string): Promise<object> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      agent,
      method,
      headers: { 'Content-Type': 'application/json' },
    })
    sent.on('error', reject)
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        if (response.statusCode === 200) resolve(JSON.parse(text, withTimes) as object)
        else
          reject(failure(String(response.headers['x-amzn-errortype']), text, response.statusCode))
      })
    })
    sent.end(body)
  })
}

function withTimes(key: string, value: unknown): unknown {
  return key.endsWith('Timestamp') && typeof value === 'number' ? new Date(value * 1000) : value
}

function failure(name: string, message: string, httpStatusCode: number | undefined): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } })
}
