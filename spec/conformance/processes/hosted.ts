import { createDriver, driver } from 'perdure'

import { driverOptions, isDurable, type PlainFunction } from '../handler.ts'
import { loadModule } from '../load-handlers.ts'

// What the process of a case runs. The service has said by the environment which module it is for.

const { CONFORMANCE_FILE = '', CONFORMANCE_ID = '', CONFORMANCE_TARGET = '' } = process.env
const handlers = await loadModule(CONFORMANCE_FILE)

type LambdaHandler = (event: unknown, context: unknown) => Promise<unknown>

const made = new Map<string, LambdaHandler>()

/** Every handler of the module: the name of the execution begins with the id of the one that is meant. */
export const handler: LambdaHandler = async (event, context) => {
  const { DurableExecutionArn: arn } = event as { DurableExecutionArn: string }
  const id = /\/durable-execution\/([^/_]+)_/.exec(arn)?.[1] ?? ''
  return handlerOf(id)(event, context)
}

/** The one target that the process is for. */
export const target = targetOf(CONFORMANCE_ID, CONFORMANCE_TARGET)

function handlerOf(id: string): LambdaHandler {
  const known = made.get(id)
  if (known) return known
  const found = handlers.get(id)
  if (!found) throw new Error(`${CONFORMANCE_FILE} has no handler for ${id}.`)
  const handler = createDriver(driverOptions(found)).lambdaHandler(found.workflow)
  made.set(id, handler)
  return handler
}

function targetOf(id: string, name: string): LambdaHandler | PlainFunction | undefined {
  const found = handlers.get(id)?.targets?.[name]
  return found && isDurable(found) ? driver.lambdaHandler(found) : found
}
