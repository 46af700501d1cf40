import type { ErrorRecord } from '../../kernel/error-record.ts'
import type { HistoryEvent } from '../../service/history.ts'
import { detailsOf } from './events.ts'

/** One attempt of a step or a check; times in milliseconds since 1970. */
export interface AttemptDraft {
  readonly number: number
  readonly startedAt: number
  endedAt?: number
  status: 'STARTED' | 'SUCCEEDED' | 'FAILED'
  result?: string
  error?: ErrorRecord
  nextAt?: number
}

/** The attempts of every step, by its id. */
export function attemptsOf(events: readonly HistoryEvent[]): Map<string, AttemptDraft[]> {
  const attempts = new Map<string, AttemptDraft[]>()
  for (const event of events) {
    const { EventType: type, Id: id } = event
    if (id === undefined || !type.startsWith('Step')) continue
    const list = attempts.get(id) ?? []
    attempts.set(id, list)
    const at = event.EventTimestamp.getTime()
    const last = list.at(-1)
    if (type === 'StepStarted') {
      list.push({ number: list.length + 1, startedAt: at, status: 'STARTED' })
      continue
    }
    let open = last
    if (open?.status !== 'STARTED') {
      // Begun and ended by one call, without a word of the beginning.
      open = { number: list.length + 1, startedAt: at, status: 'STARTED' }
      list.push(open)
    }
    end(open, event, at)
  }
  return attempts
}

function end(attempt: AttemptDraft, event: HistoryEvent, at: number): void {
  const { Result, Error, RetryDetails } = detailsOf(event)
  const delay = RetryDetails?.NextAttemptDelaySeconds
  attempt.status = event.EventType === 'StepSucceeded' ? 'SUCCEEDED' : 'FAILED'
  attempt.endedAt = at
  if (Result?.Payload !== undefined) attempt.result = Result.Payload
  if (Error?.Payload !== undefined) attempt.error = Error.Payload
  if (delay !== undefined) attempt.nextAt = at + delay * 1000
}
