import { isPerdureError } from '../../kernel/errors.ts'
import { isGenerator } from '../../operations/member.ts'
import { isDescriptor } from '../../operations/operation.ts'
import { TaskOperation } from '../../operations/task.ts'
import type { Move } from './lockstep.ts'
import { isPlain } from './values.ts'

type Members = Readonly<Record<string, unknown>>

/** Where two values differ first. */
export interface Difference {
  /** As in code, `.input.items[2]`; empty where the values differ as a whole. */
  readonly path: string
  readonly first: unknown
  readonly second: unknown
}

/**
 * Where two walks of the same code have not done the same. Functions and generators are taken for
 * alike, each walk having its own; so are instances of one class, of which not all can be seen.
 */
export function differenceBetween(one: Move, other: Move): Difference | undefined {
  const [first, second] = [one.value, other.value]
  return one.did === other.did
    ? compare(first, second, undefined)
    : { path: '', first: one.did, second: other.did }
}

/** Pairs that are being compared already: a circle holds no difference that is not found elsewhere. */
type Compared = Map<object, object>

function compare(
  first: unknown,
  second: unknown,
  compared: Compared | undefined,
): Difference | undefined {
  if (Object.is(first, second)) return undefined
  if (typeof first === 'function' && typeof second === 'function') return undefined
  if (!isObject(first) || !isObject(second)) return { path: '', first, second }
  if (compared?.get(first) === second) return undefined
  if (Object.getPrototypeOf(first) !== Object.getPrototypeOf(second)) {
    return isGenerator(first) && isGenerator(second) ? undefined : { path: '', first, second }
  }
  const one = membersOf(first)
  const other = membersOf(second)
  // Descriptors of one class have the same members; nearly all that is compared is one.
  if (!isDescriptor(first) && !haveSameKeys(one, other)) return { path: '', first, second }
  for (const key in one) {
    if (Object.is(one[key], other[key])) continue
    compared = (compared ?? new Map<object, object>()).set(first, second)
    const found = compare(one[key], other[key], compared)
    if (found) return { ...found, path: stepInto(first, key) + found.path }
  }
  return undefined
}

function haveSameKeys(one: Members, other: Members): boolean {
  const keys = Object.keys(one)
  const others = Object.keys(other)
  return keys.length === others.length && keys.every((key, index) => key === others[index])
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

const nothing: Members = {}

/** What of an object is compared, in order; itself, where that is all of its own. */
function membersOf(object: object): Members {
  if (object instanceof TaskOperation) return { ...members(object), task: object.state.id }
  if (isDescriptor(object)) return members(object)
  if (object instanceof Map || object instanceof Set) return members([...(object as Set<unknown>)])
  if (object instanceof Date) return { time: object.getTime() }
  if (object instanceof Error) return errorMembers(object)
  return isPlain(object) ? members(object) : nothing
}

function members(object: object): Members {
  return object as Members
}

function errorMembers(error: Error): Members {
  const code = isPerdureError(error) ? error.code : undefined
  return { name: error.name, message: error.message, code }
}

/** As in code: `.input`, `[2]`. */
function stepInto(owner: object, key: string): string {
  const isList = Array.isArray(owner) || owner instanceof Map || owner instanceof Set
  return isList ? `[${key}]` : `.${key}`
}
