import type { DriverOptions } from '../../lambda/options.ts'
import type { Handler } from '../in-process-invocation.ts'
import { handlerMaker, type Subject as Code } from '../runner/subject.ts'
import type { CallbackScripts, Scenario } from '../scenario.ts'

/** What is around a workflow while it is explored. */
export interface Surroundings extends Pick<Scenario, 'functions' | 'callbacks'> {
  /** For workflows; a handler has a driver of its own. */
  readonly driver?: DriverOptions | undefined
}

/** What is explored, run after run. */
export interface Subject {
  readonly handler: Handler
  readonly handlerOf: (code: Code) => Handler
  readonly input: unknown
  readonly functions: NonNullable<Scenario['functions']>
  readonly callbacks: CallbackScripts
}

export function subjectOf(
  code: Code,
  input: unknown,
  { driver, functions = {}, callbacks = {} }: Surroundings,
): Subject {
  // A check runs the workflow's code twice, and what it does to the world would count twice.
  const handlerOf = handlerMaker({ determinism: 'off', ...driver })
  return { handler: handlerOf(code), handlerOf, input, functions, callbacks }
}
