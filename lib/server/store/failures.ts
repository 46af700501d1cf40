import { PerdureError, reasonOf } from '../../kernel/errors.ts'

/** Why the file `file` cannot be opened, in our words where SQLite's say too little. */
export function openFailure(file: string, cause: unknown): PerdureError {
  if (cause instanceof PerdureError) return cause
  const code = codeOf(cause)
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new PerdureError(
      'STORE_LOCKED',
      `The store ${file} is in use by another process, and only one server at a time may have it ` +
        'open. Stop the other server, or name another file.',
      { cause },
    )
  }
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return unusable(file, 'it is not a SQLite database, or is damaged', cause)
  }
  const reason = /ConnectionFailed|CANTOPEN/.test(`${code} ${reasonOf(cause)}`)
    ? 'it cannot be opened; does its folder exist, and may it be written?'
    : reasonOf(cause)
  return unusable(file, reason, cause)
}

export function unusable(file: string, reason: string, cause?: unknown): PerdureError {
  return new PerdureError(
    'STORE_UNUSABLE',
    `The store ${file} cannot be used: ${reason}. Name another file, or mend this one.`,
    { cause },
  )
}

export function tooNew(file: string, found: number, known: number): PerdureError {
  return new PerdureError(
    'STORE_TOO_NEW',
    `The store ${file} has schema ${found}, and this version of perdure knows those up to ${known}. ` +
      'Update perdure, or name another file. Nothing was changed.',
  )
}

/** The end of a store that could not write. */
export function writeFailure(file: string, cause: unknown): PerdureError {
  return new PerdureError(
    'STORE_FAILED',
    `The store ${file} could not be written: ${reasonOf(cause)}. The service answers nothing any ` +
      'more, because it would promise what is not kept. Mend the cause and start it again.',
    { cause },
  )
}

export function closedStore(file: string): PerdureError {
  return new PerdureError('STORE_FAILED', `The store ${file} is closed.`)
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}
