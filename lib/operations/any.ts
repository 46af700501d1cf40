import { CombinatorOperation, type Members } from './combinator.ts'
import type { Operation } from './operation.ts'
import type { Winner } from './race.ts'

/**
 * Run the members together, and go on with the first that succeeds; the others are cancelled. Fails
 * with ALL_FAILED when none does.
 */
export function any<const M extends Members>(members: M): Operation<Winner<M>>
export function any<const M extends Members>(
  name: string | undefined,
  members: M,
): Operation<Winner<M>>
export function any<M extends Members>(first: string | undefined | M, second?: M) {
  return new CombinatorOperation<Winner<M>>('any', first, second)
}
