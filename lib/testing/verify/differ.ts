import { entryOf, type Known } from '../../driver/interpret.ts'
import { describeDescriptor, describeOperation } from '../../driver/words.ts'
import type { OperationRecord } from '../../journal/record.ts'
import { mismatch } from '../../journal/match.ts'
import { Position } from '../../driver/position.ts'
import { limits } from '../../kernel/limits.ts'
import type { Order } from '../../lambda/order.ts'
import type { History } from '../history/read-history.ts'
import { changedInput, changesIn, type Changed } from './arguments.ts'
import type { Difference, Row } from './differences.ts'
import { meanSame, shownPayload } from './payloads.ts'
import type { Walked } from './walk.ts'

/** Where the code left the records. */
export function divergence({ stop, journal, met }: Walked): Difference | undefined {
  if (stop?.id === undefined) return undefined
  const { id, at, error } = stop
  const record = journal.get(id)
  const yielded = at === undefined ? 'the end' : wordsOf(at as Known)
  const recorded = record === undefined ? 'nothing' : wordsOn(record)
  const parent = /^(.*)-\d+$/.exec(id)?.[1]
  const around = parent === undefined ? undefined : journal.get(parent)
  const isOver = around?.Type === 'CONTEXT' && around.Status !== 'STARTED'
  const notes = isOver
    ? [`${wordsOn(around)} had ended, so only executions that are still inside of it meet this.`]
    : []
  if (error.cause !== undefined || (record === undefined && id.startsWith('v-'))) {
    const cause = error.cause instanceof Error ? error.cause.message : error.message
    return {
      kind: error.cause === undefined ? 'operation' : 'context',
      id,
      what: error.cause === undefined ? 'the version' : 'the outcome',
      journal: record?.Status ?? 'nothing',
      code: error.cause === undefined ? error.message : `fails: ${cause}`,
      around: rows(id, recorded, journal, met),
      notes,
    }
  }
  const what = record && at ? whatDiffers(record, at as Known) : 'the operation'
  return {
    kind: 'operation',
    id,
    what,
    journal: recorded,
    code: yielded,
    around: rows(id, yielded, journal, met),
    notes: id.startsWith('v-') ? [error.message] : notes,
  }
}

/** Arguments that are on record and are others now, and contexts that came to something else. */
export async function changes(
  walked: Walked,
  { asked }: History,
  records: ReadonlyMap<string, OperationRecord>,
  order: Order,
): Promise<Difference[]> {
  const { journal, met, made } = walked
  const { serdes } = order.settings
  const executionArn = order.envelope.DurableExecutionArn
  const differences: Difference[] = []
  for (const [id, { operation, position }] of met) {
    const record = journal.get(id)
    if (record === undefined) continue
    const found = changesIn(operation, record, asked.get(id))
    if (operation.kind === 'invoke') {
      const context = { operationId: id, executionArn }
      found.push(...(await changedInput(operation, asked.get(id), serdes, context)))
    }
    for (const change of found) {
      differences.push(at('argument', id, change, position.words, walked))
    }
    const text = made.get(id)
    if (text === undefined || record.Type !== 'CONTEXT' || record.Status !== 'SUCCEEDED') continue
    const kept = records.get(id)
    const result = kept?.Type === 'CONTEXT' ? kept.ContextDetails?.Result : undefined
    // What is too large to be kept has a summary in its place.
    if (Buffer.byteLength(text) > limits.inlineContextBytes) continue
    if (await meanSame(result, text, serdes, { operationId: id, executionArn })) continue
    const change = { what: 'result', journal: shownPayload(result), code: shownPayload(text) }
    differences.push(at('context', id, change, position.words, walked))
  }
  return differences
}

function at(
  kind: Difference['kind'],
  id: string,
  change: Changed,
  words: string,
  { journal, met }: Walked,
): Difference {
  return { kind, id, ...change, around: rows(id, words, journal, met), notes: [] }
}

/** Which build of the run a difference shows at. */
export function buildOf({ kind, id }: Difference, { builds, met }: Walked): number | undefined {
  if (kind === 'operation') return builds.stoppedAt ?? builds.last
  if (id === undefined) return builds.last
  // The inside of a waitForCallback is nobody's code.
  const parent = met.get(met.get(id)?.position.parentId ?? '')
  const own = parent?.operation.kind === 'wait-for-callback' ? parent.position.id : id
  return builds.of.get(own)
}

const reach = 2

/** Both sides around a place, as far as they are known. */
function rows(
  id: string,
  code: string,
  journal: Walked['journal'],
  met: Walked['met'],
): readonly Row[] {
  const [, prefix = '', number] = /^(.*?)(\d+)$/.exec(id) ?? []
  const recordedAt = (near: string) => {
    const record = journal.get(near)
    return record === undefined ? '' : wordsOn(record)
  }
  if (number === undefined || id.startsWith('v-')) {
    return [{ id, journal: recordedAt(id), code, isHere: true }]
  }
  const turn = Number(number)
  const found: Row[] = []
  for (let near = Math.max(1, turn - reach); near <= turn + reach; near++) {
    const place = `${prefix}${near}`
    const isHere = near === turn
    const asked = met.get(place)?.position.words ?? (near < turn ? '' : '…')
    const row = { id: place, journal: recordedAt(place), code: isHere ? code : asked, isHere }
    if (isHere || row.journal !== '' || (row.code !== '' && row.code !== '…')) found.push(row)
  }
  return found
}

function whatDiffers(record: OperationRecord, operation: Known): string {
  const wire = entryOf(operation)?.wire
  if (wire === undefined) return 'the operation'
  const position = new Position(record.Id, record.ParentId ?? undefined, wire, operation.name)
  const member = mismatch(record, position)?.member
  return member === undefined || member === 'sub-type' ? 'the operation' : `the ${member}`
}

export function wordsOn({ Type, SubType, Name }: OperationRecord): string {
  return describeOperation({ type: Type, subType: SubType ?? undefined }, Name ?? undefined)
}

function wordsOf(operation: Known): string {
  const wire = entryOf(operation)?.wire
  return wire === undefined
    ? describeDescriptor(operation)
    : describeOperation(wire, operation.name)
}
