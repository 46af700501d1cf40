import { Batch } from '../../operations/batch-result.ts'

// What is handed to workflow code while it is checked: frozen, so that a write to it is found where it
// is made, and copied for the second walk, so that each has what a replay would make afresh.

const alreadyFrozen = new WeakSet<object>()

/** Freezes objects and arrays through and through; what a class has made is left as it is. */
export function freeze<T>(value: T): T {
  if (value instanceof Batch) freeze(value.all)
  if (!isPlain(value) || alreadyFrozen.has(value)) return value
  alreadyFrozen.add(value)
  for (const inner of Object.values(value)) freeze(inner)
  Object.freeze(value)
  return value
}

/** A copy of objects, arrays, maps, sets and dates; the rest is the same in both. */
export function copy<T>(value: T): T {
  return typeof value === 'object' ? (copied(value, new Map()) as T) : value
}

function copied(value: unknown, known: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value
  const made = known.get(value)
  if (made !== undefined) return made
  const keep = <C>(made: C): C => {
    known.set(value, made)
    return made
  }
  if (value instanceof Date) return keep(new Date(value))
  if (value instanceof Set) {
    const set = keep(new Set<unknown>())
    for (const one of value) set.add(copied(one, known))
    return set
  }
  if (value instanceof Map) {
    const map = keep(new Map<unknown, unknown>())
    for (const [key, one] of value) map.set(copied(key, known), copied(one, known))
    return map
  }
  if (!isPlain(value)) return value
  const object = keep(emptied(value))
  for (const [key, one] of Object.entries(value)) object[key] = copied(one, known)
  return object
}

function emptied(value: object): Record<string, unknown> {
  // Of its length, for holes at the end leave no entry; its entries are set by name, as an object's.
  if (Array.isArray(value)) return new Array(value.length) as unknown as Record<string, unknown>
  return Object.create(Object.getPrototypeOf(value) as object | null) as Record<string, unknown>
}

/** Whether `value` is an array, or an object that no class has made. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null
}

/** Whether `error` is what V8 throws at a write to something frozen. */
export function isRefusedWrite(error: unknown): error is TypeError {
  return (
    error instanceof TypeError &&
    /^Cannot (assign to read only property|add property|delete property|define property|redefine property)/.test(
      error.message,
    )
  )
}
