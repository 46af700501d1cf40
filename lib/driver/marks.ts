import { PerdureError } from '../kernel/errors.ts'
import { json } from '../kernel/serdes.ts'
import { succeeded } from '../kernel/settled.ts'
import type { Journal } from '../journal/journal.ts'
import type { StepRecord } from '../journal/record.ts'
import type { OperationUpdate } from '../journal/update.ts'
import type { StatusOperation } from '../operations/status.ts'
import type { VersionOperation } from '../operations/version.ts'
import { end, replay, resume, type Answer } from './answer.ts'
import type { Ground } from './ground.ts'
import { encode } from './payload.ts'
import { Position } from './position.ts'
import type { Strand } from './strand.ts'

// Records that stand beside the numbered ones, under ids of their own, so that adding one to a workflow
// renumbers nothing.

const versionKind = { type: 'STEP', subType: 'Version' } as const
const statusKind = { type: 'STEP', subType: 'Status' } as const

/** Answers what was recorded; else the oldest version where code went on before, the newest elsewhere. */
export function meetVersion(
  { name, min, max }: VersionOperation,
  { scope, isToUnwind }: Strand,
  { journal, versions }: Ground,
): Answer {
  const position = new Position(`v-${name}`, undefined, versionKind, name)
  const record = journal.get(position.id) as StepRecord | undefined
  const recorded = record === undefined ? undefined : Number(record.StepDetails?.Result)
  const known = versions.get(name) ?? recorded
  if (known !== undefined) {
    if (known < min || known > max) return end(unsupported(position, known, min, max))
    return replay(succeeded(known))
  }
  const isOld = scope.rebuilding || scope.isRecordedAhead(journal)
  if (!isToUnwind) versions.set(name, isOld ? min : max)
  if (isOld) return replay(succeeded(min))
  return resume(succeeded(max), [
    position.update('START'),
    position.update('SUCCEED', { Payload: String(max) }),
  ])
}

/** Recorded once for each place in the code; a replay says nothing again. */
export function meetStatus(
  { value }: StatusOperation,
  { scope }: Strand,
  { journal, env }: Ground,
): Answer {
  const position = new Position(scope.nextStatusId(), scope.parentId, statusKind, undefined)
  if (journal.has(position.id) || scope.rebuilding) return replay(succeeded(undefined))
  return encode(position, env, value, json, (text) => {
    if (!text.ok) return resume(text)
    const payload = text.value === undefined ? {} : { Payload: text.value }
    return resume(succeeded(undefined), [
      position.update('START'),
      position.update('SUCCEED', payload),
    ])
  })
}

/** A wait of a second, after which the service invokes again. */
export function handOver(journal: Journal): OperationUpdate {
  const id = `h-${journal.lastTurn('h') + 1}`
  const position = new Position(id, undefined, { type: 'WAIT', subType: 'HandOver' }, undefined)
  return position.update('START', { WaitOptions: { WaitSeconds: 1 } })
}

function unsupported(position: Position, found: number, min: number, max: number): PerdureError {
  return new PerdureError(
    'REPLAY_DIVERGED',
    `The execution runs version ${found} of ${JSON.stringify(position.name)}, and this code has ` +
      `versions ${min} to ${max} only. Keep the code of a version while executions that run it are in flight.`,
  )
}
