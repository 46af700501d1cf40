import { readFileSync, writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { isPerdureError } from '../../kernel/errors.ts'
import { formatPage, formatVerification } from '../../testing/verify/format.ts'
import { verify, type Verification } from '../../testing/verify/verify.ts'
import { loadWorkflowOrHandler } from '../load-workflow.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'

interface VerifyCommandOptions {
  readonly workflow: string
  readonly json?: boolean
  readonly out?: string
}

/** `perdure verify FILE…`: recorded executions, replayed against the code as it is now. */
export function verifyCommand(terminal: Terminal): Command {
  return new Command('verify')
    .description(
      'replay recorded executions against a workflow as it is now, and show what differs',
    )
    .argument('<file...>', 'histories: JSON of the AWS CLI or the console, one or several a file')
    .requiredOption('--workflow <module#export>', 'a workflow, or the handler of one')
    .option('--json', 'show the whole report as JSON')
    .option('--out <file>', 'write the report to a file, as Markdown, or as JSON with --json')
    .addHelpText(
      'after',
      '\nA file has what get-durable-execution-history --include-execution-data answered, or the event of\n' +
        'an invocation; one history, or several as JSON lines or in an array. No body of a step is run.\n' +
        '\nExit codes: 0 when every execution may go on with this code, 1 when one may not, 2 when there\n' +
        'was nothing to verify.',
    )
    .action(async (files: readonly string[], options: VerifyCommandOptions) => {
      const workflow = await loadWorkflowOrHandler(options.workflow)
      const texts = Object.fromEntries(files.map((file) => [file, textOf(file)]))
      const verification = await verify(workflow, texts).catch((error: unknown) => {
        if (!isPerdureError(error, 'INVALID_OPTION')) throw error
        throw new UsageError(`${options.workflow} is nothing to verify. ${error.message}`)
      })
      if (options.out !== undefined) write(options.out, reportOf(verification, options))
      terminal.print(
        options.json === true && options.out === undefined
          ? asJson(verification)
          : formatVerification(verification).join('\n'),
      )
      if (!verification.isSafe) terminal.exitCode = 1
    })
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
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
