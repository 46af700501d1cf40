import { silent } from '../../driver/workflow-log.ts'
import type { Clock } from '../../kernel/clock.ts'
import { toEpochMilliseconds } from '../../journal/time.ts'
import type { OperationRecord } from '../../journal/record.ts'
import type { DurableService } from '../../checkpoint/port.ts'
import { portsOf } from '../../lambda/host.ts'
import type { MadeOf } from '../../lambda/made-of.ts'
import type { Order } from '../../lambda/order.ts'
import type { History } from '../history/read-history.ts'

const nobody: DurableService = {
  checkpoint: () => Promise.reject(new Error('A verifier sends nothing.')),
  getExecutionState: () => Promise.reject(new Error('A verifier asks for nothing.')),
}

/**
 * One invocation as the handler would make it, with nobody behind it: no service, a clock that stands
 * still, a log that nobody reads.
 */
export function orderOf({ workflow, schemas, settings }: MadeOf, history: History): Order {
  const { records, executionArn = `unknown/durable-execution/unknown/${idOf(records)}` } = history
  const now = records.reduce((latest, { StartTimestamp, EndTimestamp }) => {
    return Math.max(latest, toEpochMilliseconds(EndTimestamp ?? StartTimestamp) ?? 0)
  }, 0)
  const clock: Clock = { now: () => now, startTimer: () => ({ cancel: () => undefined }) }
  return {
    workflow,
    schemas,
    settings: { ...settings, checkpointing: 'batched', replayLogs: 'suppress' },
    envelope: {
      DurableExecutionArn: executionArn,
      CheckpointToken: 'none',
      InitialExecutionState: { Operations: records },
    },
    ports: { ...portsOf(undefined), service: nobody, clock, log: silent },
    service: nobody,
    lambda: {},
    log: silent,
  }
}

function idOf(records: readonly OperationRecord[]): string {
  return records.find(({ Type }) => Type === 'EXECUTION')?.Id ?? 'unknown'
}
