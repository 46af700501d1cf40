import { Command } from 'commander'
import { findExecution } from '../executions.ts'
import { wholeNumber } from '../numbers.ts'
import { serviceCommand } from '../service-command.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import { columns, count } from '../views/text.ts'

interface FaultOptions {
  readonly call?: string
  readonly function?: string
  readonly times?: number
  readonly rate?: number
  readonly milliseconds?: number
}

interface CrashOptions {
  readonly function?: string
  readonly execution?: string
}

interface Planted extends FaultOptions {
  readonly id: number
  readonly kind: string
  readonly functionName?: string
  readonly struck: number
}

const kinds = {
  throttle: 'refuse calls with TooManyRequestsException',
  'lose-answer': 'carry calls out, and lose their answers',
  delay: 'hold calls up for a while',
  duplicate: 'deliver invocations twice',
} as const

/** `perdure chaos …`: faults on request, in the local service. */
export function chaosCommand(terminal: Terminal): Command {
  const command = new Command('chaos').description('have faults befall the local service')
  for (const [kind, description] of Object.entries(kinds)) {
    command.addCommand(planting(kind as keyof typeof kinds, description))
  }
  return command.addCommand(crashing()).addCommand(listing()).addCommand(clearing())

  function planting(kind: keyof typeof kinds, description: string): Command {
    const made = serviceCommand<FaultOptions>(terminal, kind, description, async (call) => {
      const { options, remote } = call
      const { call: name, function: functionName, times, rate, milliseconds } = options
      const body = { kind, call: name, functionName, times, rate, milliseconds }
      const planted = (await remote.admin.post('chaos', known(body))) as Planted
      if (options.json) return void terminal.json(planted)
      terminal.print(
        `Fault ${rowOf(planted).filter(Boolean).join('  ')}. Take it away: perdure chaos clear ${planted.id}`,
      )
    })
      .option('--function <name>', 'only what concerns this function')
      .option('--times <number>', 'so often', (text) => wholeNumber('--times', text))
      .option('--rate <share>', 'how likely it is each time, from 0 to 1', rateOption)
    if (kind !== 'duplicate')
      made.option('--call <name>', 'only this call of the API, such as Invoke')
    if (kind === 'delay') {
      made.requiredOption('--milliseconds <number>', 'for so long', (text) =>
        wholeNumber('--milliseconds', text),
      )
    }
    return made
  }

  function crashing(): Command {
    const description = 'kill the processes that are at work, now'
    return serviceCommand<CrashOptions>(
      terminal,
      'crash',
      description,
      async ({ options, remote }) => {
        const { function: functionName, execution } = options
        const { admin } = remote
        const executionArn =
          execution === undefined ? undefined : await findExecution(remote, execution)
        const { crashed } = (await admin.post('crash', known({ functionName, executionArn }))) as {
          crashed: number
        }
        if (options.json) return void terminal.json({ crashed })
        terminal.print(`${crashed === 1 ? '1 process was' : `${crashed} processes were`} killed.`)
      },
    )
      .option('--function <name>', 'only those of this function')
      .option('--execution <execution>', 'only those that are at work on this execution')
  }

  function listing(): Command {
    return serviceCommand(terminal, 'list', 'list the faults', async ({ options, remote }) => {
      const { faults } = (await remote.admin.get('chaos')) as { faults: Planted[] }
      if (options.json) return void terminal.json(faults)
      if (faults.length === 0) return void terminal.tell('There is no fault.')
      terminal.print(...columns(faults.map(rowOf)))
    })
  }

  function clearing(): Command {
    return serviceCommand(
      terminal,
      'clear',
      'take faults away',
      async ({ args, options, remote }) => {
        const [id] = args
        const path =
          id === undefined ? 'chaos' : `chaos/${wholeNumber('The number of a fault', id)}`
        const { cleared } = (await remote.admin.delete(path)) as { cleared: number }
        if (id !== undefined && cleared === 0) throw new UsageError(`There is no fault ${id}.`)
        if (options.json) return void terminal.json({ cleared })
        terminal.print(`${count(cleared, 'fault')} less.`)
      },
    ).argument('[fault]', 'its number; all of them, when left out')
  }
}

function rowOf(fault: Planted): string[] {
  const { id, kind, call, functionName, times, rate, milliseconds, struck } = fault
  return [
    String(id),
    kind,
    call ?? '',
    functionName === undefined ? '' : `of ${functionName}`,
    milliseconds === undefined ? '' : `for ${milliseconds} ms`,
    times === undefined ? '' : `${times} times`,
    rate === undefined ? '' : `at a rate of ${rate}`,
    struck === 0 ? '' : `struck ${struck}`,
  ]
}

function rateOption(text: string): number {
  const rate = Number(text)
  if (text.trim() !== '' && rate >= 0 && rate <= 1) return rate
  throw new UsageError(`--rate takes a number from 0 to 1, got ${text}.`)
}

function known(members: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
