import { CombinatorOperation, type Members } from './combinator.ts'
import type { ResultOf } from './member.ts'
import type { Operation } from './operation.ts'

/** The first member's result; over a record of members, with the name it goes by. */
export type Winner<M> = M extends readonly unknown[]
  ? ResultOf<M[number]>
  : { [K in keyof M]: { readonly winner: K; readonly value: ResultOf<M[K]> } }[keyof M]

/**
 * Run the members together, and go on with the first that ends, be it in failure. The others are
 * cancelled; which one was first is recorded, so every replay sees the same.
 */
export function race<const M extends Members>(members: M): Operation<Winner<M>>
export function race<const M extends Members>(
  name: string | undefined,
  members: M,
): Operation<Winner<M>>
export function race<M extends Members>(first: string | undefined | M, second?: M) {
  return new CombinatorOperation<Winner<M>>('race', first, second)
}
