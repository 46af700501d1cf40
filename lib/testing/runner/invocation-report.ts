import type { Reason } from '../../driver/observer.ts'
import type { InvocationTranscript } from '../transcript.ts'

/** One invocation of the workflow: what it replayed, what it ran, and why it was suspended. */
export interface InvocationReport extends InvocationTranscript {
  /** Operations whose outcome was handed over from the record, by id and words. */
  readonly replayed: readonly string[]
  /** Bodies that were run. */
  readonly ran: readonly string[]
  /** Operations that were new, other than those that run a body. */
  readonly started: readonly string[]
  /** What it was suspended for; nothing where it was not. */
  readonly suspendedFor: readonly Reason[]
  /** Whether it ended without an answer. */
  readonly died: boolean
}

export function invocationReport(transcript: InvocationTranscript): InvocationReport {
  const { entries } = transcript
  const words = (...kinds: readonly string[]) =>
    entries.flatMap((one) =>
      'id' in one && kinds.includes(one.what) ? [`${one.id} ${one.words}`] : [],
    )
  return {
    ...transcript,
    replayed: words('replayed'),
    ran: words('attempt'),
    started: words('started'),
    suspendedFor: entries.flatMap((one) => (one.what === 'suspended' ? one.reasons : [])),
    died: entries.some(({ what }) => what === 'died' || what === 'crashed'),
  }
}
