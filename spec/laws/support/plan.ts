// A workflow as plain data, so that it can be generated, shrunk, printed, altered, carried out by the
// engine and worked out without it.

/** A body: what it does, one deed after the other, and what it returns when it has done them all. */
export interface Plan {
  readonly deeds: readonly Deed[]
  readonly returns: 'notes' | 'nothing' | 'much' | 'most'
}

export type Deed = OperationDeed | FlowDeed

/** Deeds that yield. */
export type OperationDeed =
  | StepDeed
  | WaitDeed
  | ContextDeed
  | CallbackDeed
  | WaitForCallbackDeed
  | InvokeDeed
  | ConditionDeed
  | AmbientDeed

/** Deeds of the language itself. */
export type FlowDeed =
  | { readonly kind: 'throw'; readonly thrown: Thrown }
  | { readonly kind: 'leave' }
  | { readonly kind: 'loop'; readonly times: number; readonly body: readonly Deed[] }
  | {
      readonly kind: 'try'
      readonly body: readonly Deed[]
      readonly rethrows: boolean
      readonly cleanUp: readonly Deed[]
    }

interface Named {
  readonly name?: string | undefined
}

export interface StepDeed extends Named {
  readonly kind: 'step'
  readonly semantics: 'at-least-once' | 'at-most-once'
  /** The first so many attempts fail, of at most `tries`. */
  readonly fails: number
  readonly tries: number
  readonly thrown: Thrown
  readonly value: Value
  readonly reading: Reading
  /** Turns of the event loop that the body takes; 0 for one that is not async. */
  readonly turns: number
}

export interface WaitDeed extends Named {
  readonly kind: 'wait'
  readonly seconds: number
}

export interface ContextDeed extends Named {
  readonly kind: 'context'
  readonly virtual: boolean
  readonly mapped: boolean
  readonly reading: 'json' | 'async'
  readonly body: Plan
}

export interface CallbackDeed extends Named {
  readonly kind: 'callback'
  readonly answer: CallbackAnswer
  readonly reading: CallbackReading
  /** Done between making the callback and waiting for it. */
  readonly between: readonly Deed[]
  /** How often its result is yielded. */
  readonly awaited: number
}

export interface WaitForCallbackDeed extends Named {
  readonly kind: 'wait-for-callback'
  readonly answer: CallbackAnswer
  readonly reading: CallbackReading
  readonly fails: number
  readonly tries: number
  readonly thrown: Thrown
  readonly turns: number
}

export interface InvokeDeed extends Named {
  readonly kind: 'invoke'
  readonly callee: 'echo' | 'durable-echo' | 'refuse' | 'durable-refuse' | 'missing'
  readonly input: Value
}

export interface ConditionDeed extends Named {
  readonly kind: 'condition'
  readonly checks: number
  readonly ends: 'met' | 'thrown' | 'exhausted'
  readonly reading: 'json' | 'async'
  readonly turns: number
}

export interface AmbientDeed {
  readonly kind: 'now' | 'uuid' | 'random'
}

/** What the outside world makes of a callback, and how many seconds after it got the id. */
export type CallbackAnswer =
  | { readonly how: 'succeed'; readonly text: string | undefined; readonly after: number }
  | { readonly how: 'fail'; readonly thrown: Thrown; readonly after: number }
  | { readonly how: 'time-out' | 'heartbeat-time-out'; readonly after: number }

/** How a result is read: some ways cannot be gone, and the operation fails. */
export type Reading = 'json' | 'async' | 'base64' | 'broken' | 'shaped' | 'refused'
export type CallbackReading = 'lenient' | 'strict' | 'shaped' | 'refused'

/** A thrown value: an error, one of a class the driver knows or does not know, or no error at all. */
export interface Thrown {
  readonly as: 'error' | 'listed' | 'unlisted' | 'text'
  readonly message: string
}

export type Value =
  | { readonly is: 'json'; readonly json: unknown }
  | { readonly is: 'undefined' | 'date' | 'sparse' | 'bigint' }
  | { readonly is: 'text'; readonly length: number }
