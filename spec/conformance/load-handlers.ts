import { readdirSync, statSync } from 'node:fs'
import { register } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { Handler } from './handler.ts'
import { isObject } from './match.ts'

export interface RegisteredHandler extends Handler {
  readonly file: string
}

/**
 * Every handler that the modules in `folder`, and in the folders below it, export as `handlers`, by
 * requirement id. The folder may lie anywhere; modules without `handlers` are passed over.
 */
export async function loadHandlers(folder: string): Promise<Map<string, RegisteredHandler>> {
  const path = resolve(folder)
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`There is no folder of handlers ${folder}.`)
  }
  const handlers = new Map<string, RegisteredHandler>()
  for (const file of moduleFilesBelow(path)) {
    for (const [id, handler] of await loadModule(file)) {
      const other = handlers.get(id)
      if (other) throw new Error(`${file}: there is another handler for ${id} in ${other.file}.`)
      handlers.set(id, { ...handler, file })
    }
  }
  return handlers
}

/** Every handler that one module exports as `handlers`, by requirement id. */
export async function loadModule(file: string): Promise<Map<string, Handler>> {
  resolveFromOutside()
  return new Map(await handlersOf(file))
}

let registered = false

/** Once in a process: hooks stay. */
function resolveFromOutside(): void {
  if (registered) return
  register('./outside.ts', import.meta.url)
  registered = true
}

function moduleFilesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((one, other) => one.name.localeCompare(other.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) {
        return /^(\.|node_modules$)/.test(entry.name) ? [] : moduleFilesBelow(path)
      }
      return isModule(entry.name) ? [path] : []
    })
}

function isModule(name: string): boolean {
  return /\.m?[jt]s$/.test(name) && !/\.(d|spec|test)\.m?[jt]s$/.test(name)
}

async function handlersOf(file: string): Promise<[string, Handler][]> {
  const exported = await importModule(file)
  const handlers = exported['handlers']
  if (handlers === undefined) return []
  if (!isObject(handlers)) {
    throw new Error(`${file}: expected \`handlers\` to be an object of handlers by id.`)
  }
  const ids = new Set<string>()
  return Object.entries(handlers).map(([key, handler]) => {
    const id = requirementId(key)
    if (ids.has(id)) throw new Error(`${file}: there are two handlers for ${id}.`)
    ids.add(id)
    return [id, checked(handler, `${file}: handler ${key}`)]
  })
}

async function importModule(file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    throw new Error(`${file} cannot be loaded: ${reason}`, { cause })
  }
}

/** Both spellings are in use for a requirement: `1-11` and `1.11`. */
function requirementId(key: string): string {
  return key.replace('.', '-')
}

function checked(handler: unknown, where: string): Handler {
  if (!isObject(handler)) {
    throw new Error(`${where}: expected an object with a \`workflow\`, got ${typeof handler}.`)
  }
  const { workflow, options, targets, plugins } = handler
  if (typeof workflow !== 'function') {
    throw new Error(`${where}: expected \`workflow\` to be a generator function.`)
  }
  if (options !== undefined && !isObject(options)) {
    throw new Error(`${where}: expected \`options\` to be an object of driver options.`)
  }
  if (plugins !== undefined && !Array.isArray(plugins)) {
    throw new Error(`${where}: expected \`plugins\` to be a list.`)
  }
  if (targets !== undefined && !isObject(targets)) {
    throw new Error(`${where}: expected \`targets\` to be an object of functions by name.`)
  }
  for (const [name, target] of Object.entries(targets ?? {})) {
    if (typeof target !== 'function') {
      throw new Error(`${where}: expected target \`${name}\` to be a function.`)
    }
  }
  return handler as unknown as Handler
}
