import * as aws from '@aws-sdk/client-lambda'

import type { DurableService } from '../../lib/checkpoint/port.ts'
import type { InvokeResponse } from '../../lib/service/api.ts'
import type { ServiceApi } from './house.ts'

export function awsClient(endpoint: string): aws.LambdaClient {
  return new aws.LambdaClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  })
}

// The shapes are those of the service, but that payloads are bytes; the client's own types are looser.

/** The calls of a case, made by the AWS client. */
export function awsApi(client: aws.LambdaClient): ServiceApi {
  const send = (command: object) => client.send<never, never>(command as never)
  return {
    async invoke({ Payload, ...request }) {
      const payload = Payload === undefined ? {} : { Payload: Buffer.from(Payload) }
      const command = new aws.InvokeCommand({ ...request, ...payload })
      const answer = await client.send(command)
      const result = answer.Payload?.transformToString()
      return { ...(answer as object), Payload: result } as InvokeResponse
    },
    getDurableExecution: (request) => send(new aws.GetDurableExecutionCommand(request)),
    getDurableExecutionHistory: (request) =>
      send(new aws.GetDurableExecutionHistoryCommand(request)),
    sendDurableExecutionCallbackSuccess: ({ Result, ...request }) =>
      send(
        new aws.SendDurableExecutionCallbackSuccessCommand({
          ...request,
          ...(Result === undefined ? {} : { Result: Buffer.from(Result) }),
        }),
      ),
    sendDurableExecutionCallbackFailure: (request) =>
      send(new aws.SendDurableExecutionCallbackFailureCommand(request as never)),
    sendDurableExecutionCallbackHeartbeat: (request) =>
      send(new aws.SendDurableExecutionCallbackHeartbeatCommand(request)),
    stopDurableExecution: (request) => send(new aws.StopDurableExecutionCommand(request as never)),
  }
}

/** The calls of a handler, made by the AWS client. */
export function awsDurableService(client: aws.LambdaClient): DurableService {
  return {
    checkpoint: (request) =>
      client.send(new aws.CheckpointDurableExecutionCommand(request as never)) as never,
    getExecutionState: (request) =>
      client.send(new aws.GetDurableExecutionStateCommand(request)) as never,
  }
}
