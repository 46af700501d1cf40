import { Command } from 'commander'
import { errorOption } from '../error-option.ts'
import { findExecution, isArn, readExecution } from '../executions.ts'
import { jsonText } from '../json-option.ts'
import type { Remote } from '../remote.ts'
import { serviceCommand, type ServiceCall } from '../service-command.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import { executionView } from '../views/execution-view.ts'
import { flat, type CallbackView } from '../views/view.ts'

interface CallbackOptions {
  readonly name?: string
  readonly result?: string
  readonly error?: string
}

type Call = ServiceCall<CallbackOptions & { readonly json?: boolean }>

/** `perdure callback succeed|fail|heartbeat`: what the outside world says to an execution. */
export function callbackCommand(terminal: Terminal): Command {
  const succeed = answering('succeed', 'answer a callback', ({ options, remote }) => {
    const text = options.result === undefined ? undefined : jsonText('--result', options.result)
    const result = text === undefined ? {} : { Result: Buffer.from(text) }
    return (CallbackId) =>
      remote.call((lambda) => lambda.sendDurableExecutionCallbackSuccess({ CallbackId, ...result }))
  }).option('--result <json>', 'the answer: JSON, @FILE, or - for what is piped in')

  const fail = answering('fail', 'answer a callback with an error', ({ options, remote }) => {
    const Error = errorOption(options.error ?? 'The callback failed')
    return (CallbackId) =>
      remote.call((lambda) => lambda.sendDurableExecutionCallbackFailure({ CallbackId, Error }))
  }).option('--error <type: message>', 'the error, such as "Declined: not enough money"')

  const heartbeat = answering('heartbeat', 'give a sign of life', ({ remote }) => {
    return (CallbackId) =>
      remote.call((lambda) => lambda.sendDurableExecutionCallbackHeartbeat({ CallbackId }))
  })

  return new Command('callback')
    .description('answer a callback that an execution waits for')
    .addCommand(succeed)
    .addCommand(fail)
    .addCommand(heartbeat)

  function answering(
    name: string,
    description: string,
    /** Reads what is to be sent, before anybody is asked which callback is meant. */
    prepare: (call: Call) => (id: string) => Promise<unknown>,
  ): Command {
    return serviceCommand<CallbackOptions>(terminal, name, description, async (call) => {
      const { args, options, remote } = call
      const send = prepare(call)
      const { id, words } = await callbackOf(remote, args[0] ?? '', options.name)
      await send(id)
      if (options.json) terminal.json({ callbackId: id, sent: name })
      else terminal.print(`${words}: ${said[name] ?? name}.`)
    })
      .argument('<callback>', 'its id; or the execution that waits for it')
      .option('--name <name>', 'name of the callback, where the execution waits for several')
  }
}

const said: Readonly<Record<string, string>> = {
  succeed: 'answered',
  fail: 'answered with an error',
  heartbeat: 'gave a sign of life',
}

/** Ids are longer than any name. */
const longestName = 64

async function callbackOf(
  remote: Remote,
  text: string,
  name: string | undefined,
): Promise<{ readonly id: string; readonly words: string }> {
  if (text.length > longestName && !isArn(text)) return { id: text, words: 'The callback' }
  const arn = await findExecution(remote, text)
  const view = executionView(await readExecution(remote, arn), { now: await remote.now() })
  const all = [...flat(view.operations)].flatMap(({ callback, standing }) =>
    callback ? [{ ...callback, isOpen: standing === 'open' }] : [],
  )
  const { name: executionName = text, status } = view.execution
  const open = all.filter(({ isOpen }) => isOpen)
  const wanted = name === undefined ? open : open.filter((one) => one.name === name)
  const [found, ...others] = wanted
  if (found && others.length === 0) {
    return { id: found.id, words: `Callback ${JSON.stringify(found.name)} of ${executionName}` }
  }
  if (found) {
    throw new UsageError(
      `${executionName} waits for ${wanted.length} callbacks: say which by --name, or by its id.\n` +
        wanted.map(lineOf).join('\n'),
    )
  }
  const past = all.find((one) => name === undefined || one.name === name)
  const what = name === undefined ? 'no callback' : `no callback ${JSON.stringify(name)}`
  const why =
    open.length > 0
      ? ` It waits for\n${open.map(lineOf).join('\n')}`
      : past
        ? ` The last one, ${JSON.stringify(past.name)}, is over.`
        : ''
  throw new UsageError(`${executionName}, which is ${status}, waits for ${what}.${why}`)
}

function lineOf({ name, id }: CallbackView): string {
  return `  ${name}  ${id}`
}
