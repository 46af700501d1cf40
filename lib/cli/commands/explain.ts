import type { Command } from 'commander'
import { listExecutions, viewExecution } from '../executions.ts'
import type { Remote } from '../remote.ts'
import { executionArgument, serviceCommand } from '../service-command.ts'
import type { Terminal } from '../terminal.ts'
import { explain, formatExplanation, type Explanation } from '../views/explain.ts'

const mostAtOnce = 20

/** `perdure explain [EXEC]`: in one sentence, what it waits for, since when, and what will wake it. */
export function explainCommand(terminal: Terminal): Command {
  return serviceCommand(
    terminal,
    'explain',
    'say in one sentence what an execution waits for, since when, and what will wake it',
    async ({ args: [execution], options: { json }, remote }) => {
      if (execution !== undefined) {
        const explanation = await explained(remote, execution)
        return json
          ? void terminal.json(explanation)
          : void terminal.print(...formatExplanation(explanation))
      }
      const running = await listExecutions(remote, { statuses: ['RUNNING'] })
      const all: Explanation[] = []
      for (const one of running.slice(0, mostAtOnce)) {
        all.push(await explained(remote, one.DurableExecutionArn))
      }
      if (json) return void terminal.json(all)
      if (all.length === 0) return void terminal.tell('No execution is running.')
      terminal.print(...all.flatMap(formatExplanation))
      const more = running.length - all.length
      if (more > 0) terminal.tell(`${more} more are running: name one, or see \`perdure list\`.`)
    },
  ).argument('[execution]', `${executionArgument}; each that runs, when left out`)
}

async function explained(remote: Remote, execution: string): Promise<Explanation> {
  return explain(await viewExecution(remote, execution), { flags: remote.flags })
}
