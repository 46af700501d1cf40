import type { DurableService } from '../checkpoint/port.ts'
import type { OperationRecord } from '../journal/record.ts'
import { systemClock } from '../kernel/clock.ts'
import { trace } from '../kernel/log.ts'
import { systemRandom } from '../kernel/random.ts'
import { step } from '../operations/step.ts'
import { runInvocation } from './invocation.ts'
import { lambdaLog } from './logger.ts'
import { settle } from './options.ts'
import type { LambdaContext } from './order.ts'

// V8 throws away optimised code once no instance of the classes in it is alive, and between two
// invocations none of ours is: after a full collection, a replay of 10,000 steps took three times as
// long. One small walk that never ends keeps an instance of each alive.

let kept: unknown

/** Keeps the code of the replay path optimised from here on; costs one walk over three records. */
export function keepWarm(): void {
  if (kept !== undefined || trace.driver.isOn) return
  const never = new Promise<never>(() => {})
  kept = never
  const service: DurableService = { checkpoint: () => never, getExecutionState: () => never }
  void runInvocation({
    workflow: threeStepsAndOne,
    schemas: {},
    settings: settle({}),
    envelope: {
      DurableExecutionArn: 'kept-warm',
      CheckpointToken: 'kept-warm',
      InitialExecutionState: { Operations: threeRecords() },
    },
    ports: {
      service,
      clock: systemClock,
      random: systemRandom,
      observer: {},
      log: undefined,
      isOver: () => false,
    },
    service,
    lambda: {} satisfies LambdaContext,
    log: lambdaLog(() => 0),
  })
}

function* threeStepsAndOne() {
  for (let i = 0; i < 4; i++) yield* step(() => i)
}

function threeRecords(): OperationRecord[] {
  const StartTimestamp = '2026-01-01T00:00:00.000Z'
  const steps = [1, 2, 3].map((turn) => ({
    Id: String(turn),
    Type: 'STEP' as const,
    SubType: 'Step',
    Status: 'SUCCEEDED' as const,
    StartTimestamp,
    StepDetails: { Attempt: 1, Result: String(turn) },
  }))
  return [{ Id: 'execution', Type: 'EXECUTION', Status: 'STARTED', StartTimestamp }, ...steps]
}
