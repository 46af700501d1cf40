import { describe, isPerdureError } from '../../kernel/errors.ts'
import type { Schema } from '../../kernel/serdes.ts'
import { madeOf, type MadeOf } from '../../lambda/made-of.ts'
import { settle, type DriverOptions } from '../../lambda/options.ts'
import { checkSerdes } from '../../operations/options.ts'
import type { Workflow } from '../../operations/workflow.ts'
import type { Handler } from '../embedded.ts'
import type { RecordedEnd } from '../history/read-history.ts'
import { gateReports, type GateReport } from './gates.ts'
import { judge, type Judged, type Verdict } from './judge.ts'
import { sourcesOf, type Sources } from './sources.ts'
import { noWorkflow } from './walk.ts'

export interface VerifyOptions {
  /** As the handler's driver has them; a handler of `driver.lambdaHandler` brings its own. */
  readonly driver?: DriverOptions | undefined
  readonly input?: Schema<unknown> | undefined
  readonly output?: Schema<unknown> | undefined
}

/** What new code makes of one recorded execution. */
export interface VerifiedHistory extends Judged {
  readonly name: string
  /** On record, the execution's own record not counted. */
  readonly operations: number
  readonly end?: RecordedEnd
  readonly executionArn?: string
}

export interface Verification {
  readonly histories: readonly VerifiedHistory[]
  readonly counts: Readonly<Record<Verdict, number>>
  readonly gates: readonly GateReport[]
  /** Whether executions like these may go on with the new code: all are identical or compatible. */
  readonly isSafe: boolean
}

/**
 * Replays recorded executions against a workflow, or the handler of one, as it is now, and says of each
 * whether it would go the same way. No body is run and nothing is sent; serdes are asked as on a replay.
 * Each history is what `readHistory` takes, or answers; under a name of its own where an object has them.
 */
export async function verify(
  workflow: Workflow<never> | Handler,
  histories: Sources,
  options: VerifyOptions = {},
): Promise<Verification> {
  const made = whatIsVerified(workflow, options)
  const verified: VerifiedHistory[] = []
  for (const { name, read } of sourcesOf(histories)) {
    try {
      const history = read()
      const { records, end, executionArn } = history
      verified.push({
        name,
        operations: records.length - 1,
        ...(end ? { end } : {}),
        ...(executionArn === undefined ? {} : { executionArn }),
        ...(await judge(history, made)),
      })
    } catch (error) {
      if (!isPerdureError(error, 'INVALID_ENVELOPE')) throw error
      verified.push(unread(name, error.message))
    }
  }
  const counts = { identical: 0, compatible: 0, 'result-differs': 0, diverges: 0, unreadable: 0 }
  for (const { verdict } of verified) counts[verdict] += 1
  return {
    histories: verified,
    counts,
    gates: gateReports(verified.map((one) => ({ ...one, isRunning: one.end === undefined }))),
    isSafe: counts.identical + counts.compatible === verified.length,
  }
}

function unread(name: string, reason: string): VerifiedHistory {
  const nothing = { differences: [], fresh: [], gates: [], operations: 0 }
  return { name, verdict: 'unreadable', ...nothing, notes: [reason] }
}

function whatIsVerified(workflow: unknown, options: VerifyOptions): MadeOf {
  const { driver, input, output } = options
  const made = madeOf(workflow)
  const isAsync = Object.prototype.toString.call(workflow) === '[object AsyncFunction]'
  if (typeof workflow !== 'function' || isAsync) {
    throw noWorkflow(isAsync ? `an async function, ${describe(workflow)}` : workflow)
  }
  checkSerdes(options, 'input', 'create')
  checkSerdes(options, 'output', 'create')
  return {
    workflow: made?.workflow ?? (workflow as Workflow<never>),
    settings: driver === undefined && made ? made.settings : settle(driver ?? {}),
    schemas: { ...made?.schemas, ...(input ? { input } : {}), ...(output ? { output } : {}) },
  }
}
