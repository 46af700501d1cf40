import type { Command } from 'commander'
import { errorOption } from '../error-option.ts'
import { findExecution } from '../executions.ts'
import { executionArgument, serviceCommand } from '../service-command.ts'
import type { Terminal } from '../terminal.ts'

interface StopOptions {
  readonly error?: string
}

/** `perdure stop EXEC`: ends it from outside. */
export function stopCommand(terminal: Terminal): Command {
  return serviceCommand<StopOptions>(
    terminal,
    'stop',
    'stop an execution: nothing more runs, and nothing is undone',
    async ({ args: [execution = ''], options: { json, error }, remote }) => {
      const DurableExecutionArn = await findExecution(remote, execution)
      const before = await remote.call((lambda) =>
        lambda.getDurableExecution({ DurableExecutionArn, IncludeExecutionData: false }),
      )
      const { StopTimestamp: at } = await remote.call((lambda) =>
        lambda.stopDurableExecution({
          DurableExecutionArn,
          ...(error === undefined ? {} : { Error: errorOption(error) }),
        }),
      )
      if (json)
        return void terminal.json({ arn: DurableExecutionArn, stoppedAt: at?.toISOString() })
      const name = before.DurableExecutionName ?? DurableExecutionArn
      const isLate = before.Status !== 'RUNNING'
      terminal.print(
        isLate ? `${name} was over already: ${before.Status ?? ''}.` : `${name} is stopped.`,
      )
    },
  )
    .argument('<execution>', executionArgument)
    .option('--error <type: message>', 'why, as the error of the execution')
}
