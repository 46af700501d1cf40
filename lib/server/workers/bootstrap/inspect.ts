import { pathToFileURL } from 'node:url'

// The process that looks into a module, so that loading it disturbs nobody: `inspect.js FILE`. What it
// exports, or why it cannot be loaded, goes to the parent as a message.

/** What an export is, as far as hosting it is concerned. */
export interface FoundExport {
  readonly name: string
  /** A handler that is invoked durably; any other function; a workflow without a handler. */
  readonly kind: 'durable' | 'function' | 'workflow'
}

export type Inspection = { readonly exports: readonly FoundExport[] } | { readonly failure: string }

/** By this `driver.lambdaHandler` marks what it makes, in every copy of perdure. */
const mark = Symbol.for('perdure.made-of')

const file = process.argv[2] ?? ''
const answer: Inspection = await import(pathToFileURL(file).href).then(
  (module: Readonly<Record<string, unknown>>) => ({ exports: exportsOf(module) }),
  (error: unknown) => ({
    failure: error instanceof Error ? (error.stack ?? error.message) : String(error),
  }),
)
// eslint-disable-next-line no-restricted-properties -- whatever the module has left running
process.send?.(answer, () => process.exit(0))

function exportsOf(module: Readonly<Record<string, unknown>>): FoundExport[] {
  const whole = module['default']
  const isHolder = typeof whole === 'object' && whole !== null
  const all = { ...(isHolder ? (whole as typeof module) : {}), ...module }
  return Object.entries(all).flatMap(([name, value]) => {
    const kind = kindOf(value)
    return kind ? [{ name, kind }] : []
  })
}

function kindOf(value: unknown): FoundExport['kind'] | undefined {
  if (typeof value !== 'function') return undefined
  if (mark in value) return 'durable'
  if (/^(?:Async)?GeneratorFunction$/.test(value.constructor.name)) return 'workflow'
  // The official SDK leaves no mark on its handlers but their text.
  return /DurableExecution/.test(Function.prototype.toString.call(value)) ? 'durable' : 'function'
}
