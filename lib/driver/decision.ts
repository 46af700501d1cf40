import { positionId } from '../journal/ids.ts'
import type { StepRecord } from '../journal/record.ts'
import type { OperationUpdate } from '../journal/update.ts'
import type { Records } from './compensations.ts'
import { Position } from './position.ts'

// What ended first is, as a rule, read off the records. Where a cancelled strand is about to undo
// something, that must not come out otherwise after a crash: then it is written down before.

/** In what order members had ended when that was decided, and how many had been started. */
export interface Decision {
  readonly order: readonly number[]
  readonly started: number
}

/** Where a decision is kept, and what is kept there already. */
export interface DecisionMark {
  readonly recorded: Decision | undefined
  readonly record: (decision: Decision) => OperationUpdate[]
}

const kind = { type: 'STEP', subType: 'Decision' } as const

/** The mark of a decision about `position`, beside the numbered operations. */
export function decisionMark(
  { id, parentId }: Position,
  records: Pick<Records, 'get'>,
): DecisionMark {
  const position = new Position(positionId('d', id), parentId, kind, undefined)
  return {
    recorded: read(records.get(position.id) as StepRecord | undefined),
    record: (decision) => [
      position.update('START'),
      position.update('SUCCEED', { Payload: JSON.stringify(decision) }),
    ],
  }
}

function read(record: StepRecord | undefined): Decision | undefined {
  const text = record?.StepDetails?.Result
  return text == null ? undefined : (JSON.parse(text) as Decision)
}
