import { isSettled, type StepRecord } from '../../journal/record.ts'
import { toEpochMilliseconds } from '../../journal/time.ts'
import { toMilliseconds, toSeconds } from '../../kernel/duration.ts'
import { toErrorRecord, type ErrorRecord } from '../../kernel/error-record.ts'
import { PerdureError } from '../../kernel/errors.ts'
import { drawingFrom } from '../../kernel/random.ts'
import { failed } from '../../kernel/settled.ts'
import type { ConditionOperation } from '../../operations/wait-for-condition.ts'
import { end, replay, resume, type Answer } from '../answer.ts'
import { ownFailure } from '../failure.ts'
import { misusedInBody } from '../misuse.ts'
import { decode, encode } from '../payload.ts'
import type { Position } from '../position.ts'
import { bodyOf } from '../stand-in.ts'
import type { Interpreter, Surroundings } from './interpreter.ts'

/** Check, have the service put the next check off, check again; each state is kept by its RETRY. */
export const interpretCondition: Interpreter<ConditionOperation<unknown>> = (
  operation,
  position,
  found,
  surroundings,
) => {
  const record = found as StepRecord | undefined
  const { env } = surroundings
  const details = record?.StepDetails
  const serdes = operation.options.serdes ?? env.serdes
  const poll: Poll = {
    operation,
    position,
    surroundings,
    serdes,
    number: (details?.Attempt ?? 0) + 1,
    startedAt: toEpochMilliseconds(record?.StartTimestamp) ?? env.clock.now(),
  }
  switch (record?.Status) {
    case 'SUCCEEDED':
      return decode(position, env, details?.Result, { serdes }, replay)
    case 'PENDING':
      return pending(poll)
    case undefined:
    case 'STARTED':
    case 'READY': {
      const kept = details?.Result
      const start = record?.Status !== 'STARTED'
      if (!kept) return check(poll, operation.options.initialState, start)
      return decode(position, env, kept, { serdes }, (state) =>
        state.ok ? check(poll, state.value, start) : fail(poll, state.error),
      )
    }
    default:
      if (!isSettled(record)) return pending(poll)
      return replay(failed(conditionFailure(poll, details?.Error)))
  }
}

interface Poll {
  readonly operation: ConditionOperation<unknown>
  readonly position: Position
  readonly surroundings: Surroundings
  readonly serdes: ConditionOperation<unknown>['options']['serdes'] & object
  readonly number: number
  readonly startedAt: number
}

function check(poll: Poll, state: unknown, withStart: boolean): Answer {
  const { operation, position, surroundings, number } = poll
  return {
    next: 'run',
    updates: withStart ? [position.update('START')] : [],
    after: 'results',
    work: {
      position,
      attempt: { number, timeout: undefined },
      call: (context) =>
        bodyOf(surroundings.env, 'check', position, operation.check)(state, context),
    },
    then: (outcome) => (outcome.ok ? weigh(poll, outcome.value) : fail(poll, outcome.error)),
  }
}

/** The strategy sees the state as the next check will: read back from its text. */
function weigh(poll: Poll, value: unknown): Answer {
  const { operation, position, surroundings, serdes, number } = poll
  const { env } = surroundings
  const misuse = misusedInBody(position.words, value)
  if (misuse) return end(misuse)
  return encode(position, env, value, serdes, (text) => {
    if (!text.ok) return fail(poll, text.error)
    return decode(position, env, text.value, { serdes }, (state) => {
      if (!state.ok) return fail(poll, state.error)
      const payload = text.value === undefined ? {} : { Payload: text.value }
      let seconds: number | false
      try {
        const weighed = () => operation.options.strategy(state.value, number)
        const delay = drawingFrom(env.random, weighed)
        seconds = delay !== false && toSeconds(delay, 'strategy')
        if (seconds !== false) checkTime(poll, seconds)
      } catch (error) {
        return fail(poll, error)
      }
      if (seconds === false) return resume(state, [position.update('SUCCEED', payload)])
      const options = { StepOptions: { NextAttemptDelaySeconds: seconds } }
      return { ...pending(poll), updates: [position.update('RETRY', { ...payload, ...options })] }
    })
  })
}

/** Throws CONDITION_EXHAUSTED when the next check would come after the time is over. */
function checkTime(poll: Poll, seconds: number): void {
  const { timeout } = poll.operation.options
  if (timeout === undefined) return
  const over = poll.startedAt + toMilliseconds(timeout, 'timeout')
  if (poll.surroundings.env.clock.now() + seconds * 1000 <= over) return
  throw new PerdureError(
    'CONDITION_EXHAUSTED',
    `${poll.position.words} was still unmet after ${poll.number} checks, and the next would come ` +
      `after its time, ${toSeconds(timeout, 'timeout')} seconds, is over.`,
  )
}

function pending(poll: Poll) {
  const { operation, position, surroundings } = poll
  return {
    next: 'pend',
    id: position.id,
    words: `the next check of ${position.words}`,
    on: (record) => interpretCondition(operation, position, record, surroundings),
  } as const satisfies Answer
}

function fail(poll: Poll, error: unknown): Answer {
  const record = toErrorRecord(error, poll.surroundings.env.errors)
  const update = poll.position.update('FAIL', { Error: record })
  return resume(failed(conditionFailure(poll, record)), [update])
}

function conditionFailure(poll: Poll, record: ErrorRecord | null | undefined): Error {
  const own = ['CONDITION_EXHAUSTED', 'SERDES_FAILED'] as const
  const message = `${poll.position.words} failed`
  return ownFailure(own, 'CONDITION_FAILED', record, poll.surroundings.env.errors, message)
}
