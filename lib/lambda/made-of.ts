import type { Workflow } from '../operations/workflow.ts'
import type { HandlerOptions, Settings } from './options.ts'

/** What a handler was made of, for tools that walk its workflow without invoking it. */
export interface MadeOf {
  readonly workflow: Workflow<never>
  readonly schemas: HandlerOptions<unknown, unknown>
  readonly settings: Settings
}

/** Known to every copy of this package: a tool may have loaded another one than the handler. */
const key: unique symbol = Symbol.for('perdure.made-of')

export function sayMadeOf<H extends object>(handler: H, madeOf: MadeOf): H {
  return Object.defineProperty(handler, key, { value: madeOf })
}

/** What a handler of `driver.lambdaHandler` was made of; nothing for anything else. */
export function madeOf(handler: unknown): MadeOf | undefined {
  return typeof handler === 'function' ? (handler as { [key]?: MadeOf })[key] : undefined
}

/** Whether a driver made this handler; what was wrapped around one is not known to be one. */
export function isHandler(value: unknown): boolean {
  return madeOf(value) !== undefined
}
