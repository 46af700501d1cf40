import type { ErrorRecord } from '../kernel/error-record.ts'

/** What the handler's answer means for the execution. */
export type Answer =
  | { readonly status: 'SUCCEEDED'; readonly result: string | undefined }
  | { readonly status: 'FAILED'; readonly error: ErrorRecord | undefined }
  | { readonly status: 'PENDING' }

/** Reads what a handler returned. What is no answer fails the execution, and says what is wrong. */
export function readAnswer(returned: unknown): Answer {
  if (typeof returned !== 'object' || returned === null || Array.isArray(returned)) {
    return refused('Invalid response from the function: expected a JSON object with a Status.')
  }
  const { Status, Result, Error } = returned as Record<string, unknown>
  if (Status === 'PENDING') return { status: 'PENDING' }
  if (Status === 'SUCCEEDED') {
    if (Error != null) return refused('Cannot provide an Error for SUCCEEDED status.')
    if (Result != null && typeof Result !== 'string') {
      return refused('Invalid response from the function: Result must be a string.')
    }
    return { status: 'SUCCEEDED', result: Result ?? undefined }
  }
  if (Status === 'FAILED') {
    if (Result != null) return refused('Cannot provide a Result for FAILED status.')
    if (Error != null && typeof Error !== 'object') {
      return refused('Invalid response from the function: Error must be an object.')
    }
    return { status: 'FAILED', error: (Error as ErrorRecord | null) ?? undefined }
  }
  return refused(`Invalid response from the function: unknown Status ${JSON.stringify(Status)}.`)
}

export const nothingPending: ErrorRecord = {
  ErrorType: 'InvalidParameterValueException',
  ErrorMessage: 'Cannot return PENDING status with no pending operations.',
}

function refused(message: string): Answer {
  return {
    status: 'FAILED',
    error: { ErrorType: 'InvalidParameterValueException', ErrorMessage: message },
  }
}
