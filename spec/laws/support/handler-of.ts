import type { Checkpointing } from '../../../lib/driver/environment.ts'
import type { Log } from '../../../lib/kernel/logger.ts'
import { createDriver } from '../../../lib/lambda/driver.ts'
import type { Coroutine, WorkflowContext } from '../../../lib/operations/workflow.ts'
import type { Handler } from '../../../lib/testing/embedded.ts'
import { Refused } from './failures.ts'
import type { Plan } from './plan.ts'
import type { Stage } from './stage.ts'
import { perform } from './workflow-of.ts'

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** What an invocation is to perform, and where. */
type Casting = (input: unknown, context: WorkflowContext) => { plan: Plan; stage: Stage }

/** A handler whose workflow performs what `cast` says. */
export function handlerOf(
  checkpointing: Checkpointing,
  cast: Casting,
  determinism: 'off' | 'check' = 'off',
): Handler {
  const driver = createDriver({
    checkpointing,
    errors: [Refused],
    determinism,
    log: silent,
  })
  return driver.lambdaHandler(function* (
    input: unknown,
    context: WorkflowContext,
  ): Coroutine<unknown> {
    const { plan, stage } = cast(input, context)
    return yield* perform(plan, stage)
  })
}
