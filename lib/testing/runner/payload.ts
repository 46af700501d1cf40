import { describe, PerdureError, reasonOf } from '../../kernel/errors.ts'
import { lenientJson } from '../../kernel/serdes.ts'
import type { HistoryOperation } from './history.ts'

const nowhere = { operationId: '', executionArn: '' }

/** A value as JSON. Throws SERDES_FAILED for what JSON cannot hold, be it only that nothing is left of it. */
export function jsonOf(what: string, value: unknown): string {
  const advice = 'Hand over what JSON can hold, or give a serdes that can write it.'
  let text: string | undefined
  try {
    text = JSON.stringify(value) as string | undefined
  } catch (cause) {
    const message = `${what} cannot be written as JSON: ${reasonOf(cause)}. ${advice}`
    throw new PerdureError('SERDES_FAILED', message, { cause })
  }
  if (text !== undefined) return text
  throw new PerdureError(
    'SERDES_FAILED',
    `${what} is ${describe(value)}, which JSON leaves out. ${advice}`,
  )
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
