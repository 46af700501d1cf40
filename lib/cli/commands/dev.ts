import { relative } from 'node:path'
import { Command } from 'commander'
import { isPerdureError, type PerdureError } from '../../kernel/errors.ts'
import { version } from '../../kernel/version.ts'
import type { ClockMode } from '../../server/clock/local-clock.ts'
import type { LocalService } from '../../server/local-service.ts'
import type { HostedFunction } from '../../server/ports.ts'
import { Activity, type Happening } from '../dev/activity.ts'
import { formatHappening } from '../dev/format.ts'
import {
  clockOption,
  defaultStore,
  environmentOption,
  portOption,
  prepareStore,
  secondsOption,
} from '../dev/settings.ts'
import {
  checkNames,
  commandFunctions,
  sourced,
  type HostingChoices,
  type Sourced,
} from '../dev/sources.ts'
import { wholeNumber } from '../numbers.ts'
import { defaultPort } from '../remote.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import { columns, count, moment } from '../views/text.ts'

interface DevOptions {
  readonly function: readonly string[]
  readonly port: number
  readonly host?: string
  readonly allowHost: readonly string[]
  readonly store: string
  readonly clock: ClockMode
  readonly watch?: boolean
  readonly plain: readonly string[]
  readonly durable: readonly string[]
  readonly timeout?: number
  readonly executionTimeout?: number
  readonly memory?: number
  readonly concurrency?: number
  readonly env: readonly string[]
  readonly envFile: readonly string[]
  readonly ownCredentials?: boolean
  readonly quiet?: boolean
  readonly json?: boolean
}

/** `perdure dev FILE…`: the local service, with functions from files, until Ctrl-C. */
export function devCommand(terminal: Terminal): Command {
  return new Command('dev')
    .description('host functions on this machine as Lambda would, durable ones included')
    .argument('[file...]', 'FILE, FILE#EXPORT or NAME=FILE#EXPORT; every handler of a FILE')
    .option('--function <name=command>', 'a program that speaks the Lambda Runtime API', list, [])
    .option('--port <number>', 'where to listen; 0 for any free one', portOption, defaultPort)
    .option('--host <address>', 'address to listen at (default: 127.0.0.1)')
    .option('--allow-host <name>', 'a further name that this machine may be called by', list, [])
    .option('--store <file>', 'where all is kept; :memory: for nowhere', defaultStore)
    .option('--clock <mode>', 'real, a speed such as x60, or hand', clockOption, { kind: 'real' })
    .option('--watch', 'take up changed code between invocations')
    .option('--plain <name>', 'a function that is not durable', list, [])
    .option('--durable <name>', 'a function that is', list, [])
    .option('--timeout <time>', 'of an invocation: seconds or 5m', seconds('--timeout'))
    .option('--execution-timeout <time>', 'of an execution', seconds('--execution-timeout'))
    .option('--memory <megabytes>', 'of a process', number('--memory'))
    .option('--concurrency <number>', 'processes of a function at once', number('--concurrency'))
    .option('--env <name=value>', 'a variable for the functions', list, [])
    .option('--env-file <file>', 'variables for the functions', list, [])
    .option('--own-credentials', 'let functions use your AWS identity')
    .option('--quiet', 'do not tell what happens, but for the output of functions')
    .option('--json', 'tell what happens as lines of JSON')
    .addHelpText(
      'after',
      '\nOptions of names, hosts and variables may be given several times.\n' +
        'Exit codes: 0 after Ctrl-C, 2 when nothing could be hosted, or the store failed.',
    )
    .action((files: readonly string[], options: DevOptions) => dev(terminal, files, options))
}

async function dev(
  terminal: Terminal,
  files: readonly string[],
  options: DevOptions,
): Promise<void> {
  const choices = choicesOf(options)
  if (files.length + choices.commands.length === 0) {
    throw new UsageError('Name a file with a handler: perdure dev src/order.ts')
  }
  const ending = new Ending(terminal)
  const found = await Promise.all(files.map((file) => sourced(file, choices)))
  for (const { failure } of found) if (failure !== undefined) terminal.tell(failure)
  const functions = [...found.flatMap((one) => one.functions), ...commandFunctions(choices)]
  if (functions.length === 0) throw new UsageError('There is nothing to host.')
  checkNames(functions, choices)

  // Loaded only now: nobody else has need of the server.
  const { LocalService: Service } = await import('../../server/local-service.ts')
  const tell = (one: Happening) => {
    if (options.quiet && one.kind !== 'output' && one.kind !== 'warning') return
    if (options.json) terminal.print(JSON.stringify(one))
    else terminal.print(formatHappening(one, terminal.paint))
  }
  const activity = new Activity({
    now: () => local.clock.now(),
    read: (arn) => local.read(arn),
    flags: () => (options.port === defaultPort ? '' : ` --endpoint ${local.url}`),
    tell,
  })
  prepareStore(options.store)
  const local: LocalService = told(() => {
    return new Service({
      functions,
      port: options.port,
      host: options.host,
      allowedHosts: options.allowHost.length > 0 ? options.allowHost : undefined,
      store: options.store,
      clock: options.clock,
      credentials: options.ownCredentials ? 'own' : undefined,
      onChange: (changes) => activity.saved(changes),
      onLog: (line) => activity.wrote(line),
      onFailure: (failure) => ending.fail(failure),
    })
  })
  let stopWatching = () => {}
  let failure: unknown
  try {
    await local.start()
    introduce(local, { found, options, terminal })
    if (options.watch) {
      const { reloadOnChange } = await import('../dev/reload.ts')
      const modules = new Map(found.map((one, i) => [files[i] ?? '', one]))
      stopWatching = reloadOnChange({ local, modules, choices, tell })
    }
    await ending.comes
  } catch (error) {
    failure = error
  }
  stopWatching()
  // What made it end comes before what goes wrong at the end.
  await local.close().catch((error: unknown) => (failure ??= error))
  ending.close()
  if (failure !== undefined) throw usage(failure)
}

/** Ends at Ctrl-C, at once at the second; or when the store has failed. */
class Ending {
  readonly comes: Promise<void>
  readonly #stopListening: () => void
  #settle: { resolve: () => void; reject: (failure: PerdureError) => void } | undefined

  constructor(terminal: Terminal) {
    this.comes = new Promise((resolve, reject) => (this.#settle = { resolve, reject }))
    // It may fail before anybody waits for it.
    this.comes.catch(() => {})
    let times = 0
    this.#stopListening = terminal.onInterrupt(() => {
      times += 1
      if (times > 1) return terminal.exit(130)
      terminal.tell('Ending; what runs goes on at the next start. Ctrl-C again ends at once.')
      this.#settle?.resolve()
    })
  }

  fail(failure: PerdureError): void {
    this.#settle?.reject(failure)
  }

  close(): void {
    this.#stopListening()
  }
}

interface Introduction {
  readonly found: readonly Sourced[]
  readonly options: DevOptions
  readonly terminal: Terminal
}

function introduce(local: LocalService, { options, terminal }: Introduction): void {
  const { url, functions, clock } = local
  if (options.json) {
    const hosted = functions.map((one) => ({
      name: one.name,
      durable: one.durable !== undefined,
      from: shownPlace(one),
    }))
    return terminal.print(
      JSON.stringify({
        kind: 'listening',
        url,
        functions: hosted,
        store: options.store,
        time: iso(clock.now()),
      }),
    )
  }
  const { paint } = terminal
  const flags = options.port === defaultPort ? '' : ` --endpoint ${url}`
  const first = functions.find(({ durable }) => durable) ?? functions[0]
  const mode = options.clock
  const state = options.store === ':memory:' ? 'in memory only' : options.store
  const time =
    mode.kind === 'real'
      ? 'real'
      : mode.kind === 'hand'
        ? `stands at ${moment(iso(clock.now()))} until it is moved: perdure time +1d${flags}`
        : `${mode.factor} times as fast as the real one`
  terminal.print(
    `perdure ${version} hosts ${count(functions.length, 'function')} at ${paint('bold', url)}`,
    '',
    ...columns(
      functions.map((one) => [
        `  ${paint('bold', one.name)}`,
        one.durable ? 'durable' : 'plain',
        shownPlace(one),
      ]),
    ),
    '',
    `  state  ${state}`,
    `  clock  ${time}`,
    ...(options.host === undefined || isLoopback(options.host)
      ? []
      : ['  Whoever reaches this address can run these functions: nobody is asked who they are.']),
    '',
    `Call one:         perdure invoke ${first?.name ?? ''}${flags} --input '{}'`,
    `From AWS clients: AWS_ENDPOINT_URL_LAMBDA=${url}`,
    'Ctrl-C ends it; what is under way goes on at the next start.',
    '',
  )
}

function shownPlace({ launch }: HostedFunction): string {
  if (launch.kind === 'command') return launch.command
  const path = relative(process.cwd(), launch.file)
  return `${path.startsWith('..') ? launch.file : path}#${launch.exportName}`
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

function choicesOf(options: DevOptions): HostingChoices {
  const { timeout, executionTimeout, memory, concurrency, env, envFile } = options
  const environment = environmentOption(env, envFile)
  return {
    commands: options.function,
    plain: options.plain,
    durable: options.durable,
    defaults: {
      ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
      ...(memory === undefined ? {} : { memoryMegabytes: memory }),
      ...(concurrency === undefined ? {} : { concurrency }),
      ...(executionTimeout === undefined
        ? {}
        : { durable: { executionTimeoutSeconds: executionTimeout } }),
      ...(Object.keys(environment).length === 0 ? {} : { environment }),
    },
  }
}

const hints: Readonly<Record<string, string | undefined>> = {
  CANNOT_LISTEN: 'Another port: --port NUMBER, or 0 for any free one.',
  STORE_LOCKED: 'Another file: --store FILE, or :memory: for none.',
}

/** What a person can mend, among what the service throws. */
function usage(error: unknown): unknown {
  const codes = /^(CANNOT_LISTEN|STORE_\w+|INVALID_OPTION)$/
  if (isPerdureError(error) && codes.test(error.code)) {
    const hint = hints[error.code]
    return new UsageError(hint === undefined ? error.message : `${error.message}\n${hint}`)
  }
  // The service's own refusals of settings.
  if (error instanceof Error && error.name === 'InvalidParameterValueException') {
    return new UsageError(error.message)
  }
  return error
}

function told<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw usage(error)
  }
}

function list(text: string, others: readonly string[]): readonly string[] {
  return [...others, text]
}

function seconds(option: string) {
  return (text: string) => secondsOption(option, text)
}

function number(option: string) {
  return (text: string) => wholeNumber(option, text)
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
