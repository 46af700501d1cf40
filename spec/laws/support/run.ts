import type { OperationRecord } from '../../../lib/journal/record.ts'
import { fromErrorRecord } from '../../../lib/kernel/error-record.ts'
import type { StoredExecution } from '../../../lib/service/store.ts'
import type { End } from './expected.ts'
import { Refused, tell } from './failures.ts'
import type { Fault } from './faults.ts'
import type { Plan } from './plan.ts'
import { perform } from './workflow-of.ts'
import { World, type Setting, type Witnessed } from './world.ts'

export interface Run extends Witnessed {
  readonly end: End
  readonly records: readonly OperationRecord[]
}

/** Runs a plan to its end. */
export function run(plan: Plan, setting: Setting, faults: readonly Fault[] = []): Promise<Run> {
  return runAll(() => plan, setting, faults)
}

/** Runs a workflow whose plan may change between one invocation and the next. */
export async function runAll(
  planAt: (invocation: number) => Plan,
  setting: Setting,
  faults: readonly Fault[] = [],
): Promise<Run> {
  const witnessed = await new World({
    ...setting,
    code: (stage, invocation) => perform(planAt(invocation), stage),
    faults,
  }).run()
  const records = witnessed.execution.operations
    .map(({ record }) => record)
    .filter(({ Type }) => Type !== 'EXECUTION')
  return { ...witnessed, end: endOf(witnessed.execution), records }
}

function endOf({ progress }: StoredExecution): End {
  const { status, result, error = {} } = progress
  if (status === 'SUCCEEDED') {
    return { status, result: result === undefined ? undefined : (JSON.parse(result) as unknown) }
  }
  if (error.ErrorType === 'NonDeterministicExecutionError') {
    const at = /\boperation ([\d-]+)/.exec(error.ErrorMessage ?? '')?.[1]
    return { status: 'DIVERGED', at: at ?? 'an operation that it does not name' }
  }
  return { status: 'FAILED', error: tell(fromErrorRecord(error, [Refused])) }
}
