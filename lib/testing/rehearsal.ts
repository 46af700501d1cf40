import type { ErrorRecord } from '../kernel/error-record.ts'
import type { Handler } from './embedded.ts'
import { run } from './runner/run.ts'
import type { Scenario } from './scenario.ts'
import type { InvocationTranscript } from './transcript.ts'

/** How a rehearsed execution went. */
export interface Rehearsed {
  readonly executionArn: string
  /** RUNNING when neither the scenario nor any timer could move the execution any further. */
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'STOPPED'
  /** The result's payload, as text. */
  readonly result: string | undefined
  readonly error: ErrorRecord | undefined
  readonly invocations: readonly InvocationTranscript[]
  /** Names of callbacks that are waited for and that the scenario does not answer. */
  readonly unanswered: readonly string[]
  /** What the scenario has and nothing came of: callbacks never made, steps never done. */
  readonly unused: { readonly callbacks: readonly string[]; readonly crashes: readonly string[] }
}

export interface RehearsalOptions {
  /** For handlers whose driver does not say itself. */
  readonly determinism?: 'off' | 'check' | undefined
}

/** A run of a handler, its outcome as the service keeps it: `run` with fewer words. */
export async function rehearse(
  handler: Handler,
  scenario: Scenario,
  onInvocation: (transcript: InvocationTranscript) => void = () => {},
  { determinism = 'off' }: RehearsalOptions = {},
): Promise<Rehearsed> {
  const options = { ...scenario, onInvocation, patience: false, driver: { determinism } } as const
  const result = await run(handler, options)
  const { executionArn, status, payload, errorRecord, invocations, unanswered, unused } = result
  return {
    executionArn,
    status,
    result: payload,
    error: errorRecord,
    invocations,
    unanswered,
    unused: { callbacks: unused.callbacks, crashes: unused.crashes },
  }
}
