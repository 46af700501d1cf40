import type { Checkpointing } from '../../../lib/driver/environment.ts'
import { retry } from '../../../lib/kernel/retry.ts'
import type { Log } from '../../../lib/kernel/logger.ts'
import { createDriver } from '../../../lib/lambda/driver.ts'
import type { Coroutine, WorkflowContext } from '../../../lib/operations/workflow.ts'
import type { Handler } from '../../../lib/testing/embedded.ts'
import { Refused } from './failures.ts'

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** A handler that runs `code`; what undoes a step has three attempts, a second apart. */
export function handlerOf(
  checkpointing: Checkpointing,
  code: (input: unknown, context: WorkflowContext) => Coroutine<unknown>,
  determinism: 'off' | 'check' = 'off',
): Handler {
  const driver = createDriver({
    checkpointing,
    errors: [Refused],
    retry: retry.fixed({ delay: '1s', maxAttempts: 3 }),
    determinism,
    log: silent,
  })
  return driver.lambdaHandler(code)
}
