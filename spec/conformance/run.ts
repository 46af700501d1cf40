// The command: npm run conformance -- DIR [--suite step …] [--handlers DIR] [--http]

import { fileURLToPath } from 'node:url'

import { Command, CommanderError } from 'commander'

import { examine, type Report } from './conformance.ts'
import { embeddedStage } from './embedded-stage.ts'
import { loadHandlers } from './load-handlers.ts'
import { readRequirements } from './read-requirements.ts'
import { closingCount, details, exitCode, table } from './report.ts'
import type { Stagehand } from './stage.ts'

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
  .option('--http', 'by the local service: its HTTP API, and functions in processes', false)
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

  const reports = options.http
    ? await overHttp((stagehand) => examineAll(stagehand))
    : await examineAll(embeddedStage)
  console.log(table(reports))
  if (options.verbose) {
    const failed = reports.filter(({ outcome }) => /FAILED/.test(outcome))
    console.log(`\n${failed.map(details).join('\n')}`)
  }
  console.log(`\n${closingCount(reports)}`)
  return exitCode(reports, options.allowUncovered)

  async function examineAll(stagehand: Stagehand): Promise<Report[]> {
    const examined: Report[] = []
    for (const requirement of requirements) {
      examined.push(await examine(requirement, handlers.get(requirement.id), stagehand))
    }
    return examined
  }
}

async function overHttp<T>(play: (stagehand: Stagehand) => Promise<T>): Promise<T> {
  // Which Node runs this is nothing that a requirement could be about.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  // The AWS client takes its time to load.
  const { httpStage } = await import('./http-stage.ts')
  const { ProcessHouses } = await import('./process-houses.ts')
  const houses = new ProcessHouses()
  try {
    return await play(httpStage(houses.open))
  } finally {
    await houses.close()
  }
}

function defaultHandlers(): string {
  return fileURLToPath(new URL('./handlers', import.meta.url))
}
