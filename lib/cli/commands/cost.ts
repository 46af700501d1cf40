import { Option, type Command } from 'commander'
import { configurationOf, findExecution, functionNameIn, viewExecution } from '../executions.ts'
import { wholeNumber } from '../numbers.ts'
import { executionArgument, serviceCommand } from '../service-command.ts'
import type { Terminal } from '../terminal.ts'
import { costOf, formatCost } from '../views/cost.ts'

interface CostCommandOptions {
  readonly memory?: number
  readonly arch?: 'x86_64' | 'arm64'
  readonly retention?: number
}

/** `perdure cost EXEC`: what it used, and what a million like it would cost. */
export function costCommand(terminal: Terminal): Command {
  return serviceCommand<CostCommandOptions>(
    terminal,
    'cost',
    'say what an execution used, and what a million like it would cost on Lambda',
    async ({ args: [execution = ''], options, remote }) => {
      const arn = await findExecution(remote, execution)
      const view = await viewExecution(remote, arn)
      const counted =
        remote.endpoint === undefined
          ? undefined
          : ((await remote.admin.get(`executions/${encodeURIComponent(arn)}/usage`)) as {
              readonly checkpoints: number
            })
      const configuration = await configurationOf(remote, functionNameIn(arn))
      const memory = options.memory ?? configuration.MemorySize
      const cost = costOf(view, {
        ...(memory === undefined ? {} : { memoryMegabytes: memory }),
        ...(options.arch === undefined ? {} : { architecture: options.arch }),
        ...(options.retention === undefined ? {} : { retentionDays: options.retention }),
        ...(counted === undefined ? {} : { checkpointCalls: counted.checkpoints }),
      })
      if (options.json) return void terminal.json(cost)
      terminal.print(...formatCost(cost))
    },
  )
    .argument('<execution>', executionArgument)
    .option('--memory <megabytes>', 'of the function; as it has', (text) =>
      wholeNumber('--memory', text),
    )
    .addOption(new Option('--arch <architecture>', 'of the function').choices(['x86_64', 'arm64']))
    .option('--retention <days>', 'days that it is kept', (text) =>
      wholeNumber('--retention', text),
    )
}
