import { invalidOption } from '../../kernel/errors.ts'
import { createDriver } from '../../lambda/driver.ts'
import type { DriverOptions } from '../../lambda/options.ts'
import type { Workflow } from '../../operations/workflow.ts'
import type { Handler } from '../in-process-invocation.ts'
import type { CallbackAnswer, Scenario } from '../scenario.ts'

/** What is around a workflow while it is explored. */
export interface Surroundings extends Pick<Scenario, 'functions' | 'callbacks'> {
  /** For workflows; a handler has a driver of its own. */
  readonly driver?: DriverOptions | undefined
}

/** What is explored, run after run. */
export interface Subject {
  readonly handler: Handler
  readonly input: unknown
  readonly functions: NonNullable<Scenario['functions']>
  readonly callbacks: Readonly<Record<string, CallbackAnswer>>
}

const GeneratorFunction = Object.getPrototypeOf(function* () {}) as object

export function subjectOf(
  code: Workflow<never> | Handler,
  input: unknown,
  { driver, functions = {}, callbacks = {} }: Surroundings,
): Subject {
  if (typeof code !== 'function') {
    throw invalidOption('workflow', 'a generator function, or a handler', code)
  }
  const handler = isWorkflow(code) ? createDriver(driver).lambdaHandler(code) : code
  return { handler, input, functions, callbacks }
}

function isWorkflow(code: object): code is Workflow<never> {
  return Object.getPrototypeOf(code) === GeneratorFunction
}
