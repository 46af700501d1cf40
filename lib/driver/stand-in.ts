import type { Position } from './position.ts'

/** What a body is there for: a step's own, a submitter's, a check's, or the undoing of a step. */
export type BodyKind = 'step' | 'submit' | 'check' | 'compensate'

/** Answers what runs in place of the body of an operation, where something does. */
export type StandIn = (
  kind: BodyKind,
  position: Pick<Position, 'id' | 'name'>,
) => ((...args: never[]) => unknown) | undefined

/** The body to run: what stands in for it, or its own. */
export function bodyOf<F extends (...args: never[]) => unknown>(
  { standIn }: { readonly standIn?: StandIn | undefined },
  kind: BodyKind,
  position: Pick<Position, 'id' | 'name'>,
  own: F,
): F {
  return (standIn?.(kind, position) as F | undefined) ?? own
}
