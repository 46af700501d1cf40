import { readFileSync, writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { isPerdureError } from '../../kernel/errors.ts'
import { formatPage, formatVerification } from '../../testing/verify/format.ts'
import { verify, type Verification } from '../../testing/verify/verify.ts'
import { findExecution, listExecutions, readExecution } from '../executions.ts'
import { loadWorkflowOrHandler } from '../load-workflow.ts'
import { Remote, withRemote } from '../remote.ts'
import type { ServiceOptions } from '../service-command.ts'
import { subjectOf } from '../subject.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'

interface VerifyCommandOptions extends ServiceOptions {
  readonly workflow?: string
  readonly out?: string
  readonly execution?: readonly string[]
  readonly function?: string
}

/** `perdure verify`: recorded executions, replayed against the code as it is now. */
export function verifyCommand(terminal: Terminal): Command {
  const command = new Command('verify')
    .description(
      'replay recorded executions against a workflow as it is now, and show what differs',
    )
    .argument('[file...]', 'histories: JSON of the AWS CLI or the console; - for what is piped in')
    .option('--workflow <module#export>', 'a workflow, or the handler of one')
    .option('--execution <execution...>', 'executions of the service, instead of files')
    .option('--function <name>', 'all executions of a function of the service, instead of files')
    .option('--out <file>', 'write the report to a file, as Markdown, or as JSON with --json')
    .addHelpText(
      'after',
      '\nA file has what get-durable-execution-history --include-execution-data answered, or the event of\n' +
        'an invocation; one history, or several as JSON lines or in an array. No body of a step is run.\n' +
        'Of what the local service hosts, --workflow may be left out.\n' +
        '\nExit codes: 0 when every execution may go on with this code, 1 when one may not, 2 when there\n' +
        'was nothing to verify.',
    )
  return withRemote(command).action(
    async (files: readonly string[], options: VerifyCommandOptions) => {
      const { histories, subject } = await historiesOf(files, options, terminal)
      const workflow = await loadWorkflowOrHandler(subject)
      const verification = await verify(workflow, histories).catch((error: unknown) => {
        if (!isPerdureError(error, 'INVALID_OPTION')) throw error
        throw new UsageError(`${subject} is nothing to verify. ${error.message}`)
      })
      if (options.out !== undefined) write(options.out, reportOf(verification, options))
      terminal.print(
        options.json === true && options.out === undefined
          ? asJson(verification)
          : formatVerification(verification).join('\n'),
      )
      if (!verification.isSafe) terminal.exitCode = 1
    },
  )
}

interface Given {
  readonly histories: Readonly<Record<string, unknown>>
  readonly subject: string
}

async function historiesOf(
  files: readonly string[],
  options: VerifyCommandOptions,
  terminal: Terminal,
): Promise<Given> {
  const { workflow, execution = [], function: functionName } = options
  const isRemote = execution.length > 0 || functionName !== undefined
  if (isRemote === files.length > 0) {
    throw new UsageError(
      isRemote
        ? 'Files, --execution and --function exclude each other.'
        : 'Name files with histories, or executions: --execution NAME, --function NAME.',
    )
  }
  if (!isRemote) {
    if (workflow === undefined) throw new UsageError('Name the workflow: --workflow MODULE#EXPORT.')
    const histories = Object.fromEntries(files.map((file) => [file, textOf(file)]))
    return { histories, subject: workflow }
  }
  const remote = new Remote(options, terminal.env)
  const named = await Promise.all(execution.map((text) => findExecution(remote, text)))
  const listed = functionName === undefined ? [] : await listExecutions(remote, { functionName })
  const arns = [...named, ...listed.map((one) => one.DurableExecutionArn)]
  const [first] = arns
  if (first === undefined) throw new UsageError(`${functionName ?? ''} has no execution yet.`)
  const histories: Record<string, unknown> = {}
  for (const arn of arns) {
    const name = /\/durable-execution\/([^/]+)\//.exec(arn)?.[1] ?? arn
    histories[name in histories ? arn : name] = await readExecution(remote, arn)
  }
  return { histories, subject: await subjectOf(remote, first, workflow) }
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`)
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${(error as Error).message}`)
  }
}

function reportOf(verification: Verification, { json }: VerifyCommandOptions): string {
  return json === true ? `${asJson(verification)}\n` : formatPage(verification)
}

function asJson(verification: Verification): string {
  return JSON.stringify(verification, null, 2)
}
