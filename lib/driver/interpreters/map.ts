import type { ContextRecord } from '../../journal/record.ts'
import { toErrorRecord, type ErrorRecord } from '../../kernel/error-record.ts'
import { isPerdureError } from '../../kernel/errors.ts'
import { failed, succeeded, type Settled } from '../../kernel/settled.ts'
import type { MapOperation } from '../../operations/map.ts'
import { checkName } from '../../operations/options.ts'
import type { Coroutine } from '../../operations/workflow.ts'
import { resume } from '../answer.ts'
import { failure } from '../failure.ts'
import { interpretFanOut, type FanOut } from './fan-out.ts'
import type { Interpreter, Surroundings } from './interpreter.ts'

/** A fan-out over items, each an iteration of its own or several together. */
export const interpretMap: Interpreter<MapOperation<unknown, unknown>> = (
  operation,
  position,
  record,
  surroundings,
) => {
  const { items, options, fn } = operation
  let nameOf: (index: number) => string
  try {
    nameOf = namesOf(operation)
  } catch (error) {
    return resume(failed(error))
  }
  return interpretFanOut(record as ContextRecord | undefined, {
    kind: 'map-iteration',
    summaryType: 'MapResult',
    position,
    surroundings,
    options,
    keys: undefined,
    items: { count: items.length, name: nameOf },
    ...(options?.batch === undefined
      ? { body: (index) => () => fn(items[index], index) }
      : together(operation, surroundings)),
  })
}

/** Throws what `itemName` throws, and INVALID_OPTION for a name that the service would not take. */
function namesOf({ items, options }: MapOperation<unknown, unknown>): (index: number) => string {
  const itemName = options?.itemName
  const names =
    itemName && items.map((item, index) => checkName(itemName(item, index), 'the name of an item'))
  return (index) => names?.[index] ?? `map-item-${index}`
}

interface Slice {
  first: number
  count: number
}

/** Neighbouring items, so many to an iteration as the limits allow, and at least one. */
function slicesOf({ items, options }: MapOperation<unknown, unknown>): Slice[] {
  const { items: mostItems = Infinity, bytes: mostBytes = Infinity } = options?.batch ?? {}
  const made: Slice[] = []
  let bytes = 0
  for (const [index, item] of items.entries()) {
    const size = Number.isFinite(mostBytes) ? sizeOf(item) : 0
    const last = made.at(-1)
    if (last === undefined || last.count >= mostItems || bytes + size > mostBytes) {
      made.push({ first: index, count: 1 })
      bytes = size
    } else {
      last.count += 1
      bytes += size
    }
  }
  return made
}

/** An item as JSON, which says nothing of `undefined` and its like. */
function sizeOf(item: unknown): number {
  const json = JSON.stringify(item) as string | undefined
  return json === undefined ? 0 : Buffer.byteLength(json)
}

/** How one item of several in an iteration ended, as the iteration's record keeps it. */
interface Kept {
  readonly result?: unknown
  readonly error?: ErrorRecord
}

function together(
  operation: MapOperation<unknown, unknown>,
  { env }: Surroundings,
): Pick<FanOut, 'body' | 'chunks'> {
  const { items, fn } = operation
  function* run({ first, count }: Slice): Coroutine<Kept[]> {
    const kept: Kept[] = []
    for (let index = first; index < first + count; index++) {
      try {
        kept.push({ result: yield* fn(items[index], index) })
      } catch (error) {
        if (isPerdureError(error, 'CANCELLED')) throw error
        kept.push({ error: toErrorRecord(error, env.errors) })
      }
    }
    return kept
  }
  const read = ({ result, error }: Kept): Settled =>
    error === undefined
      ? succeeded(result)
      : failed(failure('CHILD_CONTEXT_FAILED', error, env.errors, 'The item failed'))
  const slices = slicesOf(operation)
  return {
    body: (index) => () => run(slices[index] as Slice),
    chunks: slices.map(({ first, count }) => ({
      first,
      count,
      outcomes: (outcome) =>
        outcome.ok
          ? (outcome.value as Kept[]).map(read)
          : Array.from({ length: count }, () => outcome),
    })),
  }
}
