import { Command } from 'commander'
import { isPerdureError } from '../../kernel/errors.ts'
import type { RunResult } from '../../testing/runner/result.ts'
import { run } from '../../testing/runner/run.ts'
import type { CallbackAnswer, CallbackScripts, Scenario } from '../../testing/scenario.ts'
import { formatInvocation } from '../../testing/transcript.ts'
import { loadWorkflow } from '../load-workflow.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import { shellWord } from '../views/text.ts'

/** Answers by the callback's name; none where it is to stay without one. */
type Answers = Readonly<Record<string, CallbackAnswer | undefined>>

interface RunOptions {
  readonly input?: unknown
  readonly handler: string
  readonly callback?: Answers
  readonly crash?: readonly string[]
}

/** `perdure run FILE`: a workflow from start to end on the embedded service, on virtual time. */
export function runCommand(terminal: Terminal): Command {
  return new Command('run')
    .description('run a workflow on the embedded service, on virtual time, and show what happens')
    .argument('[file]', 'module that exports a handler', 'samples/checkout.ts')
    .option('--input <json>', 'input of the execution', (text) => parseJson('--input', text))
    .option('--handler <export>', 'name of the export', 'handler')
    .option('--callback <name=json>', 'answer a callback; `name=` leaves it open', collectCallback)
    .option('--crash <step>', 'end the invocation right after this step is done, once', collect)
    .addHelpText(
      'after',
      '\n--callback and --crash may be given several times. What is not said here is taken from the\n' +
        '`scenario` that the module exports, if it does.',
    )
    .action(async (file: string, options: RunOptions) => {
      const { handler, scenario } = await loadWorkflow(file, options.handler)
      const world = worldOf(scenario, options)
      terminal.print(`${file} with ${JSON.stringify(world.input ?? null)}\n`)
      // Node leaves when nothing is under way any more, whoever may still wait.
      const hanging = () => {
        terminal.print(
          'RUNNING  a body waits for something that never comes: nothing here is under way.',
        )
        process.exitCode = 1
      }
      process.once('beforeExit', hanging)
      const result = await run(handler, {
        ...world,
        patience: false,
        onInvocation: (transcript) => {
          terminal.print(...formatInvocation(transcript), '')
        },
      })
        .catch((error: unknown) => {
          throw isPerdureError(error, 'INVALID_OPTION') ? new UsageError(error.message) : error
        })
        .finally(() => process.off('beforeExit', hanging))
      for (const line of notes(result, options)) terminal.print(line)
      terminal.print(describe(result))
      if (result.status !== 'SUCCEEDED') terminal.exitCode = 1
    })
}

function worldOf(scenario: Scenario, options: RunOptions): Scenario {
  const answers = { ...scenario.callbacks, ...options.callback }
  const callbacks: Record<string, CallbackScripts[string]> = {}
  for (const [name, answer] of Object.entries(answers)) if (answer) callbacks[name] = answer
  return {
    ...scenario,
    callbacks,
    ...('input' in options ? { input: options.input } : {}),
    ...(options.crash ? { crashes: options.crash } : {}),
  }
}

/** What was asked for on the command line and nothing came of: a typing slip, as a rule. */
function notes({ unused }: RunResult, { callback = {}, crash = [] }: RunOptions): string[] {
  return [
    ...unused.crashes
      .filter((name) => crash.includes(name))
      .map((name) => `No crash: no step ${JSON.stringify(name)} was done.`),
    ...unused.callbacks
      .filter((name) => Object.hasOwn(callback, name))
      .map((name) => `No answer: no callback ${JSON.stringify(name)} was made.`),
  ]
}

function describe({ status, payload, errorRecord, unanswered }: RunResult): string {
  switch (status) {
    case 'SUCCEEDED':
      return `SUCCEEDED  ${payload ?? 'without a result'}`
    case 'RUNNING': {
      const [first, ...others] = unanswered
      if (first === undefined) return 'RUNNING  nothing more has come of it within a virtual year'
      const names = unanswered.map((name) => JSON.stringify(name)).join(', ')
      const have = others.length > 0 ? `callbacks ${names} have` : `callback ${names} has`
      return (
        `RUNNING  nothing more can happen: ${have} no answer.\n` +
        `Give it one: --callback ${shellWord(first)}='{"ok":true}'`
      )
    }
    default:
      return `${status}  ${errorRecord?.ErrorType ?? 'Error'}: ${errorRecord?.ErrorMessage ?? ''}`
  }
}

function collect(text: string, others: readonly string[] = []): readonly string[] {
  return [...others, text]
}

function collectCallback(text: string, others: Answers = {}): Answers {
  const [, name, json] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || json === undefined) {
    throw new UsageError(`--callback takes name=json, such as approve='{"ok":true}', got ${text}`)
  }
  const answer = json === '' ? undefined : { succeed: parseJson('--callback', json) }
  return { ...others, [name]: answer }
}

function parseJson(option: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    const reason = (error as Error).message
    throw new UsageError(
      `${option} takes JSON, such as '{"total":42}' or '"text"', got ${text}\n${reason}`,
    )
  }
}
