import type { Reason } from '../../driver/observer.ts'
import type { Entry, InvocationTranscript } from '../transcript.ts'

/** One invocation of the workflow: what it replayed, what it ran, and why it was suspended. */
export class InvocationReport implements InvocationTranscript {
  readonly number: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly entries: Entry[]

  constructor({ number, at, entries }: InvocationTranscript) {
    this.number = number
    this.at = at
    this.entries = entries
  }

  /** Operations whose outcome was handed over from the record: `1 step "charge"`. */
  get replayed(): string[] {
    return this.#words('replayed')
  }

  /** Bodies that were run, once for each attempt. */
  get ran(): string[] {
    return this.#words('attempt')
  }

  /** Operations that were new, but for those that run a body. */
  get started(): string[] {
    return this.#words('started')
  }

  /** What it was suspended for; nothing where it was not. */
  get suspendedFor(): Reason[] {
    return this.entries.flatMap((one) => (one.what === 'suspended' ? one.reasons : []))
  }

  /** Whether it ended without an answer. */
  get hasDied(): boolean {
    return this.entries.some(({ what }) => what === 'died' || what === 'crashed')
  }

  #words(kind: Entry['what']): string[] {
    return this.entries.flatMap((one) =>
      'id' in one && one.what === kind ? [`${one.id} ${one.words}`] : [],
    )
  }
}
