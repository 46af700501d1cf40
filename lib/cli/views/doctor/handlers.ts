import { isHandler } from '../../../lambda/made-of.ts'
import { isWorkflow } from '../../../testing/runner/subject.ts'
import { mistake, ok, warning, type Finding } from './finding.ts'

export interface HandlerPorts {
  /** Imports a module; rejects with what it throws. */
  readonly load: (file: string) => Promise<Readonly<Record<string, unknown>>>
}

/** What is wrong with the handlers that a module exports, or with its having none. */
export async function checkModule(file: string, { load }: HandlerPorts): Promise<Finding[]> {
  let module: Readonly<Record<string, unknown>>
  try {
    module = await load(file)
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    const advice =
      'Mend what the module does when it is imported: Lambda would not get any further.'
    return [mistake(file, `throws when it is imported: ${reason.split('\n')[0] ?? ''}`, advice)]
  }
  const exported = Object.entries(module)
  const found = exported.filter(([, value]) => isHandler(value))
  const findings = found.map(([name]) => ok(file, `exports the handler ${name}`))
  const wrong = exported.flatMap(([name, value]) =>
    checkExport(file, name, value, found.length > 0),
  )
  if (found.length === 1 && found[0]?.[0] === 'default') {
    wrong.push(
      warning(
        file,
        'exports its handler as default only',
        'Lambda looks for a name: `export const handler = …`, and file.handler in its settings.',
      ),
    )
  }
  if (found.length + wrong.length > 0) return [...findings, ...wrong]
  const names = exported.map(([name]) => name).join(', ')
  const what = names === '' ? 'exports nothing' : `exports no handler, only ${names}`
  return [mistake(file, what, 'Add `export const handler = driver.lambdaHandler(workflow)`.')]
}

function checkExport(file: string, name: string, value: unknown, hasHandler: boolean): Finding[] {
  const tag = Object.prototype.toString.call(value)
  if (tag === '[object AsyncGeneratorFunction]') {
    return [
      mistake(
        file,
        `${name} is an async generator`,
        'A workflow is a plain `function*`: put what is awaited into steps, and write `yield*` for `await`.',
      ),
    ]
  }
  if (isWorkflow(value)) {
    // Beside a handler a workflow is exported for its specs.
    if (hasHandler && name !== 'handler') return []
    return [
      mistake(
        file,
        `${name} is a workflow, and Lambda needs a handler for it`,
        `export const handler = driver.lambdaHandler(${name === 'handler' ? 'workflow' : name})`,
      ),
    ]
  }
  if (name !== 'handler' || isHandler(value)) return []
  if (typeof value !== 'function') {
    const advice = 'Export what `driver.lambdaHandler(workflow)` returns.'
    return [mistake(file, `handler is no function but ${describe(value)}`, advice)]
  }
  return [
    warning(
      file,
      'handler does not look durable: no driver of perdure made it',
      'Where it is meant to be, make it by `driver.lambdaHandler(workflow)`; a wrapper around one is fine.',
    ),
  ]
}

function describe(value: unknown): string {
  if (value instanceof Promise) return 'a promise'
  return value === null
    ? 'null'
    : Array.isArray(value)
      ? 'an array'
      : `a value of type ${typeof value}`
}
