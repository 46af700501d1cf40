import type { Journal } from '../journal/journal.ts'
import type { Difference } from '../journal/match.ts'
import type { OperationRecord } from '../journal/record.ts'
import { PerdureError } from '../kernel/errors.ts'
import type { Position } from './position.ts'
import { describeOperation } from './words.ts'

const advice =
  'Code before this point must take the same path on every replay: look for clocks, randomness, ' +
  'outside state, or a change of the code while executions were in flight.'

/** The report that a yield does not fit its record. */
export function divergedYield(
  journal: Journal,
  record: OperationRecord,
  position: Position,
  difference: Difference,
): PerdureError {
  const recorded = describeRecord(record)
  const detail =
    recorded === position.words
      ? ` The ${difference.member} differs: ${difference.recorded ?? 'none'} recorded, ` +
        `${difference.yielded ?? 'none'} yielded.`
      : ''
  return new PerdureError(
    'REPLAY_DIVERGED',
    `Replay diverged at operation ${position.id}: the journal holds ${recorded}, ` +
      `the workflow yielded ${position.words}.${detail}\n` +
      `${neighbours(journal, position.id, position.words)}${advice}`,
  )
}

/** The report that code ended while the journal holds an operation that it never reached. */
export function divergedEnd(journal: Journal, id: string): PerdureError {
  const record = journal.get(id)
  const recorded = record ? describeRecord(record) : 'an operation'
  return new PerdureError(
    'REPLAY_DIVERGED',
    `Replay diverged at operation ${id}: the journal holds ${recorded}, but the code ended before ` +
      `it got there.\n${neighbours(journal, id, 'the end')}${advice}`,
  )
}

/** The report that a body, replayed for the result of a context that has succeeded, asks for more. */
export function divergedRebuild(position: Position): PerdureError {
  return new PerdureError(
    'REPLAY_DIVERGED',
    `Replay diverged at operation ${position.id}: the context around it has succeeded, but its body, ` +
      `replayed for its result, yielded ${position.words}, which the journal does not hold.\n${advice}`,
  )
}

function describeRecord(record: OperationRecord): string {
  return describeOperation(
    { type: record.Type, subType: record.SubType ?? undefined },
    record.Name ?? undefined,
  )
}

/** Both sides around the place, one line an operation. */
function neighbours(journal: Journal, id: string, yielded: string): string {
  const turn = Number(/\d+$/.exec(id)?.[0])
  if (Number.isNaN(turn)) return ''
  const prefix = id.slice(0, id.length - String(turn).length)
  const lines: string[] = []
  for (let near = Math.max(1, turn - 2); near <= turn + 2; near++) {
    const record = journal.get(`${prefix}${near}`)
    if (!record && near > turn) break
    const recorded = record ? describeRecord(record) : 'nothing'
    const code = near < turn ? recorded : near === turn ? yielded : '…'
    const mark = near === turn ? '>' : ' '
    lines.push(`${mark} ${prefix}${near}  journal: ${recorded}  code: ${code}\n`)
  }
  return lines.join('')
}
