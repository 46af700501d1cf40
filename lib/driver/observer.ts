import type { Settled } from '../kernel/settled.ts'
import type { Descriptor } from '../operations/operation.ts'
import type { Position } from './position.ts'

/** What a suspended execution waits for. */
export interface Reason {
  readonly id: string
  /** For people: `wait "cooling-off"`. */
  readonly words: string
  /** When it is due at the latest, in milliseconds since 1970, where the service has said so. */
  readonly until: number | undefined
}

/** What the journal says of an operation that is met: nothing, that it is open, or how it ended. */
export type Standing = 'new' | 'open' | 'answered'

/** Is told what a machine does, as it happens; what it answers is ignored. */
export interface Observer {
  /** The workflow's code built an operation. */
  built?(operation: Descriptor<unknown>): void
  /** One that it built is used for the first time. */
  used?(operation: Descriptor<unknown>): void
  /** An operation was met; one that takes no number has no position. */
  met?(operation: Descriptor<unknown>, position: Position | undefined, standing: Standing): void
  /** The attempt of a body begins, counted from 1. */
  attempting?(position: Position, attempt: number): void
  /** The attempt of a body has ended. */
  attempted?(position: Position, attempt: number, outcome: Settled): void
  /** An attempt was cancelled while its body ran: what still comes of that is not heard. */
  dropped?(position: Position, attempt: number): void
  /** Nothing can go on before one of these things happens outside. */
  suspended?(reasons: readonly Reason[]): void
}
