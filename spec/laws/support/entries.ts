import type { OperationRecord } from '../../../lib/journal/record.ts'
import type { OperationUpdate } from '../../../lib/journal/update.ts'
import type { StoredExecution } from '../../../lib/service/store.ts'
import { succeeded } from '../../../lib/kernel/settled.ts'
import type { Body, Entry } from './transcript.ts'

// Entries of a transcript made by hand, in few words: `START STEP 1` for an update, `WAIT 1 STARTED`
// for a record.

export const invocation = 1

export function update(text: string, rest: Partial<OperationUpdate> = {}): OperationUpdate {
  const [Action, Type, Id] = text.split(' ')
  return { Action, Type, Id, ...rest } as OperationUpdate
}

export function sent(
  call: number,
  token: string,
  ...updates: readonly (string | OperationUpdate)[]
): Entry {
  const list = updates.map((one) => (typeof one === 'string' ? update(one) : one))
  return { invocation, what: 'sent', call, token, updates: list }
}

export function answered(call: number, token?: string): Entry {
  return { invocation, what: 'answered', call, token }
}

export function told(...records: readonly string[]): Entry {
  return { invocation, what: 'told', records: records.map((text) => record(text)) }
}

export function record(text: string, rest: Partial<OperationRecord> = {}): OperationRecord {
  const [Type, Id, Status] = text.split(' ')
  const ended = ['STARTED', 'PENDING', 'READY'].includes(Status ?? '') ? {} : { EndTimestamp: 1 }
  return { Type, Id, Status, StartTimestamp: 1, ...ended, ...rest } as OperationRecord
}

export function began(id: string, rest: Partial<Body> = {}): Entry {
  const semantics = 'at-least-once'
  return { invocation, what: 'began', id, attempt: 1, kind: 'step', semantics, ...rest }
}

export function saw(place: string, value?: unknown): Entry {
  return { invocation, what: 'saw', place, outcome: succeeded(value) }
}

export const returned = (status: string, ...records: readonly string[]): Entry => {
  return { invocation, what: 'returned', status, records: records.map((text) => record(text)) }
}

export function enters(place: string): Entry {
  return { invocation, what: 'enters', place }
}

export function cleansUp(place: string): Entry {
  return { invocation, what: 'cleansUp', place, isThrough: true }
}

/** What the service keeps of an execution, as far as judges look: `StepStarted 1` for an event. */
export function kept(
  status: StoredExecution['progress']['status'],
  events: readonly string[],
  records: readonly (string | OperationRecord)[] = [],
): Pick<StoredExecution, 'events' | 'operations' | 'progress'> {
  return {
    progress: { status, crashes: 0, errors: 0, idle: 0, checkpoints: 0 },
    events: events.map((text) => {
      const [type, Id] = text.split(' ')
      return { type, subject: { Id } } as StoredExecution['events'][number]
    }),
    operations: records.map((one, sequence) => {
      return { sequence, record: typeof one === 'string' ? record(one) : one }
    }),
  }
}
