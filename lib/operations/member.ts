import { describe, PerdureError } from '../kernel/errors.ts'
import { Descriptor, isDescriptor, type Operation, type Routine } from './operation.ts'
import { isTask, type Task } from './task.ts'
import type { Coroutine } from './workflow.ts'

export type Body<T> = () => Routine<T>

/** What fits where a body is asked for; each means `function* () { return yield* it }`. */
export type Member<T> = Operation<T> | Task<T> | Coroutine<T> | Body<T>

/** Starts the code of a body; called when it is first walked, so that nothing of it runs before. */
export type Begin = () => Iterator<Operation<unknown>, unknown, unknown>

/** What a member results in. */
export type ResultOf<M> =
  M extends Routine<infer T>
    ? T
    : M extends () => Routine<infer T>
      ? T
      : M extends { run: infer R }
        ? ResultOf<R>
        : never

/** Starts a member. Throws NOT_AN_OPERATION when it is, or makes, anything that cannot be run. */
export function begin<T>(
  member: Member<T>,
  owner: string,
): Iterator<Operation<unknown>, T, unknown> {
  const made: unknown = typeof member === 'function' ? member() : member
  if (isDescriptor(made) || isTask(made)) return (made as Routine<T>)[Symbol.iterator]()
  if (isGenerator(made)) return made as Coroutine<T>
  throw new PerdureError(
    'NOT_AN_OPERATION',
    `The body of ${owner} ${typeof member === 'function' ? 'returned' : 'is'} ${describe(made)}, ` +
      'which cannot be run. Expected a generator function, a function that returns an operation, ' +
      'an operation, or a generator object.',
  )
}

export function isMember(value: unknown): value is Member<unknown> {
  return typeof value === 'function' || isDescriptor(value) || isTask(value) || isGenerator(value)
}

/** Notes that operations among `members` are used: the one they are handed to will have them run. */
export function useMembers(members: readonly unknown[]): void {
  for (const member of members) if (isDescriptor(member)) Descriptor.use(member)
}

export function isGenerator(value: unknown): value is Coroutine<unknown> {
  if (typeof value !== 'object' || value === null) return false
  const { next, throw: fail } = value as { next?: unknown; throw?: unknown }
  return typeof next === 'function' && typeof fail === 'function' && Symbol.iterator in value
}
