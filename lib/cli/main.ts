#!/usr/bin/env node
import { Command } from 'commander'
import { version } from '../kernel/version.ts'
import { runCommand } from './commands/run.ts'
import { UsageError } from './usage-error.ts'

const program = new Command('perdure')
  .description('Durable AWS Lambda workflows as plain generator functions')
  .version(version)
  .showHelpAfterError()
  .addCommand(runCommand())

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
