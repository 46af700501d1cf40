import type { Clock } from '../../kernel/clock.ts'
import type { Duration } from '../../kernel/duration.ts'
import type { DriverOptions } from '../../lambda/options.ts'
import type { CallbackScripts } from '../scenario.ts'
import type { CloudClient } from './client.ts'

export interface CloudRunnerOptions {
  /** A `LambdaClient` or a `Lambda` of the AWS SDK, or anything with the calls of one. */
  readonly client: CloudClient
  /** Name or ARN; Lambda runs durable functions with a qualifier only. */
  readonly functionName: string
  /** A version or an alias; `$LATEST` when left out and the name has none. */
  readonly qualifier?: string
  /** Between two looks at the history; a second when left out. */
  readonly pollInterval?: Duration
  /** How long to wait for the end; 5 minutes when left out. */
  readonly timeout?: Duration
  /** As in production, to read results and errors by: of these, `serdes` and `errors` are used. */
  readonly driver?: Pick<DriverOptions, 'serdes' | 'errors'>
  /** By which it waits; the system's when left out. */
  readonly clock?: Clock
}

export interface CloudRunOptions {
  /** Answers to callbacks, by name; `after` counts real time from when the callback is seen. */
  readonly callbacks?: CallbackScripts
  /** The name of the execution. */
  readonly name?: string
}
