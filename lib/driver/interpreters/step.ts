import { isDeepStrictEqual } from 'node:util'
import { isSettled, type StepRecord } from '../../journal/record.ts'
import { toMilliseconds, toSeconds } from '../../kernel/duration.ts'
import { toErrorRecord, type ErrorClass, type ErrorRecord } from '../../kernel/error-record.ts'
import { PerdureError } from '../../kernel/errors.ts'
import { drawingFrom } from '../../kernel/random.ts'
import { failed, type Settled } from '../../kernel/settled.ts'
import type { CompensationOperation } from '../../operations/compensation.ts'
import type { StepOperation } from '../../operations/step.ts'
import { end, replay, resume, type Answer } from '../answer.ts'
import { ownFailure } from '../failure.ts'
import { misusedInBody } from '../misuse.ts'
import { decode, encode } from '../payload.ts'
import type { Position } from '../position.ts'
import { bodyOf } from '../stand-in.ts'
import type { Interpreter, Surroundings } from './interpreter.ts'

/** Run the body until an attempt succeeds or the retries are used up; PROTOCOL's table for steps. */
export const interpretStep: Interpreter<AnyStep> = (operation, position, found, surroundings) => {
  const record = found as StepRecord | undefined
  const details = record?.StepDetails
  const number = (details?.Attempt ?? 0) + 1
  const run: Attempt = { operation, position, surroundings, number }
  switch (record?.Status) {
    case undefined:
    case 'READY':
      return begin(run, true)
    case 'SUCCEEDED':
      return decode(position, surroundings.env, details?.Result, readingOf(run), (outcome) => {
        noteCompensation(run, outcome)
        return replay(outcome)
      })
    case 'PENDING':
      return pending(run)
    case 'STARTED':
      return isAtMostOnce(operation) ? interrupted(run) : begin(run, false)
    default:
      if (!isSettled(record)) return pending(run)
      return replay(failed(stepFailure(run, details?.Error)))
  }
}

type AnyStep = StepOperation<unknown> | CompensationOperation

interface Attempt {
  readonly operation: AnyStep
  readonly position: Position
  readonly surroundings: Surroundings
  /** Counted from 1. */
  readonly number: number
}

function begin(run: Attempt, withStart: boolean): Answer {
  const { operation, position, surroundings, number } = run
  const timeout = operation.options?.timeout
  return {
    next: 'run',
    updates: withStart ? [position.update('START')] : [],
    after: after(operation, surroundings),
    work: {
      position,
      attempt: { number, timeout: timeout && toMilliseconds(timeout) },
      call: (context) => bodyFor(run)(context),
    },
    then: (outcome) => (outcome.ok ? keep(run, outcome.value) : lost(run, outcome.error)),
  }
}

/** What undoes a step has been chosen by then, and is named as the step is. */
function bodyFor({ operation, position, surroundings }: Attempt): AnyStep['fn'] {
  if (operation.kind === 'compensation') return operation.fn
  return bodyOf(surroundings.env, 'step', position, operation.fn)
}

function after(operation: AnyStep, { env }: Surroundings) {
  if (isAtMostOnce(operation)) return 'said'
  return env.checkpointing === 'optimistic' ? 'nothing' : 'results'
}

/** A value is handed on as it will be read back, or the step has failed: its effect is not repeated. */
function keep(run: Attempt, value: unknown): Answer {
  const { position, surroundings } = run
  const { env } = surroundings
  const misuse = misusedInBody(position.words, value)
  if (misuse) return end(misuse)
  const reading = readingOf(run)
  return encode(position, env, value, reading.serdes, (text) => {
    if (!text.ok) return fail(run, text.error)
    return decode(position, env, text.value, reading, (back) => {
      if (!back.ok) return fail(run, back.error)
      if (env.determinism === 'check') reportChange(run, value, back)
      noteCompensation(run, back)
      const payload = text.value === undefined ? {} : { Payload: text.value }
      return resume(back, [position.update('SUCCEED', payload)])
    })
  })
}

function noteCompensation({ operation, position, surroundings }: Attempt, outcome: Settled): void {
  const compensate = operation.options?.compensate
  if (compensate === undefined || !outcome.ok) return
  const { id, name } = position
  surroundings.scope.compensate({
    id,
    name,
    undo: (context) =>
      bodyOf(surroundings.env, 'compensate', position, compensate)(outcome.value, context),
  })
}

function lost(run: Attempt, error: unknown): Answer {
  const { operation, position, surroundings, number } = run
  const { env } = surroundings
  const retry = operation.options?.retry ?? env.retry
  let seconds: number
  try {
    const delay = drawingFrom(env.random, () => retry(error, number))
    if (delay === false) return fail(run, error)
    seconds = toSeconds(delay, 'retry')
  } catch (refusal) {
    return fail(run, refusal)
  }
  const update = position.update('RETRY', {
    Error: toErrorRecord(error, classesOf(run)),
    StepOptions: { NextAttemptDelaySeconds: seconds },
  })
  return { ...pending(run), updates: [update] }
}

function pending(run: Attempt) {
  const { operation, position, surroundings } = run
  return {
    next: 'pend',
    id: position.id,
    words: `the next attempt of ${position.words}`,
    on: (record) => interpretStep(operation, position, record, surroundings),
  } as const satisfies Answer
}

function fail(run: Attempt, error: unknown): Answer {
  const record = toErrorRecord(error, classesOf(run))
  const update = run.position.update('FAIL', { Error: record })
  return resume(failed(stepFailure(run, record)), [update])
}

function interrupted(run: Attempt): Answer {
  const { position, number } = run
  return lost(
    run,
    new PerdureError(
      'STEP_INTERRUPTED',
      `Attempt ${number} of ${position.place} began and was never ` +
        'heard of again: its invocation ended in the middle. It is not known how far it came.',
    ),
  )
}

function stepFailure(run: Attempt, record: ErrorRecord | undefined) {
  const own = ['STEP_TIMED_OUT', 'STEP_INTERRUPTED', 'SERDES_FAILED'] as const
  const message = `${run.position.words} failed`
  return ownFailure(own, 'STEP_FAILED', record, classesOf(run), message)
}

function classesOf({ operation, surroundings }: Attempt): readonly ErrorClass[] {
  const own = operation.options?.errors
  return own === undefined ? surroundings.env.errors : [...own, ...surroundings.env.errors]
}

function readingOf({ operation, surroundings }: Attempt) {
  const { options } = operation
  return { serdes: options?.serdes ?? surroundings.env.serdes, schema: options?.schema }
}

function isAtMostOnce(operation: AnyStep): boolean {
  return operation.options?.semantics === 'at-most-once'
}

function reportChange(run: Attempt, value: unknown, back: Settled): void {
  if (!back.ok || isDeepStrictEqual(value, back.value)) return
  const { position, surroundings } = run
  surroundings.env
    .log({ operationId: position.id })
    .warn(
      `${position.words} returned a value that its serdes changes, so the workflow goes on with ` +
        'another one: return what JSON can say, or name a serdes that keeps it.',
    )
}
