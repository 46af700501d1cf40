import { invalidOption } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'

const printable = /^[\x20-\x7e]+$/

/** Throws INVALID_OPTION for a name that the service would not take. */
export function checkName(name: unknown, option = 'name'): string | undefined {
  if (name === undefined) return undefined
  if (typeof name !== 'string' || name.length > limits.nameLength || !printable.test(name)) {
    throw invalidOption(option, `1 to ${limits.nameLength} printable ASCII characters`, name)
  }
  return name
}

/** Throws INVALID_OPTION for what cannot be called. */
export function checkFunction<F>(value: F, option: string): F {
  if (typeof value === 'function') return value
  throw invalidOption(option, 'a function', value)
}

/** Throws INVALID_OPTION for an option that is given and cannot be called. */
export function checkFunctions(options: object, ...names: readonly string[]): void {
  for (const name of names) {
    const value = (options as Record<string, unknown>)[name]
    if (value !== undefined) checkFunction(value, name)
  }
}

/** Throws INVALID_OPTION for a serdes, or half of one, that lacks a method it needs. */
export function checkSerdes(options: object, name: string, ...methods: readonly string[]): void {
  const value = (options as Record<string, unknown>)[name]
  if (value === undefined) return
  for (const method of methods) {
    if (typeof (value as Record<string, unknown> | null)?.[method] !== 'function') {
      throw invalidOption(name, `an object with ${methods.join(' and ')}`, value)
    }
  }
}

/** Throws INVALID_OPTION for anything but an array of classes. */
export function checkClasses(value: unknown, name: string): void {
  if (Array.isArray(value) && value.every((one) => typeof one === 'function')) return
  throw invalidOption(name, 'an array of error classes', value)
}

/** Throws INVALID_OPTION for an option that is given and is none of `values`. */
export function checkOneOf(options: object, name: string, values: readonly string[]): void {
  const value = (options as Record<string, unknown>)[name]
  if (value === undefined || values.some((one) => one === value)) return
  throw invalidOption(name, values.map((one) => `'${one}'`).join(' or '), value)
}

/** A frozen copy, so that a descriptor stays what it was built as. Throws INVALID_OPTION if no object. */
export function frozen<O extends object>(options: O | undefined): O | undefined {
  if (options === undefined) return undefined
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw invalidOption('options', 'an object', options)
  }
  return Object.freeze({ ...options })
}
