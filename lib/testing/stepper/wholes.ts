import { toPlain } from '../../driver/batch-text.ts'
import { failure } from '../../driver/failure.ts'
import type { Position } from '../../driver/position.ts'
import { Tally } from '../../driver/tally.ts'
import type { OperationUpdate } from '../../journal/update.ts'
import { toErrorRecord, type ErrorClass } from '../../kernel/error-record.ts'
import { describe } from '../../kernel/errors.ts'
import type { Serdes } from '../../kernel/serdes.ts'
import { failed, isPromiseLike, succeeded } from '../../kernel/settled.ts'
import type { BatchRecord } from '../../operations/batch-result.ts'
import type { ChildContextOperation } from '../../operations/child-context.ts'
import type { CompletionReason } from '../../operations/completion.ts'
import { IterationOperation } from '../../operations/fan-out.ts'
import type { Descriptor } from '../../operations/operation.ts'
import { MapOperation } from '../../operations/map.ts'
import { ParallelOperation } from '../../operations/parallel.ts'
import type { Answer } from './answers.ts'
import type { Sight } from './encounters.ts'
import { asyncSerdes, StepperError } from './misuse.ts'
import type { Setting } from './setting.ts'

// Operations made of others, answered as a whole: their record is written as the driver would have
// written it, and what is inside of them is never entered.

const kinds: ReadonlySet<string> = new Set<string>([
  'child-context',
  'map',
  'parallel',
  'map-iteration',
  'parallel-branch',
  'all',
  'all-settled',
  'any',
  'race',
  'saga',
])

export function isMadeOfOthers({ kind }: Descriptor<unknown>): boolean {
  return kinds.has(kind)
}

/** What is reported of an operation that ends by `answer`. Throws what the answer cannot be. */
export function wholeUpdate(
  answer: Answer,
  sight: Sight,
  position: Position,
  setting: Setting,
): OperationUpdate {
  const { words } = sight
  if (answer.how === 'timeout') {
    throw new StepperError('CANNOT_TIME_OUT', `${words} cannot time out: what is inside of it may.`)
  }
  if (answer.how === 'fail') {
    if (answer.options.retry === true) {
      throw new StepperError('CANNOT_FAIL', `${words} has no attempts: leave \`retry\` out.`)
    }
    const error = toErrorRecord(answer.error, setting.settings.errors)
    return position.update('FAIL', { Error: error })
  }
  const text = textOf(answer.value, sight, setting)
  return position.update('SUCCEED', text === undefined ? {} : { Payload: text })
}

function textOf(value: unknown, { id, words, operation }: Sight, setting: Setting) {
  const { settings, executionArn } = setting
  const isBatch = operation instanceof MapOperation || operation instanceof ParallelOperation
  const own = ownSerdes(operation)
  const batch = isBatch ? batchOf(value, operation, words, settings.errors) : undefined
  const kept = batch && own === undefined ? toPlain(batch, settings.errors) : (batch ?? value)
  if (operation.kind === 'all-settled') refuseErrors(value, words)
  if (kept === undefined) return undefined
  const serdes: Serdes<unknown> = own ?? settings.serdes
  const text: unknown = serdes.serialize(kept, { operationId: id, executionArn })
  if (isPromiseLike(text)) throw asyncSerdes(words)
  return text as string | undefined
}

function ownSerdes(operation: Descriptor<unknown>): Serdes<unknown> | undefined {
  if (operation instanceof IterationOperation) return operation.serdes
  return (operation as Partial<ChildContextOperation<unknown>>).options?.serdes
}

/**
 * A batch from its results, in the order or under the names of the items; an error is an item's failure.
 * Why it is over is for its completion to say.
 */
function batchOf(
  value: unknown,
  operation: FanOutOperation,
  words: string,
  errors: readonly ErrorClass[],
): BatchRecord<unknown> {
  if (isBatch(value)) return { all: value.all, completionReason: value.completionReason }
  const { keys, names } = itemsOf(operation)
  const results = resultsOf(value, keys)
  if (results?.length !== keys.length) {
    throw new StepperError(
      'CANNOT_ANSWER',
      `${words} has ${keys.length} items, and ends with a result for each: expected an array of as ` +
        `many${operation.kind === 'parallel' ? ', an object with their names' : ''} or ` +
        `{ all, completionReason }, got ${describe(value)}. An Error in it is the failure of an item.`,
    )
  }
  const items = { count: keys.length, name: (index: number) => names[index] }
  const tally = new Tally(items, operation.options?.completion)
  tally.start(keys.length - 1)
  let reason: CompletionReason | undefined
  for (const [index, result] of results.entries()) {
    const name = JSON.stringify(names[index])
    const outcome =
      result instanceof Error
        ? failed(
            failure(
              'CHILD_CONTEXT_FAILED',
              toErrorRecord(result, errors),
              errors,
              `${name} failed`,
            ),
          )
        : succeeded(result)
    if (reason === undefined) reason = tally.end(index, outcome)
    else tally.note(index, outcome)
  }
  return tally.record(reason ?? 'ALL_COMPLETED')
}

type FanOutOperation = MapOperation<unknown, unknown> | ParallelOperation<unknown>

function itemsOf(operation: FanOutOperation) {
  if (operation instanceof ParallelOperation) {
    const { branches } = operation
    return { keys: branches.map(({ key }) => key), names: branches.map(({ name }) => name) }
  }
  const { items, options } = operation
  return {
    keys: items.map((_, index) => String(index)),
    names: items.map((item, index) => options?.itemName?.(item, index) ?? `map-item-${index}`),
  }
}

function resultsOf(value: unknown, keys: readonly string[]): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[]
  if (typeof value !== 'object' || value === null) return undefined
  const named = value as Readonly<Record<string, unknown>>
  if (Object.keys(named).length !== keys.length) return undefined
  return keys.every((key) => key in named) ? keys.map((key) => named[key]) : undefined
}

function isBatch(value: unknown): value is BatchRecord<unknown> {
  const { all, completionReason } = (value ?? {}) as Partial<BatchRecord<unknown>>
  return Array.isArray(all) && typeof completionReason === 'string'
}

/** An error would come out of its JSON as an empty object. */
function refuseErrors(value: unknown, words: string): void {
  const members = Object.values((value ?? {}) as Readonly<Record<string, { reason?: unknown }>>)
  if (members.every((member) => !((member as typeof member | null)?.reason instanceof Error))) {
    return
  }
  throw new StepperError(
    'CANNOT_ANSWER',
    `${words} cannot be answered as a whole with the error of a member: go in, and fail that member.`,
  )
}
