import fc from 'fast-check'

// What may go wrong, and where. A place is the n-th call, body or invocation of a run; in a run of
// fewer it is taken modulo their number.

export type Fault = CallFault | BodyFault | DeliveryFault

/** At a call to the service. */
export interface CallFault {
  readonly at: 'call'
  readonly index: number
  readonly what: CallTrouble
}

export type CallTrouble =
  /** The process dies before the call is sent. */
  | { readonly kind: 'crash-before' }
  /** The call is carried out, and the process dies before it sees the answer. */
  | { readonly kind: 'lost-answer' }
  /** The process dies so many microtasks after it got the answer. */
  | { readonly kind: 'crash-after'; readonly microtasks: number }
  /** The answer is lost on the wire, and the client sends the same call again. */
  | { readonly kind: 'sent-twice' }
  | { readonly kind: 'throttled'; readonly times: number; readonly retryAfter: number | undefined }
  | { readonly kind: 'unavailable'; readonly isApplied: boolean }
  | { readonly kind: 'stale-token' }
  | { readonly kind: 'missing-token' }

/** The process dies at the beginning or at the end of a body. */
export interface BodyFault {
  readonly at: 'body'
  readonly index: number
  readonly when: 'begin' | 'end'
}

/** The event of an invocation is delivered to a second one. */
export interface DeliveryFault {
  readonly at: 'invocation'
  readonly index: number
  /** Before the one that the service waits for, beside it, or when that is over. */
  readonly order: 'before' | 'beside' | 'late'
}

const index = fc.nat({ max: 40 })

const callTrouble: fc.Arbitrary<CallTrouble> = fc.oneof(
  fc.constantFrom<CallTrouble>(
    { kind: 'crash-before' },
    { kind: 'lost-answer' },
    { kind: 'sent-twice' },
    { kind: 'stale-token' },
    { kind: 'missing-token' },
  ),
  fc.record({ kind: fc.constant('crash-after' as const), microtasks: fc.nat({ max: 12 }) }),
  fc.record({
    kind: fc.constant('throttled' as const),
    times: fc.integer({ min: 1, max: 9 }),
    retryAfter: fc.constantFrom(undefined, 0, 3),
  }),
  fc.record({ kind: fc.constant('unavailable' as const), isApplied: fc.boolean() }),
)

export const fault: fc.Arbitrary<Fault> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ at: fc.constant('call' as const), index, what: callTrouble }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      at: fc.constant('body' as const),
      index,
      when: fc.constantFrom('begin' as const, 'end' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      at: fc.constant('invocation' as const),
      index,
      order: fc.constantFrom('before' as const, 'beside' as const, 'late' as const),
    }),
  },
)

/** How often a run comes past each kind of place. */
export type Places = Readonly<Record<Fault['at'], number>>

/** The faults at places that a run of so many has. */
export function placed(faults: readonly Fault[], places: Places): Fault[] {
  return faults
    .filter(({ at }) => places[at] > 0)
    .map((one) => ({ ...one, index: one.index % places[one.at] }))
}
