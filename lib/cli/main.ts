#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { version } from '../kernel/version.ts'
import { runCommand } from './commands/run.ts'
import { verifyCommand } from './commands/verify.ts'
import { UsageError } from './usage-error.ts'

const program = new Command('perdure')
  .description('Durable AWS Lambda workflows as plain generator functions')
  .version(version)
  .addCommand(runCommand())
  .addCommand(verifyCommand())

// Exit codes: 0 when all went well, 1 when a workflow did not, 2 when there was nothing to run.
for (const command of [program, ...program.commands]) {
  command.showHelpAfterError('(--help shows what there is)').exitOverride()
}

// Not awaited: Node has words of its own for a module that never ends.
program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2
  } else if (error instanceof UsageError) {
    console.error(error.message)
    process.exitCode = 2
  } else {
    throw error
  }
})
