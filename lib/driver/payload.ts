import { PerdureError } from '../kernel/errors.ts'
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
  const shaped = (value: unknown): Answer => {
    if (reading.schema === undefined) return then(succeeded(value))
    let shape: unknown
    try {
      shape = reading.schema.create(value)
    } catch (error) {
      return then(failed(broken(position, 'does not fit its schema', error)))
    }
    return then(succeeded(shape))
  }
  if (text === undefined || text === null) return shaped(undefined)

  const refused = (error: unknown) =>
    then(failed(broken(position, 'could not be deserialized', error)))
  let value: unknown
  try {
    value = reading.serdes.deserialize(text, contextOf(position, env))
  } catch (error) {
    return refused(error)
  }
  return later(position, value, shaped, refused)
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
  const refused = (error: unknown) =>
    then(failed(broken(position, 'could not be serialized', error)))
  let text: unknown
  try {
    text = serdes.serialize(value as never, contextOf(position, env))
  } catch (error) {
    return refused(error)
  }
  return later(
    position,
    text,
    // JSON has no text for a function or a symbol, and then there is nothing to keep.
    (made) => then(succeeded(made as string | undefined)),
    refused,
  )
}

/** Goes on at once with a value that is there, and through the shell with one still to come. */
function later(
  position: Position,
  value: unknown,
  then: (value: unknown) => Answer,
  refused: (error: unknown) => Answer,
): Answer {
  if (!isPromiseLike(value)) return then(value)
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
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new PerdureError(
    'SERDES_FAILED',
    `The payload of ${position.words} (operation ${position.id}) ${what}: ${reason}`,
    { cause },
  )
}
