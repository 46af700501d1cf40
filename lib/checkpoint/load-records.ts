import type { OperationRecord } from '../journal/record.ts'
import { limits } from '../kernel/limits.ts'
import { ServiceFailure } from './failures.ts'
import type { DurableService, StateRequest, StateResponse } from './port.ts'

/** Where a listing goes on, for the calls that fetch the rest of it. */
export interface Listing {
  readonly executionArn: string
  readonly token: string
  readonly marker: string | null | undefined
}

/** All records from `marker` on, page by page; none where there is no marker. */
export async function loadRecords(
  service: DurableService,
  { executionArn, token, marker }: Listing,
): Promise<OperationRecord[]> {
  const records: OperationRecord[] = []
  let next = marker
  while (next) {
    const page = await fetchPage(service, {
      DurableExecutionArn: executionArn,
      CheckpointToken: token,
      Marker: next,
      MaxItems: limits.pageSize,
    })
    for (const record of page.Operations ?? []) records.push(record)
    next = page.NextMarker
  }
  return records
}

async function fetchPage(service: DurableService, request: StateRequest): Promise<StateResponse> {
  try {
    return await service.getExecutionState(request)
  } catch (error) {
    throw new ServiceFailure('GetDurableExecutionState', error)
  }
}
