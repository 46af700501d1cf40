import type { OperationRecord } from '../journal/record.ts'
import type { Appointment } from './scheduler.ts'
import type { ExecutionFacts, OperationExtras } from './store.ts'

/** What an operation, as it stands, has to be woken for. */
export function appointmentsOf(
  record: OperationRecord,
  extras: OperationExtras | undefined,
): Appointment[] {
  const { Id: id, Type, Status } = record
  if (Type === 'WAIT' && Status === 'STARTED') {
    return [{ kind: 'wait', id, due: record.WaitDetails?.ScheduledEndTimestamp as number }]
  }
  if (Type === 'STEP' && Status === 'PENDING') {
    return [{ kind: 'retry', id, due: record.StepDetails?.NextAttemptTimestamp as number }]
  }
  const callback = extras?.callback
  if (Type !== 'CALLBACK' || Status !== 'STARTED' || !callback) return []
  const { timeoutSeconds, heartbeatSeconds, beatAt } = callback
  const timeout = (record.StartTimestamp as number) + timeoutSeconds * 1000
  const heartbeat = beatAt + heartbeatSeconds * 1000
  return [
    ...(timeoutSeconds > 0 ? [{ kind: 'callback', id, due: timeout } as const] : []),
    ...(heartbeatSeconds > 0 ? [{ kind: 'heartbeat', id, due: heartbeat } as const] : []),
  ]
}

/** When the execution has taken too long. */
export function timeoutOf({ startedAt, timeoutSeconds }: ExecutionFacts): Appointment {
  return { kind: 'execution', id: '', due: startedAt + timeoutSeconds * 1000 }
}

/** When an invocation that failed is made again. */
export function retryAt(due: number): Appointment {
  return { kind: 'invocation', id: '', due }
}
