import type { PerdureError } from '../kernel/errors.ts'
import { CombinatorOperation, type Members } from './combinator.ts'
import type { ResultOf } from './member.ts'
import type { Operation } from './operation.ts'

/** How a member ended, in the words of `Promise.allSettled`. */
export type SettledMember<T> =
  | { readonly status: 'fulfilled'; readonly value: T }
  | { readonly status: 'rejected'; readonly reason: PerdureError }

type Outcomes<M> = { -readonly [K in keyof M]: SettledMember<ResultOf<M[K]>> }

/** Run the members together, and go on when each has ended, however that was. */
export function allSettled<const M extends Members>(members: M): Operation<Outcomes<M>>
export function allSettled<const M extends Members>(
  name: string | undefined,
  members: M,
): Operation<Outcomes<M>>
export function allSettled<M extends Members>(first: string | undefined | M, second?: M) {
  return new CombinatorOperation<Outcomes<M>>('all-settled', first, second)
}
