import type { Command } from 'commander'
import { configurationOf } from '../executions.ts'
import { follow } from '../follow.ts'
import { jsonText } from '../json-option.ts'
import { serviceCommand, type ServiceCall, type ServiceOptions } from '../service-command.ts'
import type { Terminal } from '../terminal.ts'
import { oneLine } from '../views/text.ts'
import type { ErrorView, ExecutionView } from '../views/view.ts'

interface InvokeOptions {
  readonly input?: string
  readonly async?: boolean
  readonly name?: string
  readonly tenant?: string
  readonly qualifier?: string
}

type Call = ServiceCall<InvokeOptions & ServiceOptions>

/** `perdure invoke NAME`: calls a function, and follows the execution that a durable one starts. */
export function invokeCommand(terminal: Terminal): Command {
  return serviceCommand<InvokeOptions>(
    terminal,
    'invoke',
    'call a function, follow what it does, and print its result',
    async (call) => {
      const { args, options, remote } = call
      const FunctionName = args[0] ?? ''
      const request = requestOf(FunctionName, options)
      const { DurableConfig } = await configurationOf(remote, FunctionName, options.qualifier)
      await (DurableConfig ? invokeDurable : invokePlain)(call, request)
    },
  )
    .argument('<function>', 'name or ARN')
    .option('--input <json>', 'what it is called with: JSON, @FILE, or - for what is piped in')
    .option('--async', 'do not wait for the end')
    .option('--name <name>', 'name of the execution; the same name and input start it only once')
    .option('--tenant <id>', 'the tenant whom it is for')
    .option('--qualifier <version>', 'a version or an alias')
    .addHelpText(
      'after',
      '\nExit codes: 0 when it succeeded, 1 when it did not, or was not waited for to the end after\n' +
        'Ctrl-C, 2 when it could not be called.',
    )
}

function requestOf(FunctionName: string, { input, name, tenant, qualifier }: InvokeOptions) {
  return {
    FunctionName,
    ...(input === undefined ? {} : { Payload: Buffer.from(jsonText('--input', input)) }),
    ...(name === undefined ? {} : { DurableExecutionName: name }),
    ...(tenant === undefined ? {} : { TenantId: tenant }),
    ...(qualifier === undefined ? {} : { Qualifier: qualifier }),
  }
}

type Request = ReturnType<typeof requestOf>

async function invokePlain({ options, remote, terminal }: Call, request: Request): Promise<void> {
  const InvocationType = options.async ? ('Event' as const) : ('RequestResponse' as const)
  const answer = await remote.call((lambda) => lambda.invoke({ ...request, InvocationType }))
  const payload = answer.Payload === undefined ? '' : Buffer.from(answer.Payload).toString()
  const isFailed = answer.FunctionError !== undefined
  if (isFailed) terminal.exitCode = 1
  if (options.json) {
    const outcome = isFailed ? { error: errorIn(payload) } : { result: payload }
    return void terminal.json({
      status: options.async ? 'STARTED' : isFailed ? 'FAILED' : 'SUCCEEDED',
      ...outcome,
    })
  }
  if (options.async) return void terminal.tell('It is called.')
  if (isFailed) return void terminal.tell(`FAILED  ${errorLine(errorIn(payload))}`)
  if (payload !== '') terminal.print(payload)
}

/** Always asynchronously: the one way in which the start is told before the end. */
async function invokeDurable({ options, remote, terminal }: Call, request: Request): Promise<void> {
  // Lambda starts nothing durable without one.
  const isQualified = /^([^:]+|.*:function:[^:]+):[^:]+$/.test(request.FunctionName)
  const qualified = isQualified ? request : { Qualifier: '$LATEST', ...request }
  const { DurableExecutionArn: arn = '' } = await remote.call((lambda) =>
    lambda.invoke({ ...qualified, InvocationType: 'Event' }),
  )
  const name = /\/durable-execution\/([^/]+)\//.exec(arn)?.[1] ?? arn
  if (options.async) {
    if (options.json) return void terminal.json({ arn, name, status: 'RUNNING' })
    terminal.tell(`Started ${name}: perdure explain ${name}${remote.flags}`)
    return void terminal.print(arn)
  }
  const isQuiet = options.json === true
  if (!isQuiet) terminal.tell(`Started ${name}.`)
  const view = await follow(arn, { remote, terminal, isQuiet })
  if (view === undefined) {
    terminal.tell(`${name} goes on. Look again: perdure explain ${name}${remote.flags}`)
    terminal.exitCode = 1
    return
  }
  report(view, options, terminal)
}

function report({ execution }: ExecutionView, { json }: ServiceOptions, terminal: Terminal): void {
  const { status, result, error } = execution
  if (status !== 'SUCCEEDED') terminal.exitCode = 1
  if (json) return terminal.json(execution)
  if (status !== 'SUCCEEDED') {
    return terminal.tell(`${status}  ${errorLine(error ?? { message: 'without an error' })}`)
  }
  if (result !== undefined) terminal.print(result)
}

function errorIn(payload: string): ErrorView {
  try {
    const { errorType, errorMessage = payload } = JSON.parse(payload) as {
      errorType?: string
      errorMessage?: string
    }
    return { ...(errorType === undefined ? {} : { type: errorType }), message: errorMessage }
  } catch {
    return { message: payload }
  }
}

function errorLine({ type, message }: ErrorView): string {
  return oneLine(type === undefined ? message : `${type}: ${message}`)
}
