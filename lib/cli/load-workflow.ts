import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Workflow } from '../operations/workflow.ts'
import type { Handler } from '../testing/embedded.ts'
import { isWorkflow } from '../testing/runner/subject.ts'
import type { Scenario } from '../testing/scenario.ts'
import { UsageError } from './usage-error.ts'

export interface Loaded {
  readonly handler: Handler
  /** What the module exports as `scenario`; empty where it does not. */
  readonly scenario: Scenario
}

/** The handler that a module exports under `name`, and the scenario beside it. Throws UsageError. */
export async function loadWorkflow(file: string, name: string): Promise<Loaded> {
  const module = await loadModule(file)
  const handler = functionIn(module, name, {
    file,
    advice:
      `Export the handler (\`export const ${name} = driver.lambdaHandler(workflow)\`), or name it: ` +
      '--handler NAME.',
  })
  if (isWorkflow(handler)) {
    throw new UsageError(
      `${name} of ${file} is a workflow, and Lambda needs a handler for it:\n` +
        `export const handler = driver.lambdaHandler(${name})`,
    )
  }
  return { handler: handler as Handler, scenario: module['scenario'] ?? {} }
}

/** What `module#export` names: a workflow, or the handler of one; `handler` where no export is named. */
export async function loadWorkflowOrHandler(reference: string): Promise<Workflow<never> | Handler> {
  const [, file = reference, name = 'handler'] = /^(.*)#([^#]+)$/.exec(reference) ?? []
  return functionIn(await loadModule(file), name, {
    file,
    advice: `Name what it exports: --workflow ${file}#NAME`,
  }) as Workflow<never> | Handler
}

type Module = Readonly<Record<string, unknown>>

async function loadModule(file: string): Promise<Module> {
  if (!isFile(file)) throw new UsageError(`There is no file ${file}.`)
  try {
    return await importModule(file)
  } catch (error) {
    throw new UsageError(
      `${file} cannot be loaded: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    )
  }
}

let hasLoader = import.meta.filename.endsWith('.ts')

/** Imports a module of the user, TypeScript through the tsx that perdure depends on. */
export async function importModule(file: string): Promise<Module> {
  const path = resolve(file)
  if (!isFile(file)) throw new Error(`There is no file ${file}.`)
  if (!hasLoader && /\.[cm]?tsx?$/.test(path)) {
    hasLoader = true
    const [esm, cjs] = await Promise.all([import('tsx/esm/api'), import('tsx/cjs/api')])
    cjs.register()
    esm.register()
  }
  return (await import(pathToFileURL(path).href)) as Module
}

function isFile(file: string): boolean {
  return statSync(resolve(file), { throwIfNoEntry: false })?.isFile() === true
}

function functionIn(
  module: Module,
  name: string,
  { file, advice }: { readonly file: string; readonly advice: string },
): unknown {
  const found = module[name]
  if (typeof found === 'function') return found
  const exports = Object.keys(module).join(', ') || 'nothing'
  throw new UsageError(`${file} exports no function ${name}; it exports ${exports}.\n${advice}`)
}
