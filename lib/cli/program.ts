import { Command, CommanderError } from 'commander'
import { isPerdureError } from '../kernel/errors.ts'
import { version } from '../kernel/version.ts'
import { callbackCommand } from './commands/callback.ts'
import { chaosCommand } from './commands/chaos.ts'
import { costCommand } from './commands/cost.ts'
import { doctorCommand } from './commands/doctor.ts'
import { forkCommand } from './commands/fork.ts'
import { graphCommand } from './commands/graph.ts'
import { logsCommand } from './commands/logs.ts'
import { saveCommand } from './commands/save.ts'
import { timeCommand } from './commands/time.ts'
import { completeCommand, completionCommand } from './commands/completion.ts'
import { devCommand } from './commands/dev.ts'
import { explainCommand } from './commands/explain.ts'
import { historyCommand } from './commands/history.ts'
import { invokeCommand } from './commands/invoke.ts'
import { listCommand } from './commands/list.ts'
import { runCommand } from './commands/run.ts'
import { showCommand } from './commands/show.ts'
import { stopCommand } from './commands/stop.ts'
import { verifyCommand } from './commands/verify.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/** Carries out a command line; `args` are what stands behind `perdure`. Answers the exit code. */
export async function perdure(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = programOf(terminal)
  try {
    await program.parseAsync(args, { from: 'user' })
    return terminal.exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!(error instanceof UsageError) && !isPerdureError(error, 'INVALID_ENVELOPE')) throw error
    terminal.tell(error.message)
    return 2
  }
}

/** All commands, in the order in which help lists them. */
function programOf(terminal: Terminal): Command {
  const program = new Command('perdure')
    .description('Durable AWS Lambda workflows as plain generator functions')
    .version(version)
  for (const make of [
    devCommand,
    invokeCommand,
    listCommand,
    showCommand,
    historyCommand,
    logsCommand,
    explainCommand,
    callbackCommand,
    stopCommand,
    timeCommand,
    forkCommand,
    saveCommand,
    costCommand,
    chaosCommand,
    runCommand,
    verifyCommand,
    graphCommand,
    doctorCommand,
    completionCommand,
  ]) {
    program.addCommand(make(terminal))
  }
  program.addCommand(completeCommand(terminal), { hidden: true })
  settle(program, terminal)
  return program
}

function settle(command: Command, terminal: Terminal): void {
  command
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.write(text),
      writeErr: (text) => void terminal.draw(text),
    })
  for (const inner of command.commands) settle(inner, terminal)
}
