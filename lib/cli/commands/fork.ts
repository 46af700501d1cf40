import type { Command } from 'commander'
import { errorOption } from '../error-option.ts'
import { viewExecution } from '../executions.ts'
import { jsonText } from '../json-option.ts'
import { executionArgument, serviceCommand } from '../service-command.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import { flat, type ExecutionView, type OperationView } from '../views/view.ts'

interface ForkOptions {
  readonly from: string
  readonly answer?: string
  readonly error?: string
  readonly name?: string
}

/** `perdure fork EXEC --from OPERATION`: what would have happened. */
export function forkCommand(terminal: Terminal): Command {
  return serviceCommand<ForkOptions>(
    terminal,
    'fork',
    'start a new execution from an operation of an old one; local service only',
    async ({ args: [execution = ''], options, remote }) => {
      const { from, answer, error, name, json } = options
      if (answer !== undefined && error !== undefined) {
        throw new UsageError(
          '--answer and --error exclude each other: an operation ends in one way.',
        )
      }
      const { admin } = remote
      const view = await viewExecution(remote, execution)
      const isAnswered = answer !== undefined || error !== undefined
      const operation = answeredPart(operationIn(view, from), isAnswered)
      const made = (await admin.post(
        `executions/${encodeURIComponent(view.execution.arn ?? '')}/fork`,
        {
          OperationId: operation.id,
          ...(isAnswered ? { IsAnswered: true } : {}),
          ...(answer === undefined ? {} : { Result: jsonText('--answer', answer) }),
          ...(error === undefined ? {} : { Error: errorOption(error) }),
          ...(name === undefined ? {} : { DurableExecutionName: name }),
        },
      )) as { readonly DurableExecutionArn: string }
      const arn = made.DurableExecutionArn
      if (json) return void terminal.json({ arn, from: operation.id })
      const forked = /\/durable-execution\/([^/]+)\//.exec(arn)?.[1] ?? arn
      terminal.tell(
        `${forked} goes on from ${operation.words} (${operation.id}) of ${view.execution.name ?? ''}: ` +
          `perdure show ${forked}${remote.flags}`,
      )
      terminal.print(arn)
    },
  )
    .argument('<execution>', executionArgument)
    .requiredOption('--from <operation>', 'name or id of the operation; it begins anew')
    .option('--answer <json>', 'or ends with this result: JSON, @FILE, or -')
    .option('--error <type: message>', 'or ends with this error')
    .option('--name <name>', 'name of the new execution')
}

function operationIn({ execution, operations }: ExecutionView, wanted: string): OperationView {
  const all = [...flat(operations)]
  const byId = all.find(({ id }) => id === wanted)
  const named = all.filter(({ name }) => name === wanted)
  const [found, ...others] = byId ? [byId] : named
  if (found && others.length === 0) return found
  const list = (found ? named : all).slice(0, 20).map(({ id, words }) => `  ${id}  ${words}`)
  const what = found
    ? `${named.length} operations are called ${JSON.stringify(wanted)}: name one by its id.`
    : `${execution.name ?? 'The execution'} has no operation ${JSON.stringify(wanted)}.`
  throw new UsageError([what, ...list].join('\n'))
}

/** It is the callback in a `waitForCallback` that is answered. */
function answeredPart(operation: OperationView, isAnswered: boolean): OperationView {
  if (!isAnswered || operation.subType !== 'WaitForCallback') return operation
  return operation.children.find(({ type }) => type === 'CALLBACK') ?? operation
}
