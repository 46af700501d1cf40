import { isDeepStrictEqual } from 'node:util'
import type { ErrorRecord } from '../../kernel/error-record.ts'
import type { Deserializer, SerdesContext } from '../../kernel/serdes.ts'

/** Whether two payloads mean the same: as texts, or as what their serdes reads in them. */
export async function meanSame(
  one: string | undefined,
  other: string | undefined,
  serdes: Partial<Deserializer<unknown>>,
  context: SerdesContext,
): Promise<boolean> {
  if (one === other) return true
  if (one === undefined || other === undefined) return false
  try {
    const read = (text: string) =>
      serdes.deserialize ? serdes.deserialize(text, context) : (JSON.parse(text) as unknown)
    return isDeepStrictEqual(await read(one), await read(other))
  } catch {
    return false
  }
}

/** Whether two errors are alike; a stack is nobody's result. */
export function areAlike(one: ErrorRecord, other: ErrorRecord): boolean {
  return (
    one.ErrorType === other.ErrorType &&
    one.ErrorMessage === other.ErrorMessage &&
    isDeepStrictEqual(dataOf(one), dataOf(other))
  )
}

function dataOf({ ErrorData: text }: ErrorRecord): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

const mostCharacters = 200

/** A payload as a report shows it. */
export function shownPayload(text: string | undefined | null): string {
  if (text === undefined || text === null) return 'nothing'
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters - 1)}…`
}

export function shownError({ ErrorType, ErrorMessage }: ErrorRecord): string {
  return shownPayload(`${ErrorType ?? 'Error'}: ${ErrorMessage ?? ''}`)
}
