import {
  CheckpointDurableExecutionCommand,
  GetDurableExecutionStateCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda'
import type { DurableService } from '../checkpoint/port.ts'
import { version } from '../kernel/version.ts'

// As the official SDKs set them: a checkpoint is small, and a hanging one must end before the
// invocation does.
const connectionTimeout = 5_000
const socketTimeout = 50_000
const requestTimeout = 55_000

/** The durable service as the AWS SDK reaches it; region, endpoint and credentials from the environment. */
export function awsService(): DurableService {
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
      type Input = ConstructorParameters<typeof CheckpointDurableExecutionCommand>[0]
      const answer = await client.send(new CheckpointDurableExecutionCommand(request as Input))
      return answer as Awaited<ReturnType<DurableService['checkpoint']>>
    },
    async getExecutionState(request) {
      const answer = await client.send(new GetDurableExecutionStateCommand(request))
      return answer as Awaited<ReturnType<DurableService['getExecutionState']>>
    },
  }
}
