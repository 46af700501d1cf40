import type { OperationRecord } from '../../../lib/journal/record.ts'
import type { OperationUpdate } from '../../../lib/journal/update.ts'
import type { Settled } from '../../../lib/kernel/settled.ts'

/** One thing that was seen in a run, in the order in which it happened; laws are judged by these. */
export type Entry = { readonly invocation: number } & (
  | { readonly what: 'invoked' }
  /** The invocation gets to know records: with its event, a page of state, or an answer. */
  | { readonly what: 'told'; readonly records: readonly OperationRecord[] }
  | {
      readonly what: 'sent'
      readonly call: number
      readonly token: string
      readonly updates: readonly OperationUpdate[]
    }
  /** A call was answered, and the invocation lived to see it. */
  | { readonly what: 'answered'; readonly call: number; readonly token: string | undefined }
  /** By the service, or by trouble that was planned. */
  | {
      readonly what: 'refused'
      readonly call: number
      readonly name: string
      readonly message: string
      readonly isPlanned: boolean
    }
  | ({ readonly what: 'began' } & Body)
  | ({ readonly what: 'ended' } & Body)
  /** What a yield gave, at a place of the plan. */
  | { readonly what: 'saw'; readonly place: string; readonly outcome: Settled }
  /** The body of a context, a member, an item or a task begins to run. */
  | { readonly what: 'enters'; readonly place: string }
  /** A `finally` runs; after its block was through, or because somebody ended the generator. */
  | { readonly what: 'cleansUp'; readonly place: string; readonly isThrough: boolean }
  | { readonly what: 'crashed' }
  /** It answered; with what the service has recorded at that moment. */
  | {
      readonly what: 'returned'
      readonly status: string
      readonly records: readonly OperationRecord[]
    }
  | { readonly what: 'threw'; readonly message: string }
)

/** One attempt of a body. */
export interface Body {
  readonly id: string
  readonly attempt: number
  readonly kind: 'step' | 'submit' | 'check' | 'undo'
  /** Where it stands, in plans that say so. */
  readonly place?: string
  readonly semantics: 'at-least-once' | 'at-most-once'
}

export type EntryOf<W extends Entry['what']> = Extract<Entry, { readonly what: W }>
