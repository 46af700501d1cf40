import { basename, extname, resolve } from 'node:path'
import { PerdureError } from '../kernel/errors.ts'
import type { HostedFunction } from './ports.ts'
import { inspectModule } from './workers/inspect-module.ts'

/** Where the code of a function lies: `FILE`, `FILE#EXPORT`, or either with `NAME=` before it. */
export interface Source {
  readonly file: string
  readonly exportName?: string | undefined
  readonly name?: string | undefined
}

/** What holds for each function of a source that does not say otherwise. */
export type Defaults = Omit<HostedFunction, 'name' | 'launch'>

export interface HostingOptions {
  readonly defaults?: Defaults | undefined
  /** Whether a handler is invoked durably, by the function's name; else its make decides. */
  readonly isDurable?: ((name: string) => boolean | undefined) | undefined
}

/** Reads `FILE`, `FILE#EXPORT` and `NAME=FILE#EXPORT`. */
export function parseSource(text: string): Source {
  const [, name, rest = text] = /^([A-Za-z0-9_-]{1,140})=(.+)$/.exec(text) ?? []
  const [, file = rest, exportName] = /^(.*)#([^#]+)$/.exec(rest) ?? []
  return { file, ...(exportName ? { exportName } : {}), ...(name ? { name } : {}) }
}

/**
 * The functions of a module: the export that the source names, or every handler that it exports. The
 * export `handler` has the name of its file, any other one its own. Rejects with `MODULE_UNUSABLE`.
 */
export async function functionsOf(
  { file, exportName, name }: Source,
  { defaults = {}, isDurable = () => undefined }: HostingOptions = {},
): Promise<HostedFunction[]> {
  const path = resolve(file)
  const found = await inspectModule(path)
  const chosen = exportName
    ? found.filter((one) => one.name === exportName)
    : found.filter(({ name: own, kind }) => kind === 'durable' || isEntry(own, kind))
  if (chosen.length === 0) throw noHandler(file, exportName, found)
  const fileName = basename(path, extname(path)).replaceAll(/[^A-Za-z0-9_-]/g, '-')
  return chosen.map((one) => {
    const functionName = name ?? (isEntry(one.name, one.kind) ? fileName : one.name)
    const wanted = isDurable(functionName) ?? one.kind === 'durable'
    return {
      ...defaults,
      name: functionName,
      durable: wanted ? (defaults.durable ?? {}) : undefined,
      launch: { kind: 'module', file: path, exportName: one.name },
    }
  })
}

function isEntry(name: string, kind: string): boolean {
  return (name === 'handler' || name === 'default') && kind !== 'workflow'
}

type Found = Awaited<ReturnType<typeof inspectModule>>

function noHandler(file: string, exportName: string | undefined, found: Found): PerdureError {
  const workflow = found.find(({ kind }) => kind === 'workflow')
  const there = found.map(({ name }) => name).join(', ') || 'no function'
  const what = exportName ? `no function ${exportName}` : 'no handler'
  const hint = workflow
    ? `${workflow.name} is a workflow: export const handler = driver.lambdaHandler(${workflow.name})`
    : 'Export one: export const handler = driver.lambdaHandler(workflow)'
  return new PerdureError(
    'MODULE_UNUSABLE',
    `${file} exports ${what}; it exports ${there}.\n${hint}`,
  )
}
