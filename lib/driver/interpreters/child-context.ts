import { isSettled, type ContextRecord } from '../../journal/record.ts'
import { replayChildren, type OperationUpdate } from '../../journal/update.ts'
import { fromErrorRecord, toErrorRecord, type ErrorRecord } from '../../kernel/error-record.ts'
import { describe, PerdureError } from '../../kernel/errors.ts'
import { limits } from '../../kernel/limits.ts'
import type { Serdes } from '../../kernel/serdes.ts'
import { failed, type Settled } from '../../kernel/settled.ts'
import { begin, type Member } from '../../operations/member.ts'
import type { ChildContextOperation } from '../../operations/child-context.ts'
import type { Compensations } from '../compensations.ts'
import { end, replay, resume, revisit, type Answer } from '../answer.ts'
import { failure } from '../failure.ts'
import { misusedAsResult } from '../misuse.ts'
import { decode, encode, type Reading } from '../payload.ts'
import type { Position } from '../position.ts'
import type { Scope } from '../scope.ts'
import type { Interpreter, Surroundings } from './interpreter.ts'

/** Walk the body as a strand of its own, and keep its end as one record. */
export const interpretChildContext: Interpreter<ChildContextOperation<unknown>> = (
  operation,
  position,
  record,
  surroundings,
) => {
  const { env } = surroundings
  const { serdes = env.serdes, mapError, summarize, virtual } = operation.options ?? {}
  return interpretContext(record as ContextRecord | undefined, {
    position,
    surroundings,
    body: operation.body,
    serdes,
    reading: { serdes },
    summarize,
    virtual: virtual === true,
    failure: (kept) => {
      if (mapError === undefined) {
        return failure('CHILD_CONTEXT_FAILED', kept, env.errors, `${position.words} failed`)
      }
      return mapError(fromErrorRecord(kept, env.errors))
    },
  })
}

/** A context as all operations made of others have it; they differ in these. */
export interface Context {
  readonly position: Position
  readonly surroundings: Surroundings
  readonly body: Member<unknown>
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the body's result may be any
  readonly serdes: Serdes<any>
  /** How the kept text becomes what the caller gets. */
  readonly reading: Reading
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
  readonly summarize?: ((value: any) => string) | undefined
  readonly virtual?: boolean
  /** Those of a saga, which its body adds to in place of the saga's around it. */
  readonly compensations?: Compensations
  /** What the caller catches of a recorded failure; may throw that instead. */
  readonly failure: (kept: ErrorRecord) => unknown
}

export function interpretContext(record: ContextRecord | undefined, context: Context): Answer {
  const { position, surroundings } = context
  const details = record?.ContextDetails
  switch (record?.Status) {
    case undefined:
      return enter(context, context.virtual === true ? [] : [position.update('START')])
    case 'STARTED':
      return enter(context, [])
    case 'SUCCEEDED':
      if (details?.ReplayChildren === true) {
        return enter(context, [], true)
      }
      return decode(position, surroundings.env, details?.Result, context.reading, replay)
    default:
      if (!isSettled(record)) return pending(context)
      if (details?.ReplayChildren === true) return revisited(context, details.Error)
      return replay(failed(caught(context, details?.Error ?? {})))
  }
}

function pending(context: Context): Answer {
  const { id, words } = context.position
  return {
    next: 'pend',
    id,
    words,
    on: (record) => interpretContext(record as ContextRecord, context),
  }
}

function scopeOf(context: Context, rebuilding: boolean): Scope {
  const { position, surroundings, virtual = false, compensations } = context
  return surroundings.scope.child(position.id, { virtual, rebuilding, compensations })
}

/** It has failed, and something in it can still be undone. */
function revisited(context: Context, kept: ErrorRecord | undefined): Answer {
  const { position, body } = context
  const scope = scopeOf(context, true)
  const member = { scope, begin: () => begin(body, position) }
  return revisit([member], () => replay(failed(caught(context, kept ?? {}))))
}

/** Walks the body: for the first time, or, `rebuilding`, for a result that is on record as a summary. */
function enter(context: Context, updates: readonly OperationUpdate[], rebuilding = false): Answer {
  const { position, body, virtual = false } = context
  const scope = scopeOf(context, rebuilding)
  return {
    next: 'spawn',
    isRecorded: !virtual,
    updates,
    scope,
    begin: () => begin(body, position),
    then: (outcome) => (rebuilding ? rebuilt(context, outcome) : close(context, outcome, scope)),
  }
}

function close(context: Context, outcome: Settled, scope: Scope): Answer {
  if (!outcome.ok) return fail(context, outcome.error, scope)
  const { position, surroundings, virtual } = context
  const misuse = misusedAsResult(outcome.value, `The body of ${position.words}`)
  if (misuse) return end(misuse)
  return encode(position, surroundings.env, outcome.value, context.serdes, (text) => {
    if (!text.ok) return fail(context, text.error, scope)
    return decode(position, surroundings.env, text.value, context.reading, (back) => {
      if (virtual === true) return resume(back)
      return resume(back, [
        position.update('SUCCEED', kept(context, outcome.value, text.value, scope)),
      ])
    })
  })
}

/** The payload itself, or, where it is too large to be worth its place, the word to replay the body. */
function kept(context: Context, value: unknown, text: string | undefined, scope: Scope) {
  // A replay must enter the body to learn how its steps are undone.
  const again = scope.hasCompensations ? replayChildren : {}
  if (text === undefined) return again
  if (text.length * 3 <= limits.inlineContextBytes) return { Payload: text, ...again }
  if (Buffer.byteLength(text) <= limits.inlineContextBytes) return { Payload: text, ...again }
  return { Payload: summary(context, value), ...replayChildren }
}

/** A summary is for people: that there is none must not cost the context its result. */
function summary({ summarize, position, surroundings }: Context, value: unknown): string {
  try {
    const made: unknown = summarize?.(value) ?? ''
    if (typeof made === 'string') return made
    throw new TypeError(`it answered ${describe(made)}`)
  } catch (error) {
    surroundings.env
      .log({ operationId: position.id, error })
      .warn(`The summary of ${position.words} could not be made, so none is recorded.`)
    return ''
  }
}

function fail(context: Context, error: unknown, scope: Scope): Answer {
  const record = toErrorRecord(error, context.surroundings.env.errors)
  const outcome = failed(caught(context, record))
  if (context.virtual === true) return resume(outcome)
  // A saga that has failed has undone all there was.
  const isUndone = context.compensations !== undefined
  const again = scope.hasCompensations && !isUndone ? replayChildren : {}
  return resume(outcome, [context.position.update('FAIL', { Error: record, ...again })])
}

/** The body of a context that has succeeded was run again for its value, and reports nothing. */
function rebuilt(context: Context, outcome: Settled): Answer {
  const { position, surroundings } = context
  if (!outcome.ok) {
    return end(
      new PerdureError(
        'REPLAY_DIVERGED',
        `Replay diverged in ${position.place}: the journal says that it ` +
          'succeeded, but its body, replayed for its result, now fails. Code must take the same path on every replay.',
        { cause: outcome.error },
      ),
      position.id,
    )
  }
  return encode(position, surroundings.env, outcome.value, context.serdes, (text) =>
    text.ok
      ? decode(position, surroundings.env, text.value, context.reading, replay)
      : replay(text),
  )
}

function caught(context: Context, record: ErrorRecord): unknown {
  try {
    return context.failure(record)
  } catch (error) {
    return error
  }
}
