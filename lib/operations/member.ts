import { describe, PerdureError } from '../kernel/errors.ts'
import { disown } from '../kernel/settled.ts'
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

/** Generator objects that have been begun: each can be walked once, and then has nothing more to say. */
const begun = new WeakSet<object>()

/**
 * Starts a member. Throws NOT_AN_OPERATION when it is, or makes, anything that cannot be run, and for
 * a generator object that was begun before.
 */
export function begin<T>(
  member: Member<T>,
  owner: { readonly words: string },
): Iterator<Operation<unknown>, T, unknown> {
  const made: unknown = typeof member === 'function' ? member() : member
  if (isDescriptor(made) || isTask(made)) return (made as Routine<T>)[Symbol.iterator]()
  const does = typeof member === 'function' ? 'returned' : 'is'
  if (!isGenerator(made)) {
    disown(made)
    throw new PerdureError(
      'NOT_AN_OPERATION',
      `The body of ${owner.words} ${does} ${describe(made)}, which cannot be run. ` +
        'Expected a generator function, a function that returns an operation, an operation, or a ' +
        `generator object. ${hintFor(made)}`,
    )
  }
  if (made === member) walkOnce(made, owner)
  return made as Coroutine<T>
}

function walkOnce(made: object, owner: { readonly words: string }): void {
  if (begun.has(made)) {
    throw new PerdureError(
      'NOT_AN_OPERATION',
      `The body of ${owner.words} is a generator object that has been run before, and can be run once. ` +
        'Hand over the generator function that makes it.',
    )
  }
  begun.add(made)
}

function hintFor(made: unknown): string {
  if (made === undefined) return 'Is a `return` missing, or the `*` of `function*`?'
  if (typeof made === 'function') return 'Hand over that one, or call it.'
  return "Work that makes a value belongs in a step: `step('name', () => …)`."
}

export function isMember(value: unknown): value is Member<unknown> {
  return typeof value === 'function' || isDescriptor(value) || isTask(value) || isGenerator(value)
}

/** Notes that operations among `members` are used: the one they are handed to will have them run. */
export function useMembers(members: readonly unknown[]): void {
  for (const member of members) if (isDescriptor(member)) Descriptor.use(member)
}

/** A list or a record, by its looks: what can be iterated and is no array has no entries to go by. */
export function isCollection(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || isMember(value)) return false
  return Array.isArray(value) || !(Symbol.iterator in value)
}

export function isGenerator(value: unknown): value is Coroutine<unknown> {
  if (typeof value !== 'object' || value === null) return false
  const { next, throw: fail } = value as { next?: unknown; throw?: unknown }
  return typeof next === 'function' && typeof fail === 'function' && Symbol.iterator in value
}
