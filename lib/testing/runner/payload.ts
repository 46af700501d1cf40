import { lenientJson } from '../../kernel/serdes.ts'
import type { HistoryOperation } from './history.ts'

const nowhere = { operationId: '', executionArn: '' }

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
