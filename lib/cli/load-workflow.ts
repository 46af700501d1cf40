import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Handler } from '../testing/embedded.ts'
import type { Scenario } from '../testing/scenario.ts'
import { UsageError } from './usage-error.ts'

export interface Loaded {
  readonly handler: Handler
  /** What the module exports as `scenario`; empty where it does not. */
  readonly scenario: Scenario
}

/** The handler that a module exports under `name`, and the scenario beside it. Throws UsageError. */
export async function loadWorkflow(file: string, name: string): Promise<Loaded> {
  const path = resolve(file)
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new UsageError(`There is no file ${file}.`)
  }
  let module: Readonly<Record<string, unknown>>
  try {
    module = (await import(pathToFileURL(path).href)) as typeof module
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_UNKNOWN_FILE_EXTENSION') {
      throw new UsageError(
        `Node ${process.versions.node} cannot load ${file} by itself: run \`node --import tsx\` ` +
          'with the command, or give it the compiled file.',
      )
    }
    throw new UsageError(
      `${file} cannot be loaded: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    )
  }
  const handler = module[name]
  if (typeof handler !== 'function') {
    const exports = Object.keys(module).join(', ') || 'nothing'
    throw new UsageError(
      `${file} exports no function ${name}; it exports ${exports}.\nExport the handler ` +
        `(\`export const ${name} = driver.lambdaHandler(workflow)\`), or name it: --handler NAME.`,
    )
  }
  if (Object.prototype.toString.call(handler) === '[object GeneratorFunction]') {
    throw new UsageError(
      `${name} of ${file} is a workflow, and Lambda needs a handler for it:\n` +
        `export const handler = driver.lambdaHandler(${name})`,
    )
  }
  return { handler: handler as Handler, scenario: module['scenario'] ?? {} }
}
