import type { CheckpointDurableExecutionCommandInput, Lambda } from '@aws-sdk/client-lambda'
import type { DurableService } from '../checkpoint/port.ts'
import { version } from '../kernel/version.ts'

// As the official SDKs set them: a checkpoint is small, and a hanging one must end before the
// invocation does.
const connectionTimeout = 5_000
const socketTimeout = 50_000
const requestTimeout = 55_000

/**
 * The durable service as the AWS SDK reaches it; region, endpoint and credentials from the environment.
 * The SDK is imported in here, because a bundler lifts a static import to the top of its one file.
 */
export async function awsService(): Promise<DurableService> {
  const { CheckpointDurableExecutionCommand, GetDurableExecutionStateCommand, LambdaClient } =
    await import('@aws-sdk/client-lambda')
  const client = new LambdaClient({
    customUserAgent: [['perdure', version]],
    requestHandler: {
      connectionTimeout,
      socketTimeout,
      requestTimeout,
      throwOnRequestTimeout: true,
    },
  })
  return {
    async checkpoint(request) {
      const input = request as CheckpointDurableExecutionCommandInput
      const answer = await client.send(new CheckpointDurableExecutionCommand(input))
      return answer as Awaited<ReturnType<DurableService['checkpoint']>>
    },
    async getExecutionState(request) {
      const answer = await client.send(new GetDurableExecutionStateCommand(request))
      return answer as Awaited<ReturnType<DurableService['getExecutionState']>>
    },
  }
}

export interface LambdaPlace {
  /** Of a local service, which asks for no credentials; AWS itself when left out. */
  readonly endpoint?: string | undefined
  readonly region?: string | undefined
}

/** Every call of the Lambda API, for those who look at executions from outside. */
export async function awsLambda({ endpoint, region }: LambdaPlace): Promise<Lambda> {
  const sdk = await import('@aws-sdk/client-lambda')
  return new sdk.Lambda({
    customUserAgent: [['perdure', version]],
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined
      ? {}
      : { endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
  })
}

const commandNames = {
  invoke: 'InvokeCommand',
  getDurableExecution: 'GetDurableExecutionCommand',
  getDurableExecutionHistory: 'GetDurableExecutionHistoryCommand',
  sendDurableExecutionCallbackSuccess: 'SendDurableExecutionCallbackSuccessCommand',
  sendDurableExecutionCallbackFailure: 'SendDurableExecutionCallbackFailureCommand',
  sendDurableExecutionCallbackHeartbeat: 'SendDurableExecutionCallbackHeartbeatCommand',
  stopDurableExecution: 'StopDurableExecutionCommand',
} as const

/** Makes commands of the AWS SDK, for those who drive executions from outside with a client of their own. */
export async function commandMaker(): Promise<
  (name: keyof typeof commandNames, request: object) => object
> {
  const sdk = await import('@aws-sdk/client-lambda')
  return (name, request) => {
    const Command = sdk[commandNames[name]] as new (request: never) => object
    return new Command(request as never)
  }
}
