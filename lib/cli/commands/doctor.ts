import { Command } from 'commander'
import { configurationOf, functionNameIn, listExecutions, viewExecution } from '../executions.ts'
import { importModule } from '../load-workflow.ts'
import { Remote, withRemote } from '../remote.ts'
import type { ServiceOptions } from '../service-command.ts'
import type { Terminal } from '../terminal.ts'
import {
  checkConfiguration,
  checkEndpoint,
  checkNode,
  checkQualified,
  type EndpointAnswer,
} from '../views/doctor/environment.ts'
import { formatFindings, type Finding } from '../views/doctor/finding.ts'
import { checkModule } from '../views/doctor/handlers.ts'
import { checkPermissions } from '../views/doctor/permissions.ts'
import { flat } from '../views/view.ts'

interface DoctorOptions extends ServiceOptions {
  readonly function: readonly string[]
}

const mostLooked = 20

/** `perdure doctor [FILE…]`: what is in order, and what is not. */
export function doctorCommand(terminal: Terminal): Command {
  const command = new Command('doctor')
    .description('check Node, the endpoint, handlers, functions, and the rights that they need')
    .argument('[file...]', 'modules with handlers; they are loaded')
    .option(
      '--function <name>',
      'a function of the service, as it is called; may be given several times',
      (text: string, others: readonly string[]) => [...others, text],
      [],
    )
    .addHelpText('after', '\nExit codes: 0 when nothing is a mistake, else 1.')
  return withRemote(command).action(async (files: readonly string[], options: DoctorOptions) => {
    const remote = new Remote(options, terminal.env)
    const set = options.endpoint ?? terminal.env['AWS_ENDPOINT_URL_LAMBDA']
    const findings: Finding[] = [checkNode(process.version)]
    if (!options.aws) findings.push(await checkEndpoint(set, { ask }))
    for (const file of files) findings.push(...(await checkModule(file, { load: importModule })))
    for (const reference of options.function)
      findings.push(...(await checkFunction(remote, reference)))
    const invokes = await invokesOf(remote, options.function)
    findings.push(...checkPermissions({ invokes }))
    if (findings.some(({ verdict }) => verdict === 'mistake')) terminal.exitCode = 1
    if (options.json) return terminal.json(findings)
    terminal.print(...formatFindings(findings, { isColoured: terminal.isColoured }))
  })
}

async function ask(endpoint: string): Promise<EndpointAnswer> {
  try {
    const response = await fetch(new URL('/2015-03-31/functions', endpoint))
    const body: unknown = await response.json().catch(() => undefined)
    return { kind: 'answer', status: response.status, ...(body === undefined ? {} : { body }) }
  } catch (error) {
    const { cause = error } = error as { cause?: unknown }
    const { code, message } = cause as NodeJS.ErrnoException
    return { kind: 'none', reason: code ?? message }
  }
}

async function checkFunction(remote: Remote, reference: string): Promise<Finding[]> {
  const configuration = await configurationOf(remote, reference)
  return [checkQualified(reference), ...checkConfiguration(configuration)]
}

/** What the latest executions of functions have invoked. */
async function invokesOf(remote: Remote, references: readonly string[]): Promise<string[]> {
  const invoked = new Set<string>()
  for (const reference of references) {
    const functionName = reference.startsWith('arn:')
      ? functionNameIn(reference)
      : reference.split(':')[0]
    for (const one of await listExecutions(remote, { functionName, limit: mostLooked })) {
      const { operations } = await viewExecution(remote, one.DurableExecutionArn)
      for (const { invoke } of flat(operations)) if (invoke) invoked.add(invoke.functionName)
    }
  }
  return [...invoked]
}
