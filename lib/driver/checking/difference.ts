import { isPerdureError } from '../../kernel/errors.ts'
import { isGenerator } from '../../operations/member.ts'
import { isDescriptor } from '../../operations/operation.ts'
import { TaskOperation } from '../../operations/task.ts'
import { isPlain } from './values.ts'

/** Where two values differ first. */
export interface Difference {
  /** As in code, `input.items[2]`; empty where the values differ as a whole. */
  readonly path: string
  readonly first: unknown
  readonly second: unknown
}

/**
 * Where two values differ that two walks of the same code have made. Functions and generators are taken
 * for alike, each walk having its own; so are instances of one class, of which not all can be seen.
 */
export function differenceBetween(first: unknown, second: unknown): Difference | undefined {
  return compare(first, second, '', new Map())
}

function compare(
  first: unknown,
  second: unknown,
  path: string,
  compared: Map<object, unknown>,
): Difference | undefined {
  if (Object.is(first, second)) return undefined
  const different = { path, first, second }
  if (typeof first === 'function' && typeof second === 'function') return undefined
  if (typeof first !== 'object' || typeof second !== 'object') return different
  if (first === null || second === null) return different
  if (compared.get(first) === second) return undefined
  compared.set(first, second)
  if (Object.getPrototypeOf(first) !== Object.getPrototypeOf(second)) {
    return isGenerator(first) && isGenerator(second) ? undefined : different
  }
  const one = membersOf(first)
  const other = membersOf(second)
  if (one.length !== other.length) return different
  for (const [index, [key, value]] of one.entries()) {
    const [itsKey, its] = other[index] as Entry
    if (key !== itsKey) return different
    const found = compare(value, its, stepInto(path, first, key), compared)
    if (found) return found
  }
  return undefined
}

type Entry = readonly [key: string, value: unknown]

/** What of an object is compared, in order. */
function membersOf(object: object): readonly Entry[] {
  if (object instanceof Map || object instanceof Set) return Object.entries([...object])
  if (object instanceof Date) return [['time', object.getTime()]]
  if (object instanceof Error) return errorMembers(object)
  if (object instanceof TaskOperation) {
    return [...Object.entries(object), ['task', object.state.id]]
  }
  if (isPlain(object) || isDescriptor(object)) return Object.entries(object)
  return []
}

function errorMembers(error: Error): readonly Entry[] {
  const code = isPerdureError(error) ? error.code : undefined
  return Object.entries({ name: error.name, message: error.message, code })
}

function stepInto(path: string, owner: object, key: string): string {
  if (Array.isArray(owner) || owner instanceof Map || owner instanceof Set) return `${path}[${key}]`
  return path === '' ? key : `${path}.${key}`
}
