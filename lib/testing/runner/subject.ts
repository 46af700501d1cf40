import { invalidOption } from '../../kernel/errors.ts'
import { createDriver } from '../../lambda/driver.ts'
import { isHandler } from '../../lambda/made-of.ts'
import type { DriverOptions } from '../../lambda/options.ts'
import type { Workflow } from '../../operations/workflow.ts'
import type { Handler } from '../in-process-invocation.ts'
import type { ScenarioFunction } from '../scenario.ts'

/** A workflow, as a generator function, or a handler made by `driver.lambdaHandler`. */
export type Subject = Workflow<never> | Handler

/** Makes handlers for the workflows of a run, all by one driver. */
export function handlerMaker(options: DriverOptions = {}): (subject: Subject) => Handler {
  const driver = createDriver({ determinism: 'check', ...options })
  return (subject) => {
    if (typeof subject !== 'function') {
      throw invalidOption('workflow', 'a generator function or a handler', subject)
    }
    return isWorkflow(subject) ? driver.lambdaHandler(subject) : answering(subject)
  }
}

/** How a function of a scenario is called. */
export function calleeOf(
  name: string,
  callee: ScenarioFunction,
): { readonly durable: Subject } | { readonly plain: (input: never) => unknown } {
  if (typeof callee === 'function') {
    return isWorkflow(callee) || isHandler(callee)
      ? { durable: callee as Subject }
      : { plain: callee as (input: never) => unknown }
  }
  const found: unknown = 'durable' in callee ? callee.durable : callee.plain
  if (typeof found !== 'function') throw invalidOption(`functions.${name}`, 'a function', found)
  return callee
}

/** Whether it is a generator function; what makes a coroutine without being one cannot be told. */
export function isWorkflow(subject: unknown): subject is Workflow<never> {
  return Object.prototype.toString.call(subject) === '[object GeneratorFunction]'
}

/** Finds out a function that makes a coroutine without being a generator function itself. */
function answering(handler: Handler): Handler {
  if (isHandler(handler)) return handler
  return (event, context) => {
    const answer = handler(event, context)
    if (Object.prototype.toString.call(answer) !== '[object Generator]') return answer
    throw invalidOption(
      'workflow',
      'a generator function or a handler: one that makes a generator is told apart from a handler by ' +
        '`function* (input, context) { return yield* … }` around it',
      handler,
    )
  }
}
