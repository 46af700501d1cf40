import { describe, PerdureError, reasonOf } from '../kernel/errors.ts'
import type { Deserializer, Schema, Serializer } from '../kernel/serdes.ts'
import { failed, isPromiseLike, succeeded, type Settled } from '../kernel/settled.ts'
import type { Answer } from './answer.ts'
import type { Environment } from './environment.ts'
import type { Position } from './position.ts'

/** How a payload is read: by a serdes, then, where there is one, through a schema. */
export interface Reading {
  readonly serdes: Deserializer<unknown>
  readonly schema?: Schema<unknown> | undefined
}

/** Hands `then` the value that a payload stands for; an absent one is `undefined`. */
export function decode(
  position: Position,
  env: Environment,
  text: string | null | undefined,
  reading: Reading,
  then: (outcome: Settled) => Answer,
): Answer {
  if (text === undefined || text === null) return shape(position, undefined, reading, then)
  let value: unknown
  try {
    value = reading.serdes.deserialize(text, contextOf(position, env))
  } catch (error) {
    return then(undeserialized(position, error))
  }
  if (!isPromiseLike(value)) return shape(position, value, reading, then)
  return later(
    position,
    value,
    (made) => shape(position, made, reading, then),
    (error) => then(undeserialized(position, error)),
  )
}

function shape(
  position: Position,
  value: unknown,
  { schema }: Reading,
  then: (outcome: Settled) => Answer,
): Answer {
  if (schema === undefined) return then(succeeded(value))
  let shaped: unknown
  try {
    shaped = schema.create(value)
  } catch (error) {
    return then(failed(broken(position, 'does not fit its schema', error)))
  }
  return then(succeeded(shaped))
}

function undeserialized(position: Position, error: unknown): Settled<never> {
  return failed(broken(position, 'could not be deserialized', error))
}

/** Hands `then` a value as the text to keep; `undefined` is kept as no text, and no serdes is asked. */
export function encode(
  position: Position,
  env: Environment,
  value: unknown,
  serdes: Serializer<never>,
  then: (outcome: Settled<string | undefined>) => Answer,
): Answer {
  if (value === undefined) return then(succeeded(undefined))
  let text: unknown
  try {
    text = serdes.serialize(value as never, contextOf(position, env))
  } catch (error) {
    return then(unserialized(position, error))
  }
  if (!isPromiseLike(text)) return made(position, text, then)
  return later(
    position,
    text,
    (value) => made(position, value, then),
    (error) => then(unserialized(position, error)),
  )
}

function made(
  position: Position,
  text: unknown,
  then: (outcome: Settled<string | undefined>) => Answer,
): Answer {
  // JSON has no text for a function or a symbol, and then there is nothing to keep.
  if (text === undefined || typeof text === 'string') return then(succeeded(text))
  return then(unserialized(position, new TypeError(`expected text, got ${describe(text)}`)))
}

function unserialized(position: Position, error: unknown): Settled<never> {
  return failed(broken(position, 'could not be serialized', error))
}

/** Goes on, through the shell, with a value that is still to come. */
function later(
  position: Position,
  value: PromiseLike<unknown>,
  then: (value: unknown) => Answer,
  refused: (error: unknown) => Answer,
): Answer {
  // Should nobody come to ask for it, because the invocation is over, it may fail unheard.
  value.then(undefined, () => {})
  return {
    next: 'run',
    after: 'nothing',
    work: { position, call: () => value },
    then: (outcome) => (outcome.ok ? then(outcome.value) : refused(outcome.error)),
  }
}

function contextOf(position: Position, env: Environment) {
  return { operationId: position.id, executionArn: env.executionArn }
}

function broken(position: Position, what: string, cause: unknown): PerdureError {
  const reason = reasonOf(cause)
  return new PerdureError('SERDES_FAILED', `The payload of ${position.place} ${what}: ${reason}`, {
    cause,
  })
}
