import type { Api, Body } from './api.ts'
import type { Crowd, Known } from './crowd.ts'
import type { Line } from './ledger.ts'
import { results } from './workload.ts'

export interface HistoryEvent {
  readonly EventId: number
  readonly EventType: string
  readonly EventTimestamp: number
  readonly Id?: string
  readonly WaitStartedDetails?: { readonly ScheduledEndTimestamp: number }
  readonly CallbackStartedDetails?: { readonly CallbackId: string }
  readonly ChainedInvokeStartedDetails?: { readonly DurableExecutionArn: string }
}

/** One execution at the end. */
export interface Final {
  readonly arn: string
  readonly status: string
  readonly result: unknown
  readonly events: readonly HistoryEvent[]
}

/** Everything there is to judge. */
export interface Evidence {
  readonly crowd: Pick<Crowd, 'known' | 'callbacks' | 'refusals'>
  readonly finals: ReadonlyMap<string, Final>
  readonly ledger: readonly Line[]
}

/** Each breach in a sentence; none when all went well. */
export function judge(evidence: Evidence): string[] {
  const { crowd, finals } = evidence
  return [
    ...crowd.refusals.map((one) => `refused: ${one}`),
    ...[...crowd.known.values()].flatMap((one) => judgeEnd(one, finals)),
    ...[...finals.values()].flatMap(judgeHistory),
    ...judgeAcknowledged(evidence),
    ...judgeCallbacks(evidence),
    ...judgeBodies(evidence),
    ...judgeFences(evidence),
  ]
}

function judgeEnd({ input, arn, stopAcknowledged }: Known, finals: Evidence['finals']): string[] {
  const who = `${input.id} (${input.kind})`
  if (arn === undefined) return [`${who} was never started`]
  const final = finals.get(arn)
  if (!final) return [`${who} was acknowledged and is gone`]
  if (input.kind === 'endless') {
    const isRight = final.status === 'STOPPED' && stopAcknowledged
    return isRight ? [] : [`${who} was stopped and is ${final.status}`]
  }
  const right: readonly unknown[] = input.kind === 'callee' ? [30] : results[input.kind]
  const isRight = right.some((one) => JSON.stringify(one) === JSON.stringify(final.result))
  if (final.status === 'SUCCEEDED' && isRight) return []
  return [`${who} ended ${final.status} with ${JSON.stringify(final.result)}`]
}

function judgeHistory({ arn, events }: Final): string[] {
  const found: string[] = []
  const ends = new Map<string, number>()
  const due = new Map<string, number>()
  let last = 0
  for (const [i, event] of events.entries()) {
    const { EventId, EventType, EventTimestamp, Id = '' } = event
    if (EventId !== i + 1) found.push(`${arn}: event ${i + 1} has the number ${EventId}`)
    if (EventTimestamp < last) found.push(`${arn}: time goes back at event ${EventId}`)
    last = EventTimestamp
    const end = event.WaitStartedDetails?.ScheduledEndTimestamp
    if (end !== undefined) due.set(Id, end)
    if (EventType === 'WaitSucceeded' && EventTimestamp < (due.get(Id) ?? 0)) {
      found.push(`${arn}: wait ${Id} ended early`)
    }
    if (/^(?:Execution|Context|Wait|Callback|ChainedInvoke)(?!Started)/.test(EventType)) {
      ends.set(Id, (ends.get(Id) ?? 0) + 1)
    }
  }
  for (const [id, times] of ends) if (times > 1) found.push(`${arn}: ${id} ended ${times} times`)
  return found
}

/** What was acknowledged to a handler is in the history, as often as it was acknowledged. */
function judgeAcknowledged({ ledger, finals }: Evidence): string[] {
  const acknowledged = new Map<string, number>()
  for (const line of ledger) {
    if (line.what !== 'acknowledged') continue
    for (const [id, action] of line.updates) {
      count(acknowledged, `${line.arn} ${id} ${action === 'START' ? 'start' : 'end'}`)
    }
  }
  const recorded = new Map<string, number>()
  for (const { arn, events } of finals.values()) {
    for (const { Id, EventType } of events) {
      if (Id === undefined) continue
      count(recorded, `${arn} ${Id} ${EventType.endsWith('Started') ? 'start' : 'end'}`)
    }
  }
  return [...acknowledged]
    .filter(([key, times]) => (recorded.get(key) ?? 0) < times)
    .map(([key, times]) => `${key}: acknowledged ${times}, recorded ${recorded.get(key) ?? 0}`)
}

function judgeCallbacks({ crowd, finals }: Evidence): string[] {
  const ended = new Set<string>()
  for (const { events } of finals.values()) {
    const succeeded = new Set(
      events.filter(({ EventType }) => EventType === 'CallbackSucceeded').map(({ Id }) => Id),
    )
    for (const { Id, CallbackStartedDetails: started } of events) {
      if (started && succeeded.has(Id)) ended.add(started.CallbackId)
    }
  }
  return [...crowd.callbacks.values()]
    .filter(({ id, acknowledged }) => acknowledged !== 'success' || !ended.has(id))
    .map(({ id, acknowledged }) => `callback ${id}: ${acknowledged ?? 'never taken'}, not recorded`)
}

/** No attempt of an at-most-once step begins twice, and none before its start is on record. */
function judgeBodies({ ledger, finals }: Evidence): string[] {
  const begun = new Map<string, number>()
  for (const line of ledger) {
    if (line.what !== 'body' || !line.atMostOnce) continue
    count(begun, `${line.execution} ${line.step} attempt ${line.attempt}`)
  }
  const twice = [...begun].filter(([, times]) => times > 1)
  const starts = new Map<string, number>()
  for (const { arn, events } of finals.values()) {
    const [, name = ''] = /durable-execution\/([^/]+)\//.exec(arn) ?? []
    for (const { EventType, Id = '' } of events) {
      if (EventType === 'StepStarted') count(starts, `${name} ${Id}`)
    }
  }
  const bodies = new Map<string, number>()
  for (const key of begun.keys()) count(bodies, key.replace(/ attempt \d+$/, ''))
  const unannounced = [...bodies].filter(
    ([key, times]) => starts.has(key) && times > (starts.get(key) ?? 0),
  )
  return [
    ...twice.map(([key, times]) => `${key} began ${times} times`),
    ...unannounced.map(([key, times]) => `${key}: ${times} bodies began, fewer starts on record`),
  ]
}

/** No process of an earlier server does anything after one of a later server has. */
function judgeFences({ ledger }: Evidence): string[] {
  let latest = 0
  return ledger.flatMap(({ server, what }, i) => {
    latest = Math.max(latest, server)
    return server < latest
      ? [`line ${i + 1} (${what}) is of server ${server}, after ${latest}`]
      : []
  })
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** Reads how every execution of a function ended. */
export async function finalsOf(api: Api, functionName: string): Promise<Final[]> {
  const arns: string[] = []
  let marker: string | undefined
  do {
    const page = await answered(api.list(functionName, [], marker))
    const listed = page['DurableExecutions'] as { DurableExecutionArn: string }[]
    arns.push(...listed.map(({ DurableExecutionArn }) => DurableExecutionArn))
    marker = page['NextMarker'] as string | undefined
  } while (marker)
  const finals: Final[] = []
  for (const arn of arns) {
    const { Status, Result } = await answered(api.describe(arn))
    const result: unknown = typeof Result === 'string' ? JSON.parse(Result) : undefined
    finals.push({ arn, status: String(Status), result, events: await eventsOf(api, arn) })
  }
  return finals
}

async function eventsOf(api: Api, arn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = []
  let marker: string | undefined
  do {
    const page = await answered(api.history(arn, marker))
    events.push(...(page['Events'] as HistoryEvent[]))
    marker = page['NextMarker'] as string | undefined
  } while (marker)
  return events
}

async function answered(asked: ReturnType<Api['describe']>): Promise<Body> {
  const reply = await asked
  if (reply.kind === 'answered') return reply.body
  throw new Error(`The server did not answer: ${JSON.stringify(reply)}`)
}
