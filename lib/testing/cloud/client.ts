import type { ErrorRecord } from '../../kernel/error-record.ts'
import { invalidOption } from '../../kernel/errors.ts'
import type { HistoryEvent } from '../../service/history.ts'

/**
 * The calls that a cloud run needs, by the names and in the shapes of `@aws-sdk/client-lambda`. The
 * SDK's `Lambda` fits as it is; of a `LambdaClient`, which has only `send`, they are made.
 */
export interface CloudCalls {
  invoke(request: {
    readonly FunctionName: string
    readonly Qualifier?: string
    readonly InvocationType: 'Event'
    readonly DurableExecutionName?: string
    readonly Payload: Uint8Array
  }): Promise<{ readonly DurableExecutionArn?: string | undefined }>
  getDurableExecution(request: { readonly DurableExecutionArn: string }): Promise<{
    readonly Status?: string | undefined
    readonly Result?: string | undefined
    readonly Error?: ErrorRecord | undefined
  }>
  getDurableExecutionHistory(request: {
    readonly DurableExecutionArn: string
    readonly IncludeExecutionData: true
    readonly MaxItems: number
    readonly Marker?: string
  }): Promise<{
    readonly Events?: readonly object[] | undefined
    readonly NextMarker?: string | undefined
  }>
  sendDurableExecutionCallbackSuccess(request: {
    readonly CallbackId: string
    readonly Result?: Uint8Array
  }): Promise<unknown>
  sendDurableExecutionCallbackFailure(request: {
    readonly CallbackId: string
    readonly Error: { readonly ErrorType: string; readonly ErrorMessage: string }
  }): Promise<unknown>
  sendDurableExecutionCallbackHeartbeat(request: { readonly CallbackId: string }): Promise<unknown>
  stopDurableExecution(request: {
    readonly DurableExecutionArn: string
    readonly Error?: { readonly ErrorType: string; readonly ErrorMessage: string }
  }): Promise<unknown>
}

/** A `LambdaClient` of the AWS SDK, or anything that can `send` its commands. */
export interface CommandClient {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the SDK's `send` is generic in its commands
  send(command: any): Promise<unknown>
}

export type CloudClient = CloudCalls | CommandClient

const names = [
  'invoke',
  'getDurableExecution',
  'getDurableExecutionHistory',
  'sendDurableExecutionCallbackSuccess',
  'sendDurableExecutionCallbackFailure',
  'sendDurableExecutionCallbackHeartbeat',
  'stopDurableExecution',
] as const satisfies readonly (keyof CloudCalls)[]

/** The calls of a client. Throws INVALID_OPTION for what is none. */
export function callsOf(client: CloudClient): CloudCalls {
  if (names.every((name) => isCallable(client, name))) return client as CloudCalls
  if (!isCallable(client, 'send')) {
    throw invalidOption('client', 'a LambdaClient, or an object with the calls of one', client)
  }
  const sender = client as CommandClient
  let maker: Promise<(name: (typeof names)[number], request: object) => object> | undefined
  const call = async (name: (typeof names)[number], request: object): Promise<never> => {
    // Imported when first used: nobody who tests on virtual time needs the AWS SDK.
    maker ??= import('../../lambda/aws-client.ts').then(({ commandMaker }) => commandMaker())
    return (await sender.send((await maker)(name, request))) as never
  }
  return {
    invoke: (request) => call('invoke', request),
    getDurableExecution: (request) => call('getDurableExecution', request),
    getDurableExecutionHistory: (request) => call('getDurableExecutionHistory', request),
    sendDurableExecutionCallbackSuccess: (request) =>
      call('sendDurableExecutionCallbackSuccess', request),
    sendDurableExecutionCallbackFailure: (request) =>
      call('sendDurableExecutionCallbackFailure', request),
    sendDurableExecutionCallbackHeartbeat: (request) =>
      call('sendDurableExecutionCallbackHeartbeat', request),
    stopDurableExecution: (request) => call('stopDurableExecution', request),
  }
}

function isCallable(client: unknown, name: string): boolean {
  const held = client as Partial<Record<string, unknown>> | null | undefined
  return typeof held?.[name] === 'function'
}

/** Events as the rest of the kit reads them. */
export function eventsIn(events: readonly object[] | undefined): readonly HistoryEvent[] {
  return (events ?? []) as readonly HistoryEvent[]
}
