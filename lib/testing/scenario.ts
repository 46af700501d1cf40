import type { Duration } from '../kernel/duration.ts'
import type { Handler } from './in-process-invocation.ts'

/** What the outside world does while a workflow runs on the embedded service. */
export interface Scenario {
  readonly input?: unknown
  /**
   * Functions that the workflow invokes, by name: a handler made by `driver.lambdaHandler` under
   * `durable`, any other function under `plain`.
   */
  readonly functions?: Readonly<Record<string, ScenarioFunction>>
  /** Answers to callbacks, by the name of the operation that makes them, or its id where it has none. */
  readonly callbacks?: Readonly<Record<string, CallbackAnswer>>
  /** Steps, by name, whose invocation dies, once, after the body is done and before that is recorded. */
  readonly crashes?: readonly string[]
}

export type ScenarioFunction =
  { readonly durable: Handler } | { readonly plain: (input: never) => unknown }

/** What is sent, and how long after the callback was made; a second when left out. */
export type CallbackAnswer = { readonly after?: Duration } & (
  | { readonly succeed: unknown }
  | { readonly fail: { readonly type?: string; readonly message: string } }
)
