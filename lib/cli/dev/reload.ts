import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { LocalService } from '../../server/local-service.ts'
import type { HostedFunction } from '../../server/ports.ts'
import { filesOf } from '../../server/workers/imports.ts'
import { watchModule, type Watch } from '../../server/workers/watch.ts'
import type { Verification, VerifiedHistory } from '../../testing/verify/verify.ts'
import type { Happening } from './activity.ts'
import { sourced, type HostingChoices, type Sourced } from './sources.ts'

export interface ReloadOptions {
  readonly local: LocalService
  /** The modules as the command line names them, and what was found in each. */
  readonly modules: ReadonlyMap<string, Sourced>
  readonly choices: HostingChoices
  readonly tell: (happening: Happening) => void
}

/** Of each function, at most so many executions in flight are held against new code. */
const mostVerified = 200

/**
 * Watches the code of modules. What changed is taken up by the next invocations, and executions in
 * flight that would not go on with it are told of. Answers how to stop.
 */
export function reloadOnChange({ local, modules, choices, tell }: ReloadOptions): () => void {
  const say = (kind: 'reloaded' | 'warning', text: string, more: Partial<Happening> = {}) =>
    tell({ kind, at: new Date(local.clock.now()).toISOString(), text, ...more })
  let turn: Promise<void> = Promise.resolve()
  const watches: Watch[] = []
  for (const [text, found] of modules) {
    watches.push(
      watchModule(resolve(found.source.file), {
        onChange: (files) => {
          // Of all that lies in the same folder.
          const own = filesOf(resolve(found.source.file))
          if (!files.some((file) => own.has(file))) return
          turn = turn
            .then(() => reload(text))
            .catch((error: unknown) => say('warning', String(error)))
        },
        onError: (error) => say('warning', `${text} cannot be watched: ${error.message}`),
      }),
    )
  }
  return () => {
    for (const watch of watches) watch.close()
  }

  async function reload(text: string): Promise<void> {
    const { functions, failure } = await sourced(text, choices)
    if (failure !== undefined) {
      return void say(
        'warning',
        `${failure}\nFunctions of it go on as they were, until it can be loaded.`,
      )
    }
    for (const fn of functions) {
      const known = local.functions.find(({ name }) => name === fn.name)
      if (known && isSame(known, fn)) local.workers.reload(fn.name)
      else if (known && !isSamePlace(known, fn)) {
        say('warning', `${text} has a function ${fn.name} now, and another one has that name.`)
        continue
      } else local.host(fn)
      say('reloaded', known ? 'reloaded' : 'hosted now, too', { function: fn.name })
      if (fn.durable) await reportDiverging(fn)
    }
  }

  async function reportDiverging(fn: HostedFunction): Promise<void> {
    const histories = await runningHistories(local, fn.name)
    if (histories.length === 0 || fn.launch.kind !== 'module') return
    const { file, exportName } = fn.launch
    const verification = await verifyElsewhere(`${file}#${exportName}`, histories)
    for (const one of verification?.histories ?? []) {
      if (one.verdict === 'diverges')
        say('warning', told(one), { function: fn.name, ...nameOf(one) })
    }
  }
}

function isSame(one: HostedFunction, other: HostedFunction): boolean {
  return isSamePlace(one, other) && (one.durable === undefined) === (other.durable === undefined)
}

function isSamePlace({ launch: one }: HostedFunction, { launch: other }: HostedFunction): boolean {
  if (one.kind !== 'module' || other.kind !== 'module') return false
  return one.file === other.file && one.exportName === other.exportName
}

async function runningHistories(
  { service }: LocalService,
  FunctionName: string,
): Promise<object[]> {
  const { DurableExecutions } = await service.listDurableExecutionsByFunction({
    FunctionName,
    Statuses: ['RUNNING'],
    MaxItems: mostVerified,
  })
  const histories: object[] = []
  for (const { DurableExecutionArn } of DurableExecutions) {
    const Events: object[] = []
    let Marker: string | undefined
    do {
      const page = await service.getDurableExecutionHistory({
        DurableExecutionArn,
        ...(Marker === undefined ? {} : { Marker }),
      })
      Events.push(...page.Events)
      Marker = page.NextMarker
    } while (Marker !== undefined)
    histories.push({ DurableExecutionArn, Events })
  }
  return histories
}

const fromSource = import.meta.filename.endsWith('.ts')

/**
 * `perdure verify` in a process of its own: this one has loaded no code of the user, and could load it
 * only once. Nothing where the handler is none that can be verified.
 */
function verifyElsewhere(
  subject: string,
  histories: readonly object[],
): Promise<Verification | undefined> {
  const loader = pathToFileURL(createRequire(import.meta.filename).resolve('tsx')).href
  const child = spawn(
    process.execPath,
    [
      ...(fromSource ? [`--import=${loader}`, '--conditions=source'] : []),
      join(import.meta.dirname, '..', fromSource ? 'main.ts' : 'main.js'),
      ...['verify', '-', '--json', '--workflow', subject],
    ],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  )
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  // A process that ends early does not read on.
  child.stdin.on('error', () => {})
  child.stdin.end(histories.map((one) => JSON.stringify(one)).join('\n'))
  return new Promise((settle) => {
    child.on('error', () => settle(undefined))
    child.on('close', () => {
      try {
        settle(JSON.parse(output.slice(Math.max(0, output.indexOf('{')))) as Verification)
      } catch {
        settle(undefined)
      }
    })
  })
}

function told({ differences: [first] }: VerifiedHistory): string {
  if (!first) return 'would not go on with the new code'
  const { id, what, journal, code, line } = first
  const where = id === undefined ? what : `operation ${id}`
  const at = line === undefined ? '' : `, at ${line}`
  return `would diverge with the new code: at ${where} the history has ${journal}, the code ${code}${at}`
}

function nameOf({ executionArn }: VerifiedHistory): { execution?: string; arn?: string } {
  const [, execution] = /\/durable-execution\/([^/]+)\//.exec(executionArn ?? '') ?? []
  return execution === undefined || executionArn === undefined
    ? {}
    : { execution, arn: executionArn }
}
