import { pattern } from './pattern.ts'
import { type Bindings, soleName, substitute } from './variables.ts'

/**
 * Compares a value with what a requirement expects of it and answers with the first difference, as a
 * sentence, or with nothing. Names met for the first time are bound on the way.
 *
 * - `'*'` and `{}` accept anything that is there;
 * - `${NAME}` binds at first sight and must be equal afterwards;
 * - `${/expression/}` is searched for in the text of the value;
 * - objects are compared on the expected keys, lists by length and item by item.
 */
export function difference(
  expected: unknown,
  actual: unknown,
  bindings: Bindings,
  path = '',
): string | undefined {
  if (isOpen(expected)) return undefined
  if (typeof expected === 'string') return textDifference(expected, actual, bindings, path)
  if (Array.isArray(expected)) return listDifference(expected, actual, bindings, path)
  if (isObject(expected)) return objectDifference(expected, actual, bindings, path)
  return Object.is(expected, actual) ? undefined : mismatch(path, expected, actual)
}

/** Plain JSON, as it would be read from a wire: dates as text, no keys without a value. */
export function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}

function isOpen(expected: unknown): boolean {
  return expected === '*' || (isObject(expected) && Object.keys(expected).length === 0)
}

function textDifference(
  expected: string,
  actual: unknown,
  bindings: Bindings,
  path: string,
): string | undefined {
  const name = soleName(expected)
  if (name !== undefined && !bindings.has(name)) {
    bindings.set(name, actual)
    return undefined
  }
  const wanted = substitute(expected, bindings)
  const source = typeof wanted === 'string' ? /^\$\{\/([^]*)\/\}$/.exec(wanted)?.[1] : undefined
  if (source !== undefined) {
    return pattern(source).test(textOf(actual)) ? undefined : mismatch(path, wanted, actual)
  }
  if (typeof wanted !== 'string') return difference(wanted, actual, new Map(), path)
  return wanted === actual ? undefined : mismatch(path, wanted, actual)
}

function listDifference(
  expected: readonly unknown[],
  actual: unknown,
  bindings: Bindings,
  path: string,
): string | undefined {
  if (!Array.isArray(actual)) return mismatch(path, expected, actual)
  if (actual.length !== expected.length) {
    return `expected ${at(path)} to have ${expected.length} items, got ${actual.length}: ${shown(actual)}`
  }
  return first(expected.entries(), ([index, item]) =>
    difference(item, actual[index], bindings, `${path}[${index}]`),
  )
}

function objectDifference(
  expected: Record<string, unknown>,
  actual: unknown,
  bindings: Bindings,
  path: string,
): string | undefined {
  if (!isObject(actual)) return mismatch(path, expected, actual)
  return first(Object.entries(expected), ([key, item]) => {
    const inner = path === '' ? key : `${path}.${key}`
    // Before any wildcard: a key that is listed must be there, whatever its value may be.
    if (actual[key] === undefined) return `expected ${inner} to be ${shown(item)}, but it is absent`
    return difference(item, actual[key], bindings, inner)
  })
}

function first<T>(items: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a regular expression is searched in: text as it is, all else as JSON. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : json(value)
}

function mismatch(path: string, expected: unknown, actual: unknown): string {
  return `expected ${at(path)} to be ${shown(expected)}, got ${shown(actual)}`
}

function at(path: string): string {
  return path === '' ? 'the value' : path
}

const longest = 160

/** A value in a message: JSON, cut where it would fill the screen. */
export function shown(value: unknown): string {
  const text = json(value)
  return text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text
}

/** `JSON.stringify` has no text for what is absent. */
function json(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
