import type { Command } from 'commander'
import { viewExecution } from '../executions.ts'
import { executionArgument, serviceCommand } from '../service-command.ts'
import type { Terminal } from '../terminal.ts'
import { formatShow } from '../views/show.ts'

interface ShowOptions {
  readonly whole?: boolean
  readonly invocations?: boolean
}

/** `perdure show EXEC`: how it stands, and its operations as a tree with times. */
export function showCommand(terminal: Terminal): Command {
  return serviceCommand<ShowOptions>(
    terminal,
    'show',
    'show an execution: how it stands, and its operations as a tree with times',
    async ({ args: [execution = ''], options: { json, whole, invocations }, remote }) => {
      const longest = whole ? { longest: Infinity } : {}
      const view = await viewExecution(remote, execution, longest)
      if (json) return void terminal.json(view)
      const lines = formatShow(view, {
        isColoured: terminal.isColoured,
        withInvocations: invocations ?? false,
        isWhole: whole ?? false,
      })
      terminal.print(...lines)
    },
  )
    .argument('<execution>', executionArgument)
    .option('--whole', 'every operation, and payloads uncut with --json')
    .option('--invocations', 'list its invocations, too')
}
