import type { DurableService } from '../checkpoint/port.ts'
import type { Checkpointing } from '../driver/environment.ts'
import type { ReplayLogs } from '../driver/workflow-log.ts'
import { toMilliseconds, type Duration } from '../kernel/duration.ts'
import type { ErrorClass } from '../kernel/error-record.ts'
import type { Log } from '../kernel/logger.ts'
import { defaultRetry, type RetryStrategy } from '../kernel/retry.ts'
import { json, type Schema, type Serdes } from '../kernel/serdes.ts'
import { checkClasses, checkFunctions, checkOneOf, checkSerdes } from '../operations/options.ts'

/**
 * The two calls that the engine needs from the durable service; requests and answers are shaped as in
 * `@aws-sdk/client-lambda`.
 */
export interface DurableClient {
  checkpoint(request: object): Promise<object>
  getExecutionState(request: object): Promise<object>
}

export interface DriverOptions {
  /** Without one, the AWS SDK's Lambda client is loaded when the first call is due. */
  readonly client?: DurableClient | undefined
  readonly checkpointing?: Checkpointing | undefined
  /** For every payload whose operation names no serdes of its own. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- it serves operations of any result
  readonly serdes?: Serdes<any> | undefined
  /** For every step that names no strategy of its own. */
  readonly retry?: RetryStrategy | undefined
  /** Error classes that workflows catch as themselves, with their own enumerable fields. */
  readonly errors?: readonly ErrorClass[] | undefined
  /** Gets every message with the execution, request and operation among its fields. */
  readonly log?: Log | undefined
  readonly replayLogs?: ReplayLogs | undefined
  /**
   * Before the invocation's deadline: time in which nothing new is begun, and the execution is handed
   * over to the next invocation. A fifth of the function's time, and at most 5 s, when left out.
   */
  readonly deadlineMargin?: Duration | undefined
  /**
   * `'check'` ends executions of code that does not do the same each time, or forgets a yield, and
   * warns of results that their serdes changes. For tests: all of a workflow's code runs twice.
   */
  readonly determinism?: 'off' | 'check' | undefined
}

export interface HandlerOptions<I, O> {
  /** Checks the input before anything runs; what does not fit ends the execution with INVALID_INPUT. */
  readonly input?: Schema<I> | undefined
  readonly output?: Schema<O> | undefined
}

/** Driver options with nothing left out. */
export interface Settings {
  readonly client: DurableService | undefined
  readonly checkpointing: Checkpointing
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
  readonly serdes: Serdes<any>
  readonly retry: RetryStrategy
  readonly errors: readonly ErrorClass[]
  readonly log: Log | undefined
  readonly replayLogs: ReplayLogs
  readonly determinism: 'off' | 'check' | undefined
  /** In milliseconds. */
  readonly deadlineMargin: number | undefined
}

/** Throws INVALID_OPTION for options that cannot be meant. */
export function settle(options: DriverOptions): Settings {
  checkOneOf(options, 'checkpointing', ['eager', 'batched', 'optimistic'])
  checkOneOf(options, 'replayLogs', ['suppress', 'all', 'errors', 'warnings'])
  checkOneOf(options, 'determinism', ['off', 'check'])
  checkFunctions(options, 'retry')
  checkSerdes(options, 'serdes', 'serialize', 'deserialize')
  checkSerdes(options, 'client', 'checkpoint', 'getExecutionState')
  checkSerdes(options, 'log', 'debug', 'info', 'warn', 'error')
  const { errors = [] } = options
  checkClasses(errors, 'errors')
  return {
    client: options.client,
    checkpointing: options.checkpointing ?? 'batched',
    serdes: options.serdes ?? json,
    retry: options.retry ?? defaultRetry,
    errors,
    log: options.log,
    replayLogs: options.replayLogs ?? 'suppress',
    determinism: options.determinism,
    deadlineMargin:
      options.deadlineMargin && toMilliseconds(options.deadlineMargin, 'deadlineMargin'),
  }
}
