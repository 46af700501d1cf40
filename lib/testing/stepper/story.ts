import type { OperationRecord, OperationStatus } from '../../journal/record.ts'
import type { ErrorRecord } from '../../kernel/error-record.ts'
import type { LogLevel } from '../../kernel/logger.ts'
import type { Sight } from './encounters.ts'

/** One thing that happened in a run, for machines. */
export type StepperEntry =
  | {
      readonly what: 'answered'
      readonly id: string
      readonly words: string
      readonly path: readonly string[]
      /** Whether the answer was on record, or has been given in this run. */
      readonly answered: 'record' | 'new'
      /** What the operation has come to; PENDING for an attempt that has failed and is repeated. */
      readonly status: OperationStatus
      /** The payload, as text. */
      readonly result?: string | undefined
      readonly error?: ErrorRecord | undefined
      /** Milliseconds since 1970. */
      readonly at: number
    }
  | { readonly what: 'said'; readonly level: LogLevel; readonly message: string }
  | { readonly what: 'returned'; readonly value: unknown }
  | { readonly what: 'threw' | 'stopped'; readonly error: unknown }

/** That an operation has been answered, or an attempt of it, as its record tells. */
export function answeredEntry(
  { id, words, path, operation }: Sight,
  record: OperationRecord,
  answered: 'record' | 'new',
  at: number,
): StepperEntry {
  const { Result: kept, Error: error } = detailsOf(record)
  // The context of a `waitForCallback` keeps the payload as it came, written as a JSON string.
  const isQuoted = operation.kind === 'wait-for-callback' && record.Type === 'CONTEXT'
  const result = isQuoted && kept !== undefined ? (JSON.parse(kept) as string) : kept
  return {
    what: 'answered',
    id,
    words,
    path,
    answered,
    status: record.Status,
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error }),
    at,
  }
}

/** What a record holds of how its operation has ended. */
export function detailsOf(record: OperationRecord): {
  readonly Result?: string | undefined
  readonly Error?: ErrorRecord | undefined
} {
  switch (record.Type) {
    case 'STEP':
      return record.StepDetails ?? {}
    case 'CONTEXT':
      return record.ContextDetails ?? {}
    case 'CALLBACK':
      return record.CallbackDetails ?? {}
    case 'CHAINED_INVOKE':
      return record.ChainedInvokeDetails ?? {}
    default:
      return {}
  }
}

/** What has happened in a run so far. */
export interface StepperTranscript {
  readonly entries: readonly StepperEntry[]
  /** The same for people, a line each. */
  readonly lines: readonly string[]
}

export function transcriptOf(entries: readonly StepperEntry[]): StepperTranscript {
  return { entries, lines: entries.map(format) }
}

function format(entry: StepperEntry): string {
  switch (entry.what) {
    case 'answered': {
      const { id, words, path, answered, status, result, error } = entry
      const where = path.length === 0 ? '' : ` in ${path.join(' > ')}`
      const verb = verbs[status] ?? status
      const what = error !== undefined ? `: ${reasonOf(error)}` : result ? ` ${cut(result)}` : ''
      return `${id} ${words}${where} ${verb}${what}${answered === 'record' ? ' (recorded)' : ''}`
    }
    case 'said':
      return `said ${entry.level === 'info' ? '' : `${entry.level}: `}${entry.message}`
    case 'returned':
      return `returned ${entry.value === undefined ? 'nothing' : cut(JSON.stringify(entry.value))}`
    case 'threw':
    case 'stopped':
      return `${entry.what} ${errorWords(entry.error)}`
  }
}

const verbs: Partial<Record<OperationStatus, string>> = {
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timed out',
  STOPPED: 'was stopped',
  CANCELLED: 'was cancelled',
  PENDING: 'is to be tried again',
}

function reasonOf({ ErrorType, ErrorMessage }: ErrorRecord): string {
  return [ErrorType, ErrorMessage].filter((part) => part !== undefined).join(': ')
}

/** `CALLBACK_TIMED_OUT: …`, or the name of an error that is not perdure's. */
export function errorWords(error: unknown): string {
  if (!(error instanceof Error)) return cut(String(error))
  const code = 'code' in error ? String(error.code) : error.name
  return `${code}: ${error.message.split('\n')[0] ?? ''}`
}

function cut(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}
