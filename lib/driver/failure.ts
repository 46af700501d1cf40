import {
  errorDataOf,
  fromErrorRecord,
  isListed,
  type ErrorClass,
  type ErrorRecord,
} from '../kernel/error-record.ts'
import { isPerdureError, PerdureError, type ErrorCode } from '../kernel/errors.ts'

/**
 * What a workflow catches of a recorded failure: a listed class as itself, any other under `code`
 * with the original as its cause. Built from the record alone, so first run and replay agree (L3).
 */
export function failure(
  code: ErrorCode,
  record: ErrorRecord | null | undefined,
  classes: readonly ErrorClass[],
  message: string,
): Error {
  const kept = record ?? {}
  const original = fromErrorRecord(kept, classes)
  if (isListed(kept, classes)) return original
  return new PerdureError(code, kept.ErrorMessage ?? message, {
    errorType: kept.ErrorType ?? undefined,
    data: isPerdureError(original) ? original.data : errorDataOf(kept),
    cause: original,
  })
}

/** As `failure`, but an error recorded under one of the `own` codes comes back as that very error. */
export function ownFailure(
  own: readonly ErrorCode[],
  code: ErrorCode,
  record: ErrorRecord | null | undefined,
  classes: readonly ErrorClass[],
  message: string,
): Error {
  const original = fromErrorRecord(record ?? {}, classes)
  if (isPerdureError(original) && own.includes(original.code)) return original
  return failure(code, record, classes, message)
}
