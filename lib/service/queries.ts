import type * as Api from './api.ts'
import type { Execution } from './execution.ts'
import { shownEvent, type HistoryEvent } from './history.ts'
import { marker, pageSize, placeOf } from './paging.ts'
import type { ServiceLimits } from './service-limits.ts'
import { apiRecord } from './shown-record.ts'

// What can be read of executions, a page at a time. A marker names a record, event or execution, not
// a distance, so that what comes meanwhile does not shift the next page.

export function statePage(
  execution: Execution,
  request: Api.StateRequest,
  limits: ServiceLimits,
): Api.StateResponse {
  const size = pageSize(request.MaxItems, limits)
  const place = placeOf(request.Marker, 0)
  const { records, next } = execution.page(place, size, limits.pageBytes, true)
  return {
    Operations: records.map(apiRecord),
    ...(next === undefined ? {} : { NextMarker: marker(next) }),
  }
}

export function description(execution: Execution, isIncluded: boolean): Api.ExecutionDescription {
  const { facts, progress } = execution
  const { result, error } = progress
  const data = {
    InputPayload: facts.input ?? 'null',
    ...(result === undefined ? {} : { Result: result }),
    ...(error === undefined ? {} : { Error: error }),
  }
  return {
    ...summary(execution),
    Version: facts.version,
    ...(isIncluded ? data : {}),
    ExecutionDataIncluded: isIncluded,
    DurableConfig: {
      ExecutionTimeout: facts.timeoutSeconds,
      RetentionPeriodInDays: facts.retentionDays,
    },
  }
}

export function historyPage(
  { events }: Execution,
  request: Api.HistoryRequest,
  limits: ServiceLimits,
): Api.HistoryResponse {
  const size = pageSize(request.MaxItems, limits)
  const { ReverseOrder: isNewestFirst = false, IncludeExecutionData: isIncluded = true } = request
  const Events: HistoryEvent[] = []
  let id = placeOf(request.Marker, isNewestFirst ? events.length : 1)
  for (; Events.length < size; id += isNewestFirst ? -1 : 1) {
    const stored = events[id - 1]
    if (!stored) return { Events }
    Events.push(shownEvent(stored, id, isIncluded))
  }
  return { Events, ...(events[id - 1] ? { NextMarker: marker(id) } : {}) }
}

/** `executions` in the order of their start; shown newest first unless the request says otherwise. */
export function listPage(
  executions: readonly Execution[],
  request: Api.ListRequest,
  limits: ServiceLimits,
): Api.ListResponse {
  const size = pageSize(request.MaxItems, limits)
  const isOldestFirst = request.ReverseOrder ?? false
  const place = placeOf(request.Marker, isOldestFirst ? 0 : Infinity)
  const found = executions
    .filter((one) => isWanted(one, request))
    .filter(({ facts }) => (isOldestFirst ? facts.ordinal >= place : facts.ordinal <= place))
  if (!isOldestFirst) found.reverse()
  const next = found[size]
  return {
    DurableExecutions: found.slice(0, size).map(summary),
    ...(next ? { NextMarker: marker(next.facts.ordinal) } : {}),
  }
}

function summary({ facts, progress }: Execution): Api.ExecutionSummary {
  return {
    DurableExecutionArn: facts.arn,
    DurableExecutionName: facts.name,
    FunctionArn: facts.functionArn,
    Status: progress.status,
    StartTimestamp: new Date(facts.startedAt),
    ...(progress.endedAt === undefined ? {} : { EndTimestamp: new Date(progress.endedAt) }),
  }
}

function isWanted({ facts, progress }: Execution, request: Api.ListRequest): boolean {
  const { DurableExecutionName, Statuses, StartedAfter, StartedBefore } = request
  return (
    (DurableExecutionName === undefined || facts.name === DurableExecutionName) &&
    (!Statuses?.length || Statuses.includes(progress.status)) &&
    (StartedAfter === undefined || facts.startedAt > StartedAfter.getTime()) &&
    (StartedBefore === undefined || facts.startedAt < StartedBefore.getTime())
  )
}
