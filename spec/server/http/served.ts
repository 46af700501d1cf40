import { LambdaClient } from '@aws-sdk/client-lambda'

import type { Clock } from '../../../lib/kernel/clock.ts'
import { lambdaApi, type LambdaApiOptions } from '../../../lib/server/http/lambda-api.ts'
import { listen, type Listening } from '../../../lib/server/http/listen.ts'
import type { HostedFunction } from '../../../lib/server/ports.ts'
import { ByHand } from '../../service/by-hand.ts'

export const orders: HostedFunction = {
  name: 'orders',
  durable: { executionTimeoutSeconds: 3600, retentionPeriodInDays: 7 },
  timeoutSeconds: 60,
  memoryMegabytes: 256,
  environment: { STAGE: 'local' },
  launch: { kind: 'module', file: '/srv/handlers/orders.ts', exportName: 'handler' },
}

const plain: HostedFunction = {
  name: 'plain',
  launch: { kind: 'command', command: './plain' },
}

/** The service behind HTTP, its functions played by hand, and the AWS client that talks to it. */
export interface Served {
  readonly byHand: ByHand
  readonly client: LambdaClient
  readonly url: string
  readonly listening: Listening
  close(): Promise<void>
}

export async function serve(
  options: Partial<LambdaApiOptions> = {},
  byHand = new ByHand(),
  doorClock?: Clock,
): Promise<Served> {
  const functions = [...(options.functions?.() ?? [orders, plain])]
  for (const one of functions) byHand.service.register(one)
  const { service, clock } = byHand
  const app = lambdaApi({ service, clock, ...options, functions: () => functions })
  const listening = await listen({ app, ...(doorClock ? { clock: doorClock } : {}) })
  const client = clientOf(listening.url)
  return {
    byHand,
    client,
    url: listening.url,
    listening,
    async close() {
      client.destroy()
      await listening.close(0)
    },
  }
}

function clientOf(endpoint: string): LambdaClient {
  return new LambdaClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    maxAttempts: 1,
  })
}
