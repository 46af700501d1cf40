import { describe, PerdureError, reasonOf } from '../../kernel/errors.ts'
import { lenientJson } from '../../kernel/serdes.ts'
import type { HistoryOperation } from './history.ts'

const nowhere = { operationId: '', executionArn: '' }

/** A value as JSON. Throws SERDES_FAILED for what JSON cannot hold, or would leave out. */
export function jsonOf(what: string, value: unknown): string {
  const text = written(what, value)
  if (text !== undefined) return text
  throw unfit(`${what} is ${describe(value)}, which JSON leaves out.`)
}

/** Nothing for a function, a symbol and `undefined`, whatever the type of JSON.stringify says. */
function written(what: string, value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch (cause) {
    throw unfit(`${what} cannot be written as JSON: ${reasonOf(cause)}.`, cause)
  }
}

function unfit(fact: string, cause?: unknown): PerdureError {
  const advice = 'Hand over what JSON can hold, or give a serdes that can write it.'
  return new PerdureError('SERDES_FAILED', `${fact} ${advice}`, { cause })
}

/** A payload as a value: parsed where it is JSON, as text where it is not. */
function parsed(text: string | undefined): unknown {
  return text === undefined || text === '' ? undefined : lenientJson.deserialize(text, nowhere)
}

/** The result of an operation as a value. */
export function read({ subType, result }: HistoryOperation): unknown {
  const value = parsed(result)
  // The context keeps the payload as it came, written as a JSON string.
  return subType === 'WaitForCallback' && typeof value === 'string' ? parsed(value) : value
}
