import type { StandIn } from '../../driver/stand-in.ts'
import type { PerdureError } from '../../kernel/errors.ts'
import type { DriverOptions } from '../../lambda/options.ts'
import type { Handler } from '../in-process-invocation.ts'
import { freeName } from '../runner/callees.ts'
import { standInsOf, type StandIns } from '../runner/stand-ins.ts'
import { handlerMaker, type Subject as Code } from '../runner/subject.ts'
import type { CallbackScripts, Scenario } from '../scenario.ts'

/** What is around a workflow while it is explored. */
export interface Surroundings extends Pick<
  Scenario,
  'functions' | 'callbacks' | 'steps' | 'compensations'
> {
  /** For workflows; a handler has a driver of its own. */
  readonly driver?: DriverOptions | undefined
}

/** What is explored, run after run. */
export interface Subject {
  /** What its function is called. */
  readonly name: string
  readonly handler: Handler
  /** That it is neither a workflow nor a handler, once that has shown. */
  readonly misuse: () => PerdureError | undefined
  readonly handlerOf: (code: Code) => Handler
  readonly input: unknown
  readonly functions: NonNullable<Scenario['functions']>
  readonly callbacks: CallbackScripts
  readonly standIn: StandIn
  /** Names of bodies given of which nothing has come yet, in any run. */
  readonly unused: StandIns['unused']
  /** For input and result; JSON when left out. */
  readonly serdes: DriverOptions['serdes']
}

export function subjectOf(
  code: Code,
  input: unknown,
  { driver, functions = {}, callbacks = {}, steps, compensations }: Surroundings,
): Subject {
  // A check runs the workflow's code twice, and what it does to the world would count twice.
  const handlerOf = handlerMaker({ determinism: 'off', ...driver })
  let misuse: PerdureError | undefined
  return {
    name: freeName(functions),
    handler: handlerOf(code, (error) => (misuse = error)),
    misuse: () => misuse,
    handlerOf,
    input,
    functions,
    callbacks,
    ...standInsOf(steps, compensations),
    serdes: driver?.serdes,
  }
}
