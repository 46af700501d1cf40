import type { Workflow } from '../../operations/workflow.ts'
import type { Handler } from '../in-process-invocation.ts'
import type { Execution } from './execution.ts'
import { LocalRun } from './local-run.ts'
import type { RunOptions } from './options.ts'
import type { RunResult } from './result.ts'

/**
 * Starts a workflow, or a handler made by `driver.lambdaHandler`, on the emulated service in this
 * process. Virtual time passes only while somebody waits: for the result, or for an operation.
 */
export function start<I, O>(workflow: Workflow<I, O>, options?: RunOptions<I>): Execution<O>
export function start(handler: Handler, options?: RunOptions): Execution
export function start(subject: Workflow<never> | Handler, options: RunOptions = {}): Execution {
  return new LocalRun(subject, options).execution
}

/** Runs a workflow, or a handler, to its end on the emulated service, on virtual time. */
export function run<I, O>(workflow: Workflow<I, O>, options?: RunOptions<I>): Promise<RunResult<O>>
export function run(handler: Handler, options?: RunOptions): Promise<RunResult>
export async function run(
  subject: Workflow<never> | Handler,
  options: RunOptions = {},
): Promise<RunResult> {
  return new LocalRun(subject, options).execution.result
}
