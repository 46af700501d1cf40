import { Command } from 'commander'
import { rehearse, type Rehearsed } from '../../testing/rehearsal.ts'
import type { CallbackAnswer, Scenario } from '../../testing/scenario.ts'
import { formatInvocation } from '../../testing/transcript.ts'
import { loadWorkflow } from '../load-workflow.ts'
import { UsageError } from '../usage-error.ts'

interface RunOptions {
  readonly input?: unknown
  readonly handler: string
  readonly callback: Readonly<Record<string, CallbackAnswer>>
  readonly crash?: readonly string[]
}

/** `perdure run FILE`: a workflow from start to end on the embedded service, on virtual time. */
export function runCommand(): Command {
  return new Command('run')
    .description('run a workflow on the embedded service, on virtual time, and show what happens')
    .argument('[file]', 'module that exports a handler', 'samples/checkout.ts')
    .option('--input <json>', 'input of the execution', (text) => parseJson('--input', text))
    .option('--handler <export>', 'name of the export', 'handler')
    .option('--callback <name=json>', 'answer a callback (repeatable)', collectCallback, {})
    .option('--crash <step...>', 'end the invocation right after this step is done, once')
    .action(async (file: string, options: RunOptions) => {
      const { handler, scenario } = await loadWorkflow(file, options.handler)
      const world: Scenario = {
        ...scenario,
        ...('input' in options ? { input: options.input } : {}),
        ...(options.crash ? { crashes: options.crash } : {}),
        callbacks: { ...scenario.callbacks, ...options.callback },
      }
      console.log(`${file} with ${JSON.stringify(world.input ?? null)}\n`)
      const rehearsed = await rehearse(handler, world, (transcript) => {
        console.log(`${formatInvocation(transcript).join('\n')}\n`)
      })
      console.log(describe(rehearsed))
      if (rehearsed.status !== 'SUCCEEDED') process.exitCode = 1
    })
}

function describe({ status, result, error, unanswered }: Rehearsed): string {
  switch (status) {
    case 'SUCCEEDED':
      return `SUCCEEDED  ${result ?? 'without a result'}`
    case 'RUNNING': {
      const names = unanswered.map((name) => JSON.stringify(name)).join(', ')
      return (
        `Nothing more can happen: callback ${names} has no answer.\n` +
        `Give it one: --callback ${unanswered[0] ?? 'NAME'}='{"ok":true}'`
      )
    }
    default:
      return `${status}  ${error?.ErrorType ?? 'Error'}: ${error?.ErrorMessage ?? ''}`
  }
}

function collectCallback(
  text: string,
  others: Readonly<Record<string, CallbackAnswer>>,
): Readonly<Record<string, CallbackAnswer>> {
  const [, name, json] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || json === undefined) {
    throw new UsageError(`--callback takes name=json, such as approve='{"ok":true}', got ${text}`)
  }
  return { ...others, [name]: { succeed: parseJson('--callback', json) } }
}

function parseJson(option: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    const reason = (error as Error).message
    throw new UsageError(`${option} takes JSON, such as '{"total":42}' or '"text"': ${reason}`)
  }
}
