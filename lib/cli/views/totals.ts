import type { HistoryEvent } from '../../service/history.ts'
import type { HistoryOperation } from '../../testing/runner/history.ts'
import { isByHandler } from './activity.ts'
import { detailsOf } from './events.ts'
import type { Totals } from './view.ts'

export function totalsOf(
  events: readonly HistoryEvent[],
  operations: readonly HistoryOperation[],
): Totals {
  let payloadBytes = 0
  let isDataLeftOut = false
  for (const event of events) {
    const { Input, Result, Error } = detailsOf(event)
    const isOwn = event.EventType !== 'InvocationCompleted'
    for (const data of isOwn ? [Input, Result, Error] : []) {
      if (data?.Truncated === true) isDataLeftOut = true
      const payload = data?.Payload
      if (payload === undefined) continue
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
      payloadBytes += Buffer.byteLength(text)
    }
  }
  return {
    operations: operations.length,
    attempts: operations.reduce((sum, { attempts }) => sum + attempts, 0),
    events: events.length,
    leastCheckpointCalls: leastCalls(events),
    payloadBytes,
    isDataLeftOut,
  }
}

/** What one call writes has one time, so there were at least as many calls as times in each invocation. */
function leastCalls(events: readonly HistoryEvent[]): number {
  let calls = 0
  let times = new Set<number>()
  for (const event of events) {
    if (isByHandler(event)) times.add(event.EventTimestamp.getTime())
    if (event.EventType !== 'InvocationCompleted') continue
    calls += times.size
    times = new Set()
  }
  return calls + times.size
}
