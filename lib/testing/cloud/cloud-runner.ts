import { systemClock } from '../../kernel/clock.ts'
import { toMilliseconds } from '../../kernel/duration.ts'
import { invalidOption } from '../../kernel/errors.ts'
import type { Execution } from '../runner/execution.ts'
import type { RunResult } from '../runner/result.ts'
import { callsOf } from './client.ts'
import { CloudRun } from './cloud-run.ts'
import type { CloudRunnerOptions, CloudRunOptions } from './options.ts'

export interface CloudRunner {
  /** Starts an execution and follows it. */
  start<O = unknown>(input?: unknown, options?: CloudRunOptions): Execution<O>
  /** Runs an execution to its end. */
  run<O = unknown>(input?: unknown, options?: CloudRunOptions): Promise<RunResult<O>>
}

/** Runs a function that is deployed to AWS, with the handles and results of a run on virtual time. */
export function cloudRunner(options: CloudRunnerOptions): CloudRunner {
  const { functionName, qualifier, pollInterval = '1s', timeout = '5m' } = options
  const { clock = systemClock, driver } = options
  if (typeof functionName !== 'string' || functionName === '') {
    throw invalidOption('functionName', 'the name or the ARN of a function', functionName)
  }
  const setting = {
    calls: callsOf(options.client),
    functionName,
    qualifier: qualifier ?? (hasQualifier(functionName) ? undefined : '$LATEST'),
    pollMilliseconds: toMilliseconds(pollInterval, 'pollInterval'),
    timeoutMilliseconds: toMilliseconds(timeout, 'timeout'),
    clock,
    serdes: driver?.serdes,
    errors: driver?.errors ?? [],
  }
  function start<O>(input?: unknown, own: CloudRunOptions = {}): Execution<O> {
    return new CloudRun(setting, input, own).execution as Execution<O>
  }
  return {
    start,
    run: async <O>(input?: unknown, own?: CloudRunOptions) => start<O>(input, own).result,
  }
}

/** Whether a name or ARN says which version it means. */
function hasQualifier(functionName: string): boolean {
  const [, name = functionName] = /(?:^|:)function:(.*)$/.exec(functionName) ?? []
  return name.includes(':')
}
