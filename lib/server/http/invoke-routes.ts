import type { Clock } from '../../kernel/clock.ts'
import { limits } from '../../kernel/limits.ts'
import type { InvokeRequest, InvokeResponse } from '../../service/api.ts'
import { Refusal } from '../../service/refusal.ts'
import type { Answer } from './answer.ts'
import { readText } from './body.ts'
import type { HttpContext } from './http-env.ts'
import type { LambdaApiOptions } from './options.ts'
import type { Route } from './route.ts'
import { readQuery } from './query.ts'
import { fitted } from './shape.ts'
import { invokeParameters, type InvokeParameters } from './shapes.ts'

/** How long Lambda lets a caller wait for an execution. The execution itself goes on. */
const patienceSeconds = 900

/** The service has its own word for what is a little too large. */
const mostBytes = limits.executionPayloadBytes + 64 * 1024

type InvokePorts = Pick<LambdaApiOptions, 'service' | 'logTail'> & { readonly clock: Clock }

/** Invoke, of all three types. */
export function invokeRoutes({ service, clock, logTail }: InvokePorts): Route[] {
  return [
    {
      method: 'POST',
      path: '/2015-03-31/functions/:name/invocations',
      async call(c) {
        const { LogType, ...parameters } = parametersOf(c)
        const Payload = await readText(c.env.incoming, mostBytes)
        const FunctionName = c.req.param('name') ?? ''
        const isGone = new Promise<void>((resolve) => c.env.outgoing.once('close', resolve))
        const response = await patiently({ FunctionName, ...parameters, Payload }, isGone)
        const { RequestId } = response
        const isTold = LogType === 'Tail' && RequestId !== undefined
        return answerOf(response, isTold ? await logTail?.(RequestId) : undefined)
      },
    },
  ]

  /** Answers when the execution has ended, or in time; not at all once the caller is gone. */
  async function patiently(request: InvokeRequest, isGone: Promise<void>): Promise<InvokeResponse> {
    let giveUp: (response: InvokeResponse) => void = () => {}
    const impatient = new Promise<InvokeResponse>((resolve) => (giveUp = resolve))
    let stopWaiting = () => {}
    const answered = service.invoke(request, (started) => {
      const timer = clock.startTimer(patienceSeconds * 1000, () => {
        giveUp({ ...started, StatusCode: 200, FunctionError: 'Unhandled', Payload: tookTooLong })
      })
      stopWaiting = () => timer.cancel()
      void isGone.then(stopWaiting)
    })
    try {
      return await Promise.race([answered, impatient])
    } finally {
      stopWaiting()
    }
  }
}

const tookTooLong = JSON.stringify({
  errorType: 'Sandbox.Timedout',
  errorMessage:
    `The execution did not end within ${patienceSeconds}.00 seconds, the longest that a ` +
    'synchronous invocation can take. It goes on.',
})

function parametersOf(c: HttpContext): InvokeParameters {
  const { headers, url = '' } = c.env.incoming
  return fitted(
    {
      ...readQuery(url, { Qualifier: 'text' }),
      InvocationType: headers['x-amz-invocation-type'],
      DurableExecutionName: headers['x-amz-durable-execution-name'],
      TenantId: headers['x-amz-tenant-id'],
      LogType: headers['x-amz-log-type'],
      ClientContext: clientContextIn(headers['x-amz-client-context']),
    },
    invokeParameters,
  )
}

function answerOf(response: InvokeResponse, log: string | undefined): Answer {
  const { StatusCode: status, ExecutedVersion, DurableExecutionArn, FunctionError } = response
  const { RequestId, Payload } = response
  const members = {
    'x-amzn-requestid': RequestId,
    'X-Amz-Executed-Version': ExecutedVersion,
    'X-Amz-Durable-Execution-Arn': DurableExecutionArn,
    'X-Amz-Function-Error': FunctionError,
    'X-Amz-Log-Result': log === undefined ? undefined : Buffer.from(log).toString('base64'),
  }
  const headers: Record<string, string> = { 'Content-Type': 'application/json' }
  for (const [name, value] of Object.entries(members))
    if (value !== undefined) headers[name] = value
  return { status, headers, body: status === 204 ? undefined : Payload }
}

/** JSON, as base64 in its header. */
function clientContextIn(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string') return undefined
  const text = Buffer.from(header, 'base64').toString()
  try {
    JSON.parse(text)
    return text
  } catch {
    throw new Refusal(
      'InvalidRequestContentException',
      'Client context must be a valid Base64-encoded JSON object.',
    )
  }
}
