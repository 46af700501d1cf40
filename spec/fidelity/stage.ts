import { fileURLToPath } from 'node:url'
import { LambdaClient } from '@aws-sdk/client-lambda'
import type { HostedFunction } from '../../lib/server/ports.ts'
import { pacedDurability, PacedService } from '../support/paced-service.ts'

/** The two whose programs run. */
export type Sdk = 'official' | 'perdure'

/** The local service with the programs of both SDKs, in processes of their own. */
export class Stage {
  readonly service: PacedService
  readonly #said: string[] = []
  readonly #begin: number
  #client: LambdaClient | undefined

  constructor() {
    this.service = new PacedService({
      functions: [...hosts('official'), ...hosts('perdure'), plain('plain'), plain('failing')],
      folder: fileURLToPath(new URL('.', import.meta.url)),
      retry: { errorAttempts: 2 },
      onLog: ({ stream, text }) => void (stream === 'platform' || this.#said.push(text)),
    })
    this.#begin = this.service.local.clock.now()
  }

  /** The times that there have been, by the clock of the service. */
  get span(): { from: number; to: number } {
    return { from: this.#begin, to: this.service.local.clock.now() }
  }

  async open(): Promise<void> {
    await this.service.local.start()
  }

  /** What the functions have written since it was asked for last. */
  said(): string[] {
    return this.#said.splice(0)
  }

  /** The AWS client, as anybody would make it. */
  get client(): LambdaClient {
    return (this.#client ??= new LambdaClient({
      endpoint: this.service.local.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }))
  }

  async close(): Promise<void> {
    this.#client?.destroy()
    await this.service.local.close()
  }
}

/** The usual function of an SDK; one with a minute for an execution; one with 3 s for an invocation. */
function hosts(sdk: Sdk): HostedFunction[] {
  const launch = { kind: 'module', file: path(`${sdk}/handler.ts`), exportName: 'handler' } as const
  const brief = { ...pacedDurability, executionTimeoutSeconds: 60 }
  return [
    { name: sdk, launch, durable: pacedDurability },
    { name: `${sdk}-brief`, launch, durable: brief },
    { name: `${sdk}-hasty`, launch, durable: pacedDurability, timeoutSeconds: 3 },
  ]
}

function plain(name: string): HostedFunction {
  return { name, launch: { kind: 'module', file: path('plain.ts'), exportName: name } }
}

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url))
}
