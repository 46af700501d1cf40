import {
  GetDurableExecutionCommand,
  GetDurableExecutionHistoryCommand,
  InvokeCommand,
  SendDurableExecutionCallbackFailureCommand,
  SendDurableExecutionCallbackHeartbeatCommand,
  SendDurableExecutionCallbackSuccessCommand,
  StopDurableExecutionCommand,
  type Event,
  type LambdaClient,
} from '@aws-sdk/client-lambda'
import type { Case, Outside } from './cases.ts'
import type { Outcome } from './outcome.ts'
import type { Sdk, Stage } from './stage.ts'

/** Drives a case by the calls of the real AWS client. */
export async function driveByClient(stage: Stage, sdk: Sdk, one: Case): Promise<Outcome> {
  const { client, service } = stage
  const invoked = client.send(
    new InvokeCommand({
      FunctionName: functionOf(sdk, one),
      Qualifier: '$LATEST',
      InvocationType: one.outside ? 'Event' : 'RequestResponse',
      Payload: JSON.stringify(payloadOf(sdk, one)),
    }),
  )
  const { DurableExecutionArn: arn, Payload } = one.outside
    ? await invoked
    : await service.passUntil(invoked)
  if (arn === undefined) throw new Error('Invoke was answered without the ARN of an execution.')
  if (one.outside) {
    await one.outside(outsideOf(stage, arn))
    while ((await standing(client, arn)).Status === 'RUNNING') {
      await service.quiet()
      service.moveOn()
    }
  }
  await service.quiet()
  const { Status, Result, Error: error } = await standing(client, arn)
  const events = await historyOf(client, arn)
  const answer = Payload?.transformToString()
  if (!one.outside && Status === 'SUCCEEDED' && (answer ?? '') !== (Result ?? '')) {
    throw new Error(
      `Invoke was answered with ${String(answer)}, and the result is ${String(Result)}.`,
    )
  }
  return { status: Status, result: Result, error, events }
}

export function functionOf(sdk: Sdk, { host }: Case): string {
  return host === undefined ? sdk : `${sdk}-${host}`
}

export function payloadOf(sdk: Sdk, { program, input }: Case): unknown {
  return JSON.parse(JSON.stringify({ program, input }).replaceAll('"SDK', `"${sdk}`))
}

function standing(client: LambdaClient, DurableExecutionArn: string) {
  return client.send(new GetDurableExecutionCommand({ DurableExecutionArn }))
}

/** In pages, so that paging is seen to work. */
async function historyOf(client: LambdaClient, DurableExecutionArn: string): Promise<Event[]> {
  const events: Event[] = []
  let Marker: string | undefined
  do {
    const page = await client.send(
      new GetDurableExecutionHistoryCommand({
        DurableExecutionArn,
        IncludeExecutionData: true,
        MaxItems: 7,
        ...(Marker === undefined ? {} : { Marker }),
      }),
    )
    events.push(...(page.Events ?? []))
    Marker = page.NextMarker
  } while (Marker)
  return events
}

function outsideOf({ client, service }: Stage, arn: string): Outside {
  const callbackId = async () => {
    await service.quiet()
    const events = await historyOf(client, arn)
    const started = events.find(({ EventType }) => EventType === 'CallbackStarted')
    return { CallbackId: started?.CallbackStartedDetails?.CallbackId }
  }
  return {
    async succeed(result) {
      const Result = result === undefined ? {} : { Result: Buffer.from(result) }
      const input = { ...(await callbackId()), ...Result }
      await client.send(new SendDurableExecutionCallbackSuccessCommand(input))
    },
    async fail(error) {
      const input = { ...(await callbackId()), Error: error }
      await client.send(new SendDurableExecutionCallbackFailureCommand(input))
    },
    async heartbeat() {
      await client.send(new SendDurableExecutionCallbackHeartbeatCommand(await callbackId()))
    },
    async stop(error) {
      await service.quiet()
      const Error = error ? { Error: error } : {}
      await client.send(new StopDurableExecutionCommand({ DurableExecutionArn: arn, ...Error }))
    },
    async sleep(seconds) {
      await service.quiet()
      await service.sleep(seconds)
    },
  }
}
