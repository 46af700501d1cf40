import { CombinatorOperation, type Members } from './combinator.ts'
import type { ResultOf } from './member.ts'
import type { Operation } from './operation.ts'

/**
 * Run the members together, and go on with all their results. When one fails, that is the failure,
 * and the others are cancelled.
 */
export function all<const M extends Members>(members: M): Operation<Results<M>>
export function all<const M extends Members>(
  name: string | undefined,
  members: M,
): Operation<Results<M>>
export function all<M extends Members>(first: string | undefined | M, second?: M) {
  return new CombinatorOperation<Results<M>>('all', first, second)
}

/** The results of members, under the same places or names. */
export type Results<M> = { -readonly [K in keyof M]: ResultOf<M[K]> }
