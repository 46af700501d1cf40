import type { HistoryEvent } from '../../service/history.ts'
import { flat, type Activity, type InvocationView, type OperationView } from './view.ts'

export interface ActivityFacts {
  readonly events: readonly HistoryEvent[]
  readonly operations: readonly OperationView[]
  readonly invocations: readonly InvocationView[]
  readonly startedAt: string
  readonly asOf: string
}

/** Events that only a running invocation causes. */
const byHandler = /^(Step|Context)|^(Wait|Callback|ChainedInvoke)Started$|^WaitCancelled$/

export function isByHandler({ EventType }: HistoryEvent): boolean {
  return byHandler.test(EventType)
}

/** How an execution that has not ended goes on, judged by what came after its last invocation. */
export function activityOf({
  events,
  operations,
  invocations,
  startedAt,
  asOf,
}: ActivityFacts): Activity {
  const last = invocations.at(-1)
  const running = (since: string, isSure: boolean) =>
    ({ kind: 'running', invocation: invocations.length + 1, since, isSure }) as const
  if (last === undefined) return running(startedAt, true)

  const end = events.findLastIndex(({ EventType }) => EventType === 'InvocationCompleted')
  const since = events.slice(end + 1)
  const woken = since[0]?.EventTimestamp.toISOString()
  if (woken !== undefined && since.some(isByHandler)) return running(woken, true)
  if (last.error !== undefined) {
    const sound = invocations.findLastIndex(({ error }) => error === undefined)
    const failures = invocations.length - 1 - sound
    return { kind: 'failing', failures, since: last.endedAt, error: last.error }
  }
  if (woken !== undefined) return running(woken, false)

  const pending = [...flat(operations)].filter(isPending)
  const due = pending.flatMap(({ dueAt }) => (dueAt !== undefined && dueAt <= asOf ? [dueAt] : []))
  const [first] = due.toSorted()
  if (first !== undefined) return running(first, false)
  // Something came about while it was being suspended, or its way on is not on record yet.
  if (pending.length === 0) return running(last.endedAt, false)
  return { kind: 'suspended', since: last.endedAt }
}

/** Whether the operation is one that an execution can be suspended for. */
export function isPending({ standing, type, status }: OperationView): boolean {
  if (standing !== 'open' || type === 'CONTEXT') return false
  return type !== 'STEP' || status === 'PENDING'
}
