import { isSettled, type OperationRecord } from '../../journal/record.ts'
import { toEpochMilliseconds } from '../../journal/time.ts'
import { fromErrorRecord } from '../../kernel/error-record.ts'
import { isPerdureError, type ErrorCode } from '../../kernel/errors.ts'
import { detailsOf } from '../stepper/story.ts'
import type { Option } from './choices.ts'
import type { Explored } from './explore.ts'
import type { Edge, Node } from './mermaid.ts'

/** Marks what an execution has been through, up to its `end`, and answers what is nowhere. */
export function overlay(
  { nodes, edges, options }: Explored,
  records: readonly OperationRecord[],
  end: string,
): string[] {
  const found = new Map<Node, OperationRecord>()
  for (const node of nodes) {
    const record = records.find((one) => fits(one, node))
    if (record !== undefined) found.set(node, record)
    node.isVisited =
      record !== undefined || node.kind === 'start' || (node.kind === 'end' && node.label === end)
  }
  for (const edge of edges) {
    const { from, to } = edge
    const earlier = found.get(from)
    if (from.kind === 'start') edge.isVisited = to.isVisited
    else if (earlier !== undefined && to.isVisited && isSettled(earlier)) {
      const ways = edges.filter((one) => one.from === from)
      const way = options.get(edge) ?? new Set()
      edge.isVisited =
        isAfter(found.get(to), earlier) && isTaken(way, optionsOn(ways, options), earlier)
    }
  }
  const placed = new Set(found.values())
  return records
    .filter((record) => isShown(record) && !placed.has(record))
    .map(({ Id, Name }) => (Name == null ? Id : `${Id} ${Name}`))
}

const types: Readonly<Record<string, OperationRecord['Type']>> = {
  step: 'STEP',
  compensation: 'STEP',
  condition: 'STEP',
  wait: 'WAIT',
  callback: 'CALLBACK',
  'wait-for-callback': 'CONTEXT',
  invoke: 'CHAINED_INVOKE',
}

function fits({ Id, Name, Type }: OperationRecord, { id, kind, name }: Node): boolean {
  return Id === id && (Name ?? undefined) === name && Type === types[kind]
}

/** Whether a record is that of an operation which a chart has a box for; those in a callback have none. */
function isShown({ Id, Type, Name, SubType }: OperationRecord): boolean {
  if (!/^(c-)?[\d-]+$/.test(Id)) return false
  if (Type === 'CONTEXT') return SubType === 'WaitForCallback'
  return Name != null || Type === 'WAIT' || Type === 'CHAINED_INVOKE'
}

function optionsOn(edges: readonly Edge[], options: Explored['options']): Option[] {
  return edges.flatMap((edge) => [...(options.get(edge) ?? [])])
}

/** Whether the answer on record is one of those that lead along a way, rather than along another. */
function isTaken(
  way: ReadonlySet<Option>,
  all: readonly Option[],
  record: OperationRecord,
): boolean {
  const recorded = statusOf(record)
  const alike = all.filter(({ status }) => status === recorded)
  const result = resultOf(record)
  const same = alike.filter((option) => option.result === result)
  return (same.length > 0 ? same : alike).some((option) => way.has(option))
}

const timeouts = new Set<string>([
  'STEP_TIMED_OUT',
  'CALLBACK_TIMED_OUT',
  'CALLBACK_HEARTBEAT_TIMED_OUT',
  'CONDITION_EXHAUSTED',
] satisfies ErrorCode[])

/** A time-out that code of ours has told of is recorded as a failure. */
function statusOf(record: OperationRecord): OperationRecord['Status'] {
  const { Error: kept } = detailsOf(record)
  const error = record.Status === 'FAILED' && kept ? fromErrorRecord(kept) : undefined
  return isPerdureError(error) && timeouts.has(error.code) ? 'TIMED_OUT' : record.Status
}

function resultOf(record: OperationRecord): string | undefined {
  const { Result: text } = detailsOf(record)
  // The context of a `waitForCallback` keeps the payload as it came, written as a JSON string.
  return record.Type === 'CONTEXT' && text != null ? (JSON.parse(text) as string) : text
}

function isAfter(later: OperationRecord | undefined, earlier: OperationRecord): boolean {
  if (later === undefined) return true
  const began = toEpochMilliseconds(later.StartTimestamp) ?? 0
  return began >= (toEpochMilliseconds(earlier.EndTimestamp) ?? Infinity)
}
