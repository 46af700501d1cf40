import type { Duration } from '../kernel/duration.ts'
import type { Serializer } from '../kernel/serdes.ts'
import type { Workflow } from '../operations/workflow.ts'
import type { Handler } from './in-process-invocation.ts'

/** What the outside world does while a workflow runs on the embedded service. */
export interface Scenario {
  readonly input?: unknown
  /**
   * Functions that the workflow invokes, by name. A workflow or a handler made by
   * `driver.lambdaHandler` runs as an execution of its own, any other function is called as it is;
   * `durable` and `plain` say so where it cannot be told.
   */
  readonly functions?: Readonly<Record<string, ScenarioFunction>> | undefined
  /** Answers to callbacks, by the name of the operation that makes them, or its id where it has none. */
  readonly callbacks?: CallbackScripts | undefined
  /** Steps, by name, whose invocation dies, once, after the body is done and before that is recorded. */
  readonly crashes?: readonly string[] | undefined
  /**
   * What runs in place of bodies, by the operation's name, or its id where it has none: of steps, of
   * submitters (handed the callback's id) and of checks (handed the state). Retries, time-outs and
   * serdes stay those of the operation.
   */
  readonly steps?: Bodies | undefined
  /** What runs in place of the compensations of steps, handed the step's result. */
  readonly compensations?: Bodies | undefined
}

export type Bodies = Readonly<Record<string, (...args: never[]) => unknown>>

export type ScenarioFunction =
  | ((input: never) => unknown)
  | Handler
  | Workflow<never>
  | { readonly durable: Handler | Workflow<never> }
  | { readonly plain: (input: never) => unknown }

/** One answer for every callback of a name, or one for each in turn; the last one serves the rest. */
export type CallbackScripts = Readonly<Record<string, CallbackAnswer | readonly CallbackAnswer[]>>

/**
 * What is sent, and how long after the callback was made: a second, when left out. With `heartbeat`, a
 * heartbeat at such intervals until then. `'timeout'`, or `timeout: true`, sends nothing.
 */
export type CallbackAnswer =
  | 'timeout'
  | ({ readonly after?: Duration; readonly heartbeat?: Duration } & (
      | { readonly succeed: unknown; readonly serdes?: Serializer<unknown> }
      | { readonly fail: Error | { readonly type?: string; readonly message: string } }
      | { readonly timeout: true }
    ))
