import { describe, invalidOption, type PerdureError } from '../../kernel/errors.ts'
import { createDriver } from '../../lambda/driver.ts'
import { isHandler } from '../../lambda/made-of.ts'
import type { DriverOptions } from '../../lambda/options.ts'
import type { Workflow } from '../../operations/workflow.ts'
import type { Handler } from '../in-process-invocation.ts'
import type { ScenarioFunction } from '../scenario.ts'

/** A workflow, as a generator function, or a handler made by `driver.lambdaHandler`. */
export type Subject = Workflow<never> | Handler

const expected = 'a generator function or a handler'

/**
 * Makes handlers for the workflows of a run, all by one driver. A function that is neither a workflow
 * nor a handler shows as such only when it has been called: `onMisuse` is told then.
 */
export function handlerMaker(
  options: DriverOptions = {},
): (subject: Subject, onMisuse?: (error: PerdureError) => void) => Handler {
  const driver = createDriver({ determinism: 'check', ...options })
  return (subject, onMisuse = () => undefined) => {
    const isClass = typeof subject === 'function' && /^class\b/.test(String(subject))
    if (typeof subject !== 'function' || isClass || isAsyncGenerator(subject)) {
      const found = isClass ? String(subject).slice(0, 40) : subject
      throw invalidOption('workflow', `${expected}${slipIn(subject)}`, found)
    }
    return isWorkflow(subject) ? driver.lambdaHandler(subject) : answering(subject, onMisuse)
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

/** Finds out a function that is neither, by what it answers: that could be no handler's answer. */
function answering(handler: Handler, onMisuse: (error: PerdureError) => void): Handler {
  if (isHandler(handler)) return handler
  return async (event, context) => {
    const answer = await handler(event, context)
    const found = misusedIn(answer)
    if (found === undefined) return answer
    const misuse = invalidOption('workflow', `${expected}${found}`, handler)
    onMisuse(misuse)
    throw misuse
  }
}

function misusedIn(answer: unknown): string | undefined {
  if (isGenerator(answer) || tagOf(answer) === '[object AsyncGenerator]') {
    return (
      ': one that makes a generator is told apart from a handler by ' +
      '`function* (input, context) { return yield* … }` around it'
    )
  }
  const isEnvelope = typeof answer === 'object' && answer !== null && 'Status' in answer
  return isEnvelope
    ? undefined
    : ` made by driver.lambdaHandler, not one that answers ${describe(answer)}`
}
