import type { DurableService } from '../checkpoint/port.ts'
import type { Log } from '../kernel/logger.ts'
import type { Workflow } from '../operations/workflow.ts'
import type { Envelope } from './envelope.ts'
import type { Ports } from './host.ts'
import type { HandlerOptions, Settings } from './options.ts'

/** All that one invocation of a durable function is made of. */
export interface Order {
  readonly workflow: Workflow<never>
  readonly schemas: HandlerOptions<unknown, unknown>
  readonly settings: Settings
  readonly envelope: Envelope
  readonly ports: Ports
  readonly service: DurableService
  readonly lambda: LambdaContext
  readonly log: Log
}

/** What is read of Lambda's own context. */
export interface LambdaContext {
  readonly awsRequestId?: string
  readonly tenantId?: string
  getRemainingTimeInMillis?(): number
}
