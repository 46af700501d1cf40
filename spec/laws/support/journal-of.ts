import type { OperationRecord } from '../../../lib/journal/record.ts'
import type { Expectation } from './expected.ts'
import type { Run } from './run.ts'

/**
 * What a run has left in the journal, as far as it must not depend on crashes: no times, no callback
 * ids; of an operation that is left open only what it is; and no count of attempts where a crash is one.
 */
export function journalOf({ records }: Run, { operations }: Expectation): unknown[] {
  return records.map((record) => {
    const { Id, Type, SubType, Name, ParentId, Status } = record
    const identity = { Id, Type, SubType, Name, ParentId }
    const operation = operations.get(Id)
    if (operation?.status === undefined) return identity
    const { Attempt, ...details } = detailsOf(record)
    return { ...identity, Status, ...details, ...(operation.isAtMostOnce ? {} : { Attempt }) }
  })
}

function detailsOf(record: OperationRecord) {
  const {
    CallbackId: _id,
    ScheduledEndTimestamp: _end,
    ...details
  } = {
    ...('ContextDetails' in record ? record.ContextDetails : {}),
    ...('StepDetails' in record ? record.StepDetails : {}),
    ...('CallbackDetails' in record ? record.CallbackDetails : {}),
    ...('ChainedInvokeDetails' in record ? record.ChainedInvokeDetails : {}),
    ...('WaitDetails' in record ? record.WaitDetails : {}),
  } as Record<string, unknown>
  return details
}
