import { describe, invalidOption, type PerdureError } from '../../kernel/errors.ts'
import { createDriver } from '../../lambda/driver.ts'
import { isHandler } from '../../lambda/made-of.ts'
import type { DriverOptions } from '../../lambda/options.ts'
import type { Workflow } from '../../operations/workflow.ts'
import type { Handler } from '../in-process-invocation.ts'
import type { ScenarioFunction } from '../scenario.ts'

/** A workflow, as a generator function, or a handler made by `driver.lambdaHandler`. */
export type Subject = Workflow<never> | Handler

/**
 * Makes handlers for the workflows of a run, all by one driver. `onMistake` hears of a function that turns
 * out to be no handler, as soon as it has answered.
 */
export function handlerMaker(
  options: DriverOptions = {},
  onMistake: (mistake: PerdureError) => void = () => undefined,
): (subject: Subject) => Handler {
  const driver = createDriver({ determinism: 'check', ...options })
  return (subject) => {
    if (typeof subject !== 'function' || isAsyncGenerator(subject)) {
      throw invalidOption(
        'workflow',
        `a generator function or a handler${slipIn(subject)}`,
        subject,
      )
    }
    return isWorkflow(subject) ? driver.lambdaHandler(subject) : answering(subject, onMistake)
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
  if (typeof callee !== 'object' || (callee as unknown) === null) {
    throw invalidOption(`functions.${name}`, 'a function', callee)
  }
  const found: unknown = 'durable' in callee ? callee.durable : callee.plain
  if (typeof found !== 'function') throw invalidOption(`functions.${name}`, 'a function', found)
  return callee
}

/** Whether it is a generator function; what makes a coroutine without being one cannot be told. */
export function isWorkflow(subject: unknown): subject is Workflow<never> {
  return tagOf(subject) === '[object GeneratorFunction]'
}

function slipIn(subject: unknown): string {
  if (isAsyncGenerator(subject)) return ', not an `async function*`'
  return isGenerator(subject) ? ', not what comes of calling one' : ''
}

function isAsyncGenerator(subject: unknown): boolean {
  return tagOf(subject) === '[object AsyncGeneratorFunction]'
}

function isGenerator(subject: unknown): boolean {
  return tagOf(subject) === '[object Generator]'
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value)
}

/** Finds out a function that is neither a workflow nor a handler by what it answers. */
function answering(handler: Handler, onMistake: (mistake: PerdureError) => void): Handler {
  if (isHandler(handler)) return handler
  return async (event, context) => {
    const answer = await handler(event, context)
    if (isAnswer(answer)) return answer
    const mistake = isGenerator(answer)
      ? invalidOption(
          'workflow',
          'a generator function or a handler: one that makes a generator is told apart from a ' +
            'handler by `function* (input, context) { return yield* … }` around it',
          handler,
        )
      : invalidOption(
          'workflow',
          'a generator function (`function*`) or a handler made by driver.lambdaHandler, not one ' +
            `that answers ${describe(answer)}`,
          handler,
        )
    onMistake(mistake)
    throw mistake
  }
}

/** Whether the service would take it for the answer of a durable function. */
function isAnswer(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'Status' in answer
}
