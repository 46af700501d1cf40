import { statSync } from 'node:fs'
import { isPerdureError } from '../../kernel/errors.ts'
import { functionsOf, parseSource, type Source } from '../../server/hosting.ts'
import type { HostedFunction } from '../../server/ports.ts'
import { UsageError } from '../usage-error.ts'

export interface HostingChoices {
  /** `name=command …`: programs that speak the Runtime API. */
  readonly commands: readonly string[]
  readonly plain: readonly string[]
  readonly durable: readonly string[]
  readonly defaults: Omit<HostedFunction, 'name' | 'launch'>
}

/** What of one source can be hosted, or why nothing can. */
export interface Sourced {
  readonly source: Source
  readonly functions: readonly HostedFunction[]
  readonly failure?: string
}

/** The functions of a module as the command line has it: `FILE`, `FILE#EXPORT`, `NAME=FILE#EXPORT`. */
export async function sourced(text: string, choices: HostingChoices): Promise<Sourced> {
  const source = parseSource(text)
  if (!statSync(source.file, { throwIfNoEntry: false })?.isFile()) {
    return { source, functions: [], failure: `There is no file ${source.file}.` }
  }
  try {
    const isDurable = (name: string) => durabilityOf(name, choices)
    return {
      source,
      functions: await functionsOf(source, { defaults: choices.defaults, isDurable }),
    }
  } catch (error) {
    if (!isPerdureError(error, 'MODULE_UNUSABLE')) throw error
    return { source, functions: [], failure: withoutInnards(error.message) }
  }
}

/** Where a compiler or Node stood when it gave up tells nobody what to mend. */
function withoutInnards(message: string): string {
  const innards = /^ +at .*(node:internal|node_modules[\\/](esbuild|tsx)[\\/]|<anonymous>)/
  const lines = message.split('\n').filter((line) => !innards.test(line))
  return lines.join('\n').replace(/ \(node:\w+:\d+:\d+\)/g, '')
}

export function commandFunctions(choices: HostingChoices): HostedFunction[] {
  return choices.commands.map((text) => {
    const [, name, command] = /^([A-Za-z0-9_-]{1,140})=(.+)$/s.exec(text) ?? []
    if (name === undefined || command === undefined) {
      throw new UsageError(`--function takes 'name=command …', got ${text}`)
    }
    const isDurable = durabilityOf(name, choices) ?? true
    return {
      ...choices.defaults,
      name,
      durable: isDurable ? (choices.defaults.durable ?? {}) : undefined,
      launch: { kind: 'command', command },
    }
  })
}

/** Throws UsageError where two functions have one name, or an option is about none of them. */
export function checkNames(
  functions: readonly HostedFunction[],
  { plain, durable }: HostingChoices,
): void {
  const places = new Map<string, string>()
  for (const one of functions) {
    const other = places.get(one.name)
    if (other !== undefined) {
      throw new UsageError(
        `Two functions are called ${one.name}: ${other} and ${placeOf(one)}.\n` +
          'Name one of them otherwise: NAME=FILE#EXPORT.',
      )
    }
    places.set(one.name, placeOf(one))
  }
  for (const name of [...plain, ...durable]) {
    if (places.has(name)) continue
    const names = [...places.keys()].join(', ')
    throw new UsageError(`There is no function ${name} to be plain or durable; there are ${names}.`)
  }
}

function placeOf({ launch }: HostedFunction): string {
  return launch.kind === 'command' ? launch.command : `${launch.file}#${launch.exportName}`
}

function durabilityOf(name: string, { plain, durable }: HostingChoices): boolean | undefined {
  if (plain.includes(name)) return false
  return durable.includes(name) ? true : undefined
}
