import type { ContextRecord } from '../../journal/record.ts'
import { toErrorRecord, type ErrorRecord } from '../../kernel/error-record.ts'
import { isPerdureError } from '../../kernel/errors.ts'
import { failed, succeeded, type Settled } from '../../kernel/settled.ts'
import type { MapOperation } from '../../operations/map.ts'
import { checkName } from '../../operations/options.ts'
import type { Coroutine } from '../../operations/workflow.ts'
import { resume } from '../answer.ts'
import { failure } from '../failure.ts'
import { interpretFanOut, type Iteration } from './fan-out.ts'
import type { Interpreter, Surroundings } from './interpreter.ts'

/** A fan-out over items, each an iteration of its own or several together. */
export const interpretMap: Interpreter<MapOperation<unknown, unknown>> = (
  operation,
  position,
  record,
  surroundings,
) => {
  const { items, options } = operation
  let names: string[]
  try {
    names = namesOf(operation)
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
    names,
    iterations:
      options?.batch === undefined
        ? items.map((item, first) => ({
            name: names[first] as string,
            body: () => operation.fn(item, first),
            first,
            outcomes: (outcome) => [outcome],
          }))
        : chunks(operation).map((chunk) => together(operation, chunk, names, surroundings)),
  })
}

/** Throws what `itemName` throws, and INVALID_OPTION for a name that the service would not take. */
function namesOf({ items, options }: MapOperation<unknown, unknown>): string[] {
  const itemName = options?.itemName
  return items.map((item, index) => {
    const name = itemName && checkName(itemName(item, index), 'the name of an item')
    return name ?? `map-item-${index}`
  })
}

interface Chunk {
  readonly first: number
  readonly count: number
}

/** Neighbouring items, so many to an iteration as the limits allow, and at least one. */
function chunks({ items, options }: MapOperation<unknown, unknown>): Chunk[] {
  const { items: mostItems = Infinity, bytes: mostBytes = Infinity } = options?.batch ?? {}
  const made: { first: number; count: number }[] = []
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
  { items, fn }: MapOperation<unknown, unknown>,
  { first, count }: Chunk,
  names: readonly (string | undefined)[],
  { env }: Surroundings,
): Iteration {
  function* body(): Coroutine<Kept[]> {
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
  return {
    name: names[first] ?? `map-item-${first}`,
    body,
    first,
    outcomes: (outcome) =>
      outcome.ok
        ? (outcome.value as Kept[]).map(read)
        : Array.from({ length: count }, () => outcome),
  }
}
