import { describe, PerdureError } from '../../kernel/errors.ts'

/** Says what is wrong with a history, and what to do about it. */
export function unreadable(message: string, cause?: unknown): PerdureError {
  return new PerdureError('INVALID_ENVELOPE', message, cause === undefined ? {} : { cause })
}

/** A member of a history is of another kind than the API gives it. */
export function misfit(where: string, expected: string, found: unknown): PerdureError {
  return unreadable(
    `Expected ${where} to be ${expected}, got ${describe(found)}. Hand over what ` +
      'GetDurableExecutionHistory or GetDurableExecutionState answered, or the event of an invocation.',
  )
}
