import { isSettled, type ContextRecord } from '../../journal/record.ts'
import { positionId } from '../../journal/ids.ts'
import { replayChildren, type OperationUpdate } from '../../journal/update.ts'
import { toErrorRecord, type ErrorRecord } from '../../kernel/error-record.ts'
import { isPerdureError, PerdureError } from '../../kernel/errors.ts'
import { limits } from '../../kernel/limits.ts'
import { json } from '../../kernel/serdes.ts'
import { failed, succeeded, type Settled } from '../../kernel/settled.ts'
import { Batch, type BatchRecord } from '../../operations/batch-result.ts'
import type { CompletionReason } from '../../operations/completion.ts'
import { IterationOperation, type AnyBatchOptions } from '../../operations/fan-out.ts'
import type { Member } from '../../operations/member.ts'
import { unwatched } from '../../operations/operation.ts'
import { replay, resume, type Answer, type KnownEnds } from '../answer.ts'
import { decisionMark } from '../decision.ts'
import { fromPlain, readSummary, summaryOf, toPlain, type PlainBatch } from '../batch-text.ts'
import { ownFailure } from '../failure.ts'
import { decode, encode } from '../payload.ts'
import type { Position } from '../position.ts'
import type { Scope } from '../scope.ts'
import { Tally, type Items } from '../tally.ts'
import type { Surroundings } from './interpreter.ts'

/** A fan-out as `map` and `parallel` have it; they differ in these. */
export interface FanOut {
  readonly kind: 'map-iteration' | 'parallel-branch'
  readonly summaryType: 'MapResult' | 'ParallelResult'
  readonly position: Position
  readonly surroundings: Surroundings
  readonly options: AnyBatchOptions | undefined
  readonly items: Items
  /** What an iteration runs; asked for when it begins, so that a wide fan-out holds no more than it is at. */
  readonly body: (index: number) => Member<unknown>
  /** The iterations, where they are of several items together; else there is one an item. */
  readonly chunks?: readonly Chunk[] | undefined
  /** The keys under which results are wanted too, one an item. */
  readonly keys: readonly string[] | undefined
}

/** Neighbouring items that are one iteration, which goes by the name of the first. */
export interface Chunk {
  readonly first: number
  readonly count: number
  /** The items' outcomes, read out of the iteration's own. */
  readonly outcomes: (outcome: Settled) => readonly Settled[]
}

/** Start what may start, keep each item's end as a context, and the whole as the context around them. */
export function interpretFanOut(record: ContextRecord | undefined, fanOut: FanOut): Answer {
  const details = record?.ContextDetails
  switch (record?.Status) {
    case undefined:
      return gather(fanOut, true)
    case 'SUCCEEDED':
      return details?.ReplayChildren === true
        ? rebuild(fanOut, details.Result)
        : read(fanOut, details?.Result, replay)
    case 'FAILED':
      return replay(failed(caught(fanOut, details?.Error)))
    default:
      return gather(fanOut, false)
  }
}

function caught({ position, surroundings }: FanOut, kept: ErrorRecord | null | undefined) {
  const { errors } = surroundings.env
  const own = ['SERDES_FAILED'] as const
  return ownFailure(own, 'CHILD_CONTEXT_FAILED', kept, errors, `${position.words} failed`)
}

function fail(fanOut: FanOut, error: unknown, updates: readonly OperationUpdate[] = []): Answer {
  const record = toErrorRecord(error, fanOut.surroundings.env.errors)
  const update = fanOut.position.update('FAIL', { Error: record })
  return resume(failed(caught(fanOut, record)), [...updates, update])
}

function gather(fanOut: FanOut, withStart: boolean): Answer {
  const { position, options, items, surroundings } = fanOut
  const updates = withStart ? [position.update('START')] : []
  const tally = new Tally(items, options?.completion)
  const around = surroundings.scope.aside()
  const count = countOf(fanOut)
  if (count === 0) return close(fanOut, tally.record('ALL_COMPLETED'), updates)
  return {
    next: 'gather',
    updates,
    count,
    atOnce: options?.maxConcurrency ?? Infinity,
    inOrder: options?.completion !== undefined,
    isNew: withStart,
    isRecorded: true,
    recorded: (index) => {
      if (withStart) return undefined
      const outcome = recordedOutcome(fanOut, index)
      if (outcome) tally.start(lastOf(fanOut, index))
      return outcome
    },
    member: (index) => {
      tally.start(lastOf(fanOut, index))
      return memberOf(fanOut, index, around.slot(position.id, index, false))
    },
    hasBegun: (index) => !withStart && hasBegun(fanOut, index),
    decision: decisionMark(position, surroundings),
    ended: (index, outcome) => {
      try {
        const reason = noteEnds(fanOut, index, outcome, tally)
        if (reason === undefined) return undefined
        const record = tally.record(reason)
        return () => close(fanOut, record, [], around.hasCompensations)
      } catch (error) {
        // A completion function that throws has decided, if not what it was asked.
        return () => fail(fanOut, error)
      }
    },
    ...(withStart ? {} : { known: knownEnds(fanOut, tally) }),
  }
}

/** An iteration has ended, and its items with it; answers why the whole is over, once it is. */
function noteEnds({ chunks }: FanOut, index: number, outcome: Settled, tally: Tally) {
  const chunk = chunks?.[index]
  if (chunk === undefined) return tally.end(index, outcome)
  let reason: CompletionReason | undefined
  for (const [offset, one] of chunk.outcomes(outcome).entries()) {
    // Items that ended together with the one that decided have ended, too.
    if (reason === undefined) reason = tally.end(chunk.first + offset, one)
    else tally.note(chunk.first + offset, one)
  }
  return reason
}

/** Whether an iteration is on record, or, where it has no record of its own, anything in it. */
function hasBegun({ position, surroundings, options }: FanOut, index: number): boolean {
  if (surroundings.get(positionId(position.id, index + 1)) !== undefined) return true
  if (options?.nesting !== 'flat') return false
  return surroundings.holdsRecords(surroundings.scope.slot(position.id, index, false))
}

/** The iterations of which the records say that they had ended. */
function knownEnds(fanOut: FanOut, tally: Tally): KnownEnds {
  const { position, surroundings, chunks } = fanOut
  return {
    has: (index) => isSettled(surroundings.get(positionId(position.id, index + 1))),
    note: (index, outcome) => {
      const outcomes = chunks?.[index]?.outcomes(outcome) ?? [outcome]
      for (const [offset, one] of outcomes.entries())
        tally.note(firstOf(fanOut, index) + offset, one)
    },
  }
}

function countOf({ chunks, items }: FanOut): number {
  return chunks?.length ?? items.count
}

/** The index of an iteration's first item. */
function firstOf({ chunks }: FanOut, index: number): number {
  return chunks?.[index]?.first ?? index
}

/** The index of an iteration's last item. */
function lastOf(fanOut: FanOut, index: number): number {
  return firstOf(fanOut, index) + (fanOut.chunks?.[index]?.count ?? 1) - 1
}

/**
 * The outcome of an iteration that has succeeded, read off its record: what most of a long replay is.
 * Anything out of the ordinary is left to the iteration's own interpreter.
 */
function recordedOutcome(fanOut: FanOut, index: number): Settled | undefined {
  const { position, surroundings, options, kind, items } = fanOut
  const { env, isWatched } = surroundings
  const serdes = options?.itemSerdes ?? env.serdes
  const isPlain = serdes === json && options?.completion === undefined
  if (isWatched || !isPlain || options?.nesting === 'flat') return undefined
  const id = positionId(position.id, index + 1)
  const record = surroundings.get(id)
  if (record?.Type !== 'CONTEXT' || record.Status !== 'SUCCEEDED') return undefined
  const { Result, ReplayChildren } = record.ContextDetails ?? {}
  const isAsAsked =
    record.SubType === subTypes[kind] &&
    record.Name === items.name(firstOf(fanOut, index)) &&
    record.ParentId === position.id
  if (!isAsAsked || ReplayChildren === true) return undefined
  let value: unknown
  try {
    value = Result === undefined ? undefined : JSON.parse(Result)
  } catch {
    return undefined
  }
  surroundings.countMet()
  return succeeded(value)
}

const subTypes = { 'map-iteration': 'MapIteration', 'parallel-branch': 'ParallelBranch' } as const

/** An item is met as an operation in the place that its index gives it. */
function memberOf(fanOut: FanOut, index: number, scope: Scope) {
  const { kind, options, items, body } = fanOut
  return {
    scope,
    begin: () => {
      const name = items.name(firstOf(fanOut, index))
      return unwatched(() => new IterationOperation(kind, name, body(index), options))[
        Symbol.iterator
      ]()
    },
  }
}

function close(
  fanOut: FanOut,
  record: BatchRecord<unknown>,
  updates: readonly OperationUpdate[],
  hasCompensations = false,
): Answer {
  const { position, surroundings, options, keys } = fanOut
  const { env } = surroundings
  // Where items have a serdes of their own, only their own records say their results in full; where
  // their steps can be undone, a replay must enter them to learn how.
  const isReadFromItems = options?.serdes === undefined && options?.itemSerdes !== undefined
  if (isReadFromItems || hasCompensations) {
    return resume(succeeded(new Batch(record, keys)), [...updates, summarized(fanOut, record)])
  }
  const plain = options?.serdes === undefined ? toPlain(record, env.errors) : record
  return encode(position, env, plain, options?.serdes ?? env.serdes, (text) => {
    if (!text.ok) return fail(fanOut, text.error, updates)
    const payload = text.value ?? ''
    if (Buffer.byteLength(payload) > limits.inlineContextBytes) {
      return resume(succeeded(new Batch(record, keys)), [...updates, summarized(fanOut, record)])
    }
    return read(fanOut, payload, (back) =>
      back.ok
        ? resume(back, [...updates, position.update('SUCCEED', { Payload: payload })])
        : fail(fanOut, back.error, updates),
    )
  })
}

function summarized(fanOut: FanOut, record: BatchRecord<unknown>) {
  const { position, options, summaryType } = fanOut
  let summary: string | undefined
  try {
    summary = options?.summarize?.(new Batch(record))
  } catch (error) {
    summary = isPerdureError(error) ? error.message : undefined
  }
  return position.update('SUCCEED', {
    Payload: summaryOf(summaryType, record, summary),
    ...replayChildren,
  })
}

function read(
  { position, surroundings, options, keys }: FanOut,
  text: string | null | undefined,
  then: (outcome: Settled) => Answer,
): Answer {
  const { env } = surroundings
  return decode(position, env, text, { serdes: options?.serdes ?? env.serdes }, (back) => {
    if (!back.ok) return then(back)
    if (!isBatch(back.value)) return then(failed(noBatch(position)))
    const record =
      options?.serdes === undefined
        ? fromPlain(back.value as PlainBatch, env.errors)
        : (back.value as BatchRecord<unknown>)
    return then(succeeded(new Batch(record, keys)))
  })
}

function isBatch(value: unknown): boolean {
  return Array.isArray((value as Partial<PlainBatch> | null | undefined)?.all)
}

function noBatch({ place }: Position): PerdureError {
  return new PerdureError(
    'SERDES_FAILED',
    `The serdes of ${place} gave back no batch: what it deserializes must have an array \`all\`, as what ` +
      'it serialized had.',
  )
}

/**
 * Only a summary is kept: the items that had ended are read again, each from its own record. The others
 * are walked as far as they are recorded, to learn how their steps are undone.
 */
function rebuild(fanOut: FanOut, text: string | null | undefined): Answer {
  const { items, keys, position, surroundings } = fanOut
  const summary = readSummary(text)
  if (!summary.ok) return replay(summary)
  const { itemStatuses, completionReason } = summary.value
  const tally = new Tally(items, undefined)
  tally.start(itemStatuses.length - 1)
  let started = 0
  while (started < countOf(fanOut) && firstOf(fanOut, started) < itemStatuses.length) started += 1
  return {
    next: 'gather',
    count: started,
    atOnce: Infinity,
    inOrder: false,
    isRecorded: true,
    member: (index) => {
      const isOver = itemStatuses[firstOf(fanOut, index)] === '-'
      const scope = surroundings.scope.slot(position.id, index, true)
      return { ...memberOf(fanOut, index, scope), isOver }
    },
    hasBegun: () => true,
    ended: (index, outcome) => {
      if (itemStatuses[firstOf(fanOut, index)] !== '-') noteEnds(fanOut, index, outcome, tally)
      return undefined
    },
    otherwise: () => replay(succeeded(new Batch(tally.record(completionReason), keys))),
  }
}
