import { statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { Handler } from './call-handler.ts'

/** A failure to start, under Lambda's name for it. */
class StartError extends Error {
  constructor(name: string, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = name
    if (cause instanceof Error && cause.stack) this.stack = cause.stack
  }
}

/** The function that the module exports under that name, as ESM or CommonJS. */
export async function loadHandler(file: string, exportName: string): Promise<Handler> {
  const module = await load(file)
  const found = exportOf(module, exportName)
  if (typeof found !== 'function') {
    const names = Object.keys(module).join(', ') || 'nothing'
    throw new StartError(
      'Runtime.HandlerNotFound',
      `${file}: ${exportName} is ${found === undefined ? 'not exported' : 'no function'}; ` +
        `the module exports ${names}.`,
    )
  }
  if (/^(?:Async)?GeneratorFunction$/.test(found.constructor.name)) {
    throw new StartError(
      'Runtime.HandlerNotFound',
      `${file}: ${exportName} is a workflow, and Lambda needs a handler for it: ` +
        `export const handler = driver.lambdaHandler(${found.name || exportName})`,
    )
  }
  return found as Handler
}

type Module = Readonly<Record<string, unknown>>

async function load(file: string): Promise<Module> {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new StartError('Runtime.ImportModuleError', `Cannot find module '${file}'.`)
  }
  try {
    return (await import(pathToFileURL(file).href)) as Module
  } catch (error) {
    if (isSyntaxError(error)) {
      throw new StartError('Runtime.UserCodeSyntaxError', `${name(error)}: ${error.message}`, error)
    }
    if (error instanceof Error && /MODULE_NOT_FOUND|PATH_NOT_EXPORTED/.test(codeOf(error))) {
      throw new StartError('Runtime.ImportModuleError', `Error: ${error.message}`, error)
    }
    throw error
  }
}

/** Of a CommonJS module, Node names only those exports that it can tell without running it. */
function exportOf(module: Module, name: string): unknown {
  if (module[name] !== undefined) return module[name]
  const whole = module['default']
  const isHolder = (typeof whole === 'object' && whole !== null) || typeof whole === 'function'
  return isHolder ? (whole as Module)[name] : undefined
}

/** What Node does not parse, or what esbuild does not transform. */
function isSyntaxError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  return error instanceof SyntaxError || error.name === 'TransformError'
}

function name(error: Error): string {
  return error instanceof SyntaxError ? 'SyntaxError' : error.name
}

function codeOf(error: Error): string {
  return String((error as NodeJS.ErrnoException).code)
}
