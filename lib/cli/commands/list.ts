import type { Command } from 'commander'
import type { FunctionConfiguration } from '@aws-sdk/client-lambda'
import { duration, toMilliseconds } from '../../kernel/duration.ts'
import { functionsOf, listExecutions, type ListedExecution } from '../executions.ts'
import type { Remote } from '../remote.ts'
import { serviceCommand } from '../service-command.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import { wholeNumber } from '../numbers.ts'
import { columns, moment, span, type Paint } from '../views/text.ts'
import { statusColour } from '../views/show.ts'
import type { ExecutionStatus } from '../views/view.ts'

interface ListOptions {
  readonly status?: readonly ExecutionStatus[]
  readonly since?: string
  readonly name?: string
  readonly limit: number
  readonly functions?: boolean
  readonly processes?: boolean
}

const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'STOPPED'] as const

/** `perdure list [FUNCTION]`: executions, the newest first; or functions, or their processes. */
export function listCommand(terminal: Terminal): Command {
  return serviceCommand<ListOptions>(
    terminal,
    'list',
    'list executions, the newest first',
    async ({ args: [functionName], options, remote }) => {
      if (options.functions) return void showFunctions(await functionsOf(remote), options.json)
      if (options.processes) return showProcesses(remote, functionName, options.json)
      const { status, since, name, limit } = options
      const found = await listExecutions(remote, {
        functionName,
        statuses: status,
        name,
        limit,
        startedAfter: since === undefined ? undefined : momentOf(since, await remote.now()),
      })
      if (options.json) return void terminal.json(found)
      if (found.length === 0) return void terminal.tell('There is no such execution.')
      const now = await remote.now()
      terminal.print(...columns(found.map((one) => rowOf(one, now, terminal.paint))))
    },
  )
    .argument('[function]', 'those of this function only')
    .option('--status <status>', 'RUNNING, SUCCEEDED, FAILED, TIMED_OUT or STOPPED', collectStatus)
    .option('--since <time>', 'those that started after it: 2h, 2026-01-31, 2026-01-31T09:00:00Z')
    .option('--name <name>', 'the one of that name')
    .option('--limit <number>', 'so many at most', (text) => wholeNumber('--limit', text), 20)
    .option('--functions', 'list the functions instead')
    .option('--processes', 'list the processes of functions instead; local service only')

  function showFunctions(found: readonly FunctionConfiguration[], json = false): void {
    if (json) return terminal.json(found)
    if (found.length === 0) return terminal.tell('There is no function.')
    const rows = found.map(
      ({ FunctionName: name = '', DurableConfig, Handler = '', Timeout = 0 }) => [
        name,
        DurableConfig
          ? `durable for ${span((DurableConfig.ExecutionTimeout ?? 0) * 1000)}`
          : 'plain',
        `times out after ${span(Timeout * 1000)}`,
        Handler,
      ],
    )
    terminal.print(...columns(rows))
  }

  async function showProcesses(remote: Remote, functionName = '', json = false): Promise<void> {
    const { processes } = (await remote.admin.get('processes')) as { processes: Process[] }
    const found = processes.filter(
      (one) => functionName === '' || one.functionName === functionName,
    )
    if (json) return void terminal.json(found)
    if (found.length === 0)
      return void terminal.tell('There is no process: one starts when it is needed.')
    const rows = found.map((one) => [
      String(one.pid ?? ''),
      one.functionName,
      one.state,
      `since ${moment(one.startedAt)}`,
      `${one.invocations} invocations`,
      `${Math.round(one.memoryBytes / 1024 ** 2)} MB`,
      one.executionArn ?? '',
    ])
    terminal.print(...columns(rows))
  }
}

interface Process {
  readonly functionName: string
  readonly pid?: number
  readonly state: string
  readonly startedAt: string
  readonly invocations: number
  readonly memoryBytes: number
  readonly executionArn?: string
}

function rowOf(one: ListedExecution, now: number, paint: Paint): string[] {
  const started = new Date(one.StartTimestamp).toISOString()
  const took = (one.EndTimestamp?.getTime() ?? now) - Date.parse(started)
  return [
    paint(statusColour(one.Status), one.Status),
    one.DurableExecutionName,
    one.FunctionArn.split(':')[6] ?? '',
    moment(started),
    `${one.EndTimestamp ? 'took' : 'for'} ${span(took)}`,
  ]
}

function collectStatus(text: string, others: readonly ExecutionStatus[] = []): ExecutionStatus[] {
  const wanted = text.split(',').map((one) => one.trim().toUpperCase().replace('-', '_'))
  return [...others, ...wanted.map(statusIn)]
}

function statusIn(text: string): ExecutionStatus {
  const found = statuses.find((one) => one === text)
  if (found) return found
  throw new UsageError(`--status takes ${statuses.join(', ')}, got ${text}.`)
}

function momentOf(text: string, now: number): Date {
  const time = Date.parse(text)
  if (/^\d{4}-/.test(text) && !Number.isNaN(time)) return new Date(time)
  try {
    return new Date(now - toMilliseconds(duration(text.replace(/^-/, '')), '--since'))
  } catch {
    throw new UsageError(
      `--since takes a time or how long ago: 2h, 2026-01-31T09:00:00Z; got ${text}.`,
    )
  }
}
