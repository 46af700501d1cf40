import type { Command } from 'commander'
import { findExecution, readExecution } from '../executions.ts'
import { executionArgument, serviceCommand } from '../service-command.ts'
import type { Terminal } from '../terminal.ts'
import { eventViews, formatHistory } from '../views/history.ts'

interface HistoryOptions {
  readonly raw?: boolean
}

/** `perdure history EXEC`: its events. */
export function historyCommand(terminal: Terminal): Command {
  return serviceCommand<HistoryOptions>(
    terminal,
    'history',
    'list the events of an execution',
    async ({ args: [execution = ''], options: { json, raw }, remote }) => {
      const source = await readExecution(remote, await findExecution(remote, execution))
      if (raw) {
        const [description, ...pages] = source
        const Events = pages.flatMap((page) => (page as { Events: object[] }).Events)
        return void terminal.json({ ...plain(description), Events })
      }
      const events = eventViews(source)
      if (json) return void terminal.json(events)
      terminal.print(...formatHistory(events, { isColoured: terminal.isColoured }))
    },
  )
    .argument('<execution>', executionArgument)
    .option('--raw', 'the events as the API has them, in one JSON that `verify` and others read')
}

/** What the API answered, without what the client adds. */
function plain(description: object | undefined): object {
  const { $metadata: _, ...rest } = { $metadata: undefined, ...description }
  return rest
}
