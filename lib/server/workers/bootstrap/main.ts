import { systemClock } from '../../../kernel/clock.ts'
import { callHandler, errorReport, type Handler, type HandlerContext } from './call-handler.ts'
import { loadHandler } from './load-handler.ts'
import {
  next,
  postError,
  postResponse,
  type ErrorReport,
  type Invocation,
} from './runtime-client.ts'

// The process of a function that is a module: `main.js FILE EXPORT`. It loads the handler and takes
// invocations, one after the other, until the service is gone.

let requestId: string | undefined
let isLoaded = false

/** What nobody caught has broken the process: the service is told why, and then it ends. */
async function breakDown(report: ErrorReport, status: number): Promise<never> {
  say(`${report.errorType}: ${report.errorMessage}`, report)
  if (requestId !== undefined || !isLoaded) await postError(requestId, report).catch(() => {})
  process.exit(status)
}

process.on('uncaughtException', (error) => void breakDown(errorReport(error), 129))
process.on('unhandledRejection', (reason) => {
  const report = errorReport(reason)
  void breakDown(
    {
      ...report,
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: reason instanceof Error ? String(reason) : report.errorMessage,
    },
    128,
  )
})

for (const stream of [process.stdout, process.stderr]) {
  // Nobody reads any more: the service is gone. As an uncaught exception this would have to be told
  // on the same stream, again and again.
  stream.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(1)
  })
}

async function serve(handler: Handler): Promise<never> {
  for (;;) {
    const invocation = await next().catch(() => process.exit(0))
    requestId = invocation.requestId
    if (invocation.traceId) process.env['_X_AMZN_TRACE_ID'] = invocation.traceId
    await answer(handler, invocation).catch(() => process.exit(1))
    requestId = undefined
  }
}

async function answer(handler: Handler, invocation: Invocation): Promise<void> {
  const { requestId, event } = invocation
  const returned = await callHandler(handler, JSON.parse(event), contextOf(invocation))
  const body = returned.ok ? jsonOf(returned.value) : errorReport(returned.error)
  if (typeof body !== 'string') say(`Invoke Error ${body.errorType}: ${body.errorMessage}`, body)
  await written(process.stdout)
  await written(process.stderr)
  if (typeof body === 'string') await postResponse(requestId, body)
  else await postError(requestId, body)
}

function jsonOf(value: unknown): string | ErrorReport {
  try {
    // In a list, what JSON cannot say becomes `null`; so does it as an answer.
    return JSON.stringify([value]).slice(1, -1)
  } catch (error) {
    const { errorMessage, trace } = errorReport(error)
    return {
      errorType: 'Runtime.MarshalError',
      errorMessage: `What the handler returned cannot be written as JSON: ${errorMessage}`,
      trace,
    }
  }
}

/** What was written before an answer arrives before it. */
async function written(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength > 0) await new Promise((resolve) => stream.write('', resolve))
}

function say(what: string, { trace }: ErrorReport): void {
  const [, ...frames] = trace
  process.stderr.write([what, ...frames, ''].join('\n'))
}

function contextOf(invocation: Invocation): HandlerContext {
  const { env } = process
  const { deadline, tenantId, clientContext, identity } = invocation
  return {
    callbackWaitsForEmptyEventLoop: true,
    ...{
      awsRequestId: invocation.requestId,
      functionName: env['AWS_LAMBDA_FUNCTION_NAME'],
      functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'],
      invokedFunctionArn: invocation.functionArn,
      memoryLimitInMB: env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
      logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'],
      logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'],
      ...(tenantId === undefined ? {} : { tenantId }),
      ...(clientContext === undefined
        ? {}
        : { clientContext: JSON.parse(clientContext) as object }),
      ...(identity === undefined ? {} : { identity: JSON.parse(identity) as object }),
      getRemainingTimeInMillis: () => Math.max(0, deadline - systemClock.now()),
    },
  }
}

const [, , file = '', exportName = 'handler'] = process.argv
try {
  const handler = await loadHandler(file, exportName)
  isLoaded = true
  await serve(handler)
} catch (error) {
  await breakDown(errorReport(error), 1)
}
