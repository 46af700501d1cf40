import { randomUUID } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Durability, HostedFunction, LogLine } from '../../../lib/server/ports.ts'
import { Workers, type WorkerLimits } from '../../../lib/server/workers/workers.ts'
import type { InvocationFailure, InvocationRequest } from '../../../lib/service/invoker.ts'

export const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name)

export interface StandOptions {
  readonly limits?: Partial<WorkerLimits>
  readonly durability?: Durability
}

/** Workers with real processes, and a place where these can be made to wait. */
export class Stand {
  readonly workers: Workers
  readonly lines: LogLine[] = []
  readonly #gates = new Map<string, ServerResponse>()
  #arrived: () => void = () => {}
  readonly #server = createServer((request, response) => {
    this.#gates.set((request.url ?? '').slice(1), response)
    this.#arrived()
  }).listen(0, '127.0.0.1')

  constructor({ limits = {}, durability = { committed: async () => {} } }: StandOptions = {}) {
    this.workers = new Workers({
      endpoint: () => `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
      region: 'eu-west-1',
      accountId: '123456789012',
      durability,
      logs: { write: (line) => void this.lines.push(line) },
      limits,
    })
  }

  /** Hosts an export of a fixture, by default the function that does as it is told. */
  host(
    name: string,
    more: Partial<HostedFunction> = {},
    file = 'acts.mjs',
    exportName = 'act',
  ): void {
    this.workers.host({
      name,
      launch: { kind: 'module', file: fixture(file), exportName },
      ...more,
    })
  }

  invoke(name: string, event: unknown, more: Partial<InvocationRequest> = {}): Promise<unknown> {
    return this.workers.invoke({
      functionName: name,
      version: '$LATEST',
      functionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}:$LATEST`,
      requestId: randomUUID(),
      deadline: 0,
      attempt: 1,
      event,
      durable: false,
      ...more,
    })
  }

  /** The failure of an invocation, as type and message. */
  async failure(
    name: string,
    event: unknown,
    more: Partial<InvocationRequest> = {},
  ): Promise<[string, string]> {
    return this.invoke(name, event, more).then(
      (value) => ['none', JSON.stringify(value)],
      (thrown: unknown) => {
        const { errorType, message } = thrown as InvocationFailure
        return [errorType, message]
      },
    )
  }

  /** Resolves when invocations wait at all these gates. */
  async waitingAt(...names: string[]): Promise<void> {
    while (!names.every((name) => this.#gates.has(name))) {
      await new Promise<void>((resolve) => (this.#arrived = resolve))
    }
  }

  open(name: string): void {
    this.#gates.get(name)?.end(`${name} is open`)
    this.#gates.delete(name)
  }

  /** What was written for a request, as `stream text`; of REPORT lines only the start. */
  written(requestId: string): string[] {
    return this.lines
      .filter((line) => line.requestId === requestId)
      .map(({ stream, text }) => `${stream} ${text.split('\t', 1).join()}`)
  }

  async close(): Promise<void> {
    await this.workers.close()
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
