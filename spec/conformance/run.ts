// The command: npm run conformance -- DIR [--suite step …] [--handlers DIR] [--http]

import { fileURLToPath } from 'node:url'

import { Command, CommanderError } from 'commander'

import { examine, type Report } from './conformance.ts'
import { embeddedStage } from './embedded-stage.ts'
import { loadHandlers } from './load-handlers.ts'
import { readRequirements } from './read-requirements.ts'
import { closingCount, details, exitCode, table } from './report.ts'

interface Options {
  suite: string[]
  handlers: string
  http: boolean
  allowUncovered: boolean
  verbose: boolean
}

const command = new Command('conformance')
  .description('Run requirement files of durable functions against perdure and its service.')
  .argument('[dir]', 'a folder of suites, one suite, or one file')
  .option('--suite <name...>', 'only these suites', [])
  .option('--handlers <dir>', 'modules with the handlers', defaultHandlers())
  .option('--http', 'reach the service over HTTP, by the AWS client', false)
  .option('--allow-uncovered', 'do not mind requirements without a handler', false)
  .option('--verbose', 'show the history and the output of each case that failed', false)
  .addHelpText('after', '\nExit code: 0 passed, 1 failed, 2 could not begin, 3 only uncovered ids.')
  .exitOverride()

const code = await main(process.argv)
// A handler may have left timers and sockets behind; the run is over all the same.
process.stdout.write('', () => process.exit(code))

async function main(argv: readonly string[]): Promise<number> {
  try {
    command.parse(argv)
    const options = command.opts<Options>()
    // Where `--suite` comes first it takes the folder for one more name.
    const place = command.args[0] ?? options.suite.pop()
    if (place === undefined) throw new Error('Expected a folder of requirement files; see --help.')
    return await run(place, options)
  } catch (error) {
    // What is wrong with the command line has been told by then.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    console.error(error instanceof Error ? error.message : error)
    return 2
  }
}

async function run(place: string, options: Options): Promise<number> {
  const requirements = readRequirements(place, options.suite)
  const handlers = await loadHandlers(options.handlers)

  // The AWS client takes its time to load.
  const overHttp = options.http ? await import('./http-stage.ts') : undefined
  const stagehand = overHttp?.httpStage() ?? embeddedStage
  const reports: Report[] = []
  for (const requirement of requirements) {
    reports.push(await examine(requirement, handlers.get(requirement.id), stagehand))
  }
  console.log(table(reports))
  if (options.verbose) {
    const failed = reports.filter(({ outcome }) => /FAILED/.test(outcome))
    console.log(`\n${failed.map(details).join('\n')}`)
  }
  console.log(`\n${closingCount(reports)}`)
  return exitCode(reports, options.allowUncovered)
}

function defaultHandlers(): string {
  return fileURLToPath(new URL('./handlers', import.meta.url))
}
