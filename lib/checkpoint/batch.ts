import type { OperationUpdate } from '../journal/update.ts'
import { limits } from '../kernel/limits.ts'

export interface BatchLimits {
  readonly updates: number
  readonly bytes: number
}

const defaultLimits: BatchLimits = {
  updates: limits.updatesPerCheckpoint,
  bytes: limits.bytesPerCheckpoint,
}

/**
 * How many places of `queue`, from `from` on, go into one call: in order, within the limits, and at
 * least one update. An operation may be updated once in a call, its START with its completion excepted.
 */
export function packed(
  queue: readonly (OperationUpdate | undefined)[],
  from = 0,
  most: BatchLimits = defaultLimits,
): number {
  const actions = new Map<string, OperationUpdate['Action']>()
  let bytes = 0
  let count = 0
  let end = from
  for (; end < queue.length && count < most.updates; end++) {
    const update = queue[end]
    if (update === undefined) continue
    const before = actions.get(update.Id)
    if (before !== undefined && !isPair(before, update)) break
    bytes += sizeOf(update)
    if (count > 0 && bytes > most.bytes) break
    actions.set(update.Id, before === undefined ? update.Action : 'SUCCEED')
    count += 1
  }
  return end - from
}

function isPair(before: OperationUpdate['Action'], update: OperationUpdate): boolean {
  const closes = update.Type === 'STEP' || update.Type === 'CONTEXT'
  return before === 'START' && closes && update.Action !== 'START'
}

/** Room for the member names, the ids and the other short members of an update. */
const frame = 512

/** Bytes of an update as JSON, never too few: short texts are taken at the most they can come to. */
function sizeOf(update: OperationUpdate): number {
  const { Payload, Error: error, Name, ChainedInvokeOptions } = update
  return (
    frame +
    (Name?.length ?? 0) * 2 +
    (ChainedInvokeOptions === undefined ? 0 : jsonSize(ChainedInvokeOptions)) +
    (Payload === undefined ? 0 : textSize(Payload)) +
    (error === undefined ? 0 : jsonSize(error))
  )
}

/** As a JSON string, in which a quote costs two bytes and a control character six. */
function textSize(text: string): number {
  return text.length < 128 ? text.length * 6 : jsonSize(text)
}

function jsonSize(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
