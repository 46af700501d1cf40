import { Command } from 'commander'
import { isPerdureError } from '../../kernel/errors.ts'
import { madeOf } from '../../lambda/made-of.ts'
import type { Workflow } from '../../operations/workflow.ts'
import type { Choice, Choices } from '../../testing/graph/choices.ts'
import { graph } from '../../testing/graph/graph.ts'
import { readHistory } from '../../testing/history/read-history.ts'
import { findExecution, readExecution } from '../executions.ts'
import { jsonText } from '../json-option.ts'
import { loadWorkflowOrHandler } from '../load-workflow.ts'
import { Remote, withRemote } from '../remote.ts'
import type { ServiceOptions } from '../service-command.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'

interface GraphCommandOptions extends ServiceOptions {
  readonly choices?: string
  readonly execution?: string
  readonly input?: string
}

/** `perdure graph MODULE#EXPORT`: a workflow as a mermaid flowchart. */
export function graphCommand(terminal: Terminal): Command {
  const command = new Command('graph')
    .description('draw the operations that a workflow can reach, as a mermaid flowchart')
    .argument('<module#export>', 'a workflow, or the handler of one')
    .option('--choices <file>', 'JSON: how operations may answer, by name')
    .option('--input <json>', 'what the workflow is called with: JSON, @FILE, or -')
    .option('--execution <execution>', 'mark the way that an execution of the service took')
    .addHelpText(
      'after',
      '\nChoices: {"approve": [{"succeed": {"ok": true}}, {"fail": "declined"}, "timeout"]}.\n' +
        'An operation that is not named succeeds with nothing.',
    )
  return withRemote(command).action(async (reference: string, options: GraphCommandOptions) => {
    const subject = await loadWorkflowOrHandler(reference)
    const workflow = (madeOf(subject)?.workflow ?? subject) as Workflow
    const settings = {
      ...(options.choices === undefined ? {} : { choices: choicesIn(options.choices) }),
      ...(options.input === undefined
        ? {}
        : { input: JSON.parse(jsonText('--input', options.input)) as unknown }),
      ...(options.execution === undefined
        ? {}
        : { history: await historyOf(options.execution, options, terminal) }),
    }
    const drawn = told(reference, () => graph(workflow, settings))
    if (options.json) return terminal.json(drawn)
    terminal.print(drawn.mermaid.trimEnd())
    if (drawn.unused.length > 0) {
      terminal.tell(`No operation has the name of these choices: ${drawn.unused.join(', ')}`)
    }
  })
}

async function historyOf(execution: string, options: GraphCommandOptions, terminal: Terminal) {
  const remote = new Remote(options, terminal.env)
  return readHistory(await readExecution(remote, await findExecution(remote, execution)))
}

function choicesIn(file: string): Choices {
  const choices = JSON.parse(jsonText('--choices', `@${file}`)) as Choices
  return Object.fromEntries(
    Object.entries(choices).map(([name, list]) => [
      name,
      Array.isArray(list) ? list.map(choiceOf) : list,
    ]),
  )
}

/** In JSON an error is its message, or an object with a name and one. */
function choiceOf(choice: Choice): Choice {
  if (typeof choice !== 'object' || !('fail' in choice)) return choice
  const { fail } = choice
  if (typeof fail === 'string') return { fail: new Error(fail) }
  const { name = 'Error', message = '' } = (fail ?? {}) as { name?: string; message?: string }
  return { fail: Object.assign(new Error(message), { name }) }
}

function told<T>(reference: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!isPerdureError(error)) throw error
    throw new UsageError(`${reference} cannot be drawn. ${error.message}`)
  }
}
