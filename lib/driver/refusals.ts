import type { OperationUpdate } from '../journal/update.ts'
import { describe, PerdureError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import { disown, isPromiseLike } from '../kernel/settled.ts'
import { isGenerator } from '../operations/member.ts'
import { isTask, type TaskOperation } from '../operations/task.ts'
import { describeTask } from './words.ts'

/** The report that something was yielded that no driver can carry out. */
export function notAnOperation(yielded: unknown): PerdureError {
  disown(yielded)
  const hint = hintFor(yielded)
  return new PerdureError(
    'NOT_AN_OPERATION',
    `Yielded ${describe(yielded)}, which is not an operation. Did you mean ${hint}?`,
  )
}

function hintFor(yielded: unknown): string {
  if (isPromiseLike(yielded)) {
    return "`yield* step('name', () => promise)`: work that takes time belongs in a step"
  }
  if (isTask(yielded)) return '`yield* task`: a task is joined with the star'
  if (isGenerator(yielded)) return '`yield*`: a generator is walked with the star'
  if (Array.isArray(yielded)) return '`yield* all([…])`'
  return "`yield* step('name', () => …)`"
}

/** What the code of a branch catches when the branch is to end before its time. */
export function cancelled(): PerdureError {
  return new PerdureError(
    'CANCELLED',
    'This branch was cancelled: the race, the scope or the task that it belongs to is over.',
  )
}

/** What code catches that would wait for its own end. */
export function ownTask({ kind, name }: TaskOperation<unknown>): PerdureError {
  const task = describeTask(name)
  return new PerdureError(
    'INVALID_OPTION',
    kind === 'join'
      ? `${task} was joined from inside itself, which would wait for its own end.`
      : `${task} was cancelled from inside itself: return or throw to end it.`,
  )
}

/** The report that an update carries more than the service keeps, if it does. */
export function oversized({ Id, Type, SubType, Name, Payload }: OperationUpdate) {
  const most = limits.operationPayloadBytes
  if (Payload === undefined || Payload.length * 3 <= most) return undefined
  const bytes = Buffer.byteLength(Payload)
  if (bytes <= most) return undefined
  const name = Name === undefined ? '' : ` ${JSON.stringify(Name)}`
  return new PerdureError(
    'PAYLOAD_TOO_LARGE',
    `The payload of operation ${Id} (${SubType ?? Type}${name}) is ${bytes} bytes; the service ` +
      `keeps at most ${most}. Store it elsewhere, for instance with a serdes that does, and return ` +
      'where it lies.',
  )
}
