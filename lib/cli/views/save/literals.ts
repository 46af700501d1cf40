import { wireTypes } from '../../../kernel/errors.ts'
import { errorDataOf, type ErrorRecord } from '../../../kernel/error-record.ts'

// What is on record, as the source text of a spec.

/** A payload as an expression: what its JSON says, or its text where it is none. */
export function valueOf(payload: string | undefined): string {
  if (payload === undefined || payload === '') return 'undefined'
  const value = parse(payload)
  return value === undefined ? quoted(payload) : literal(value)
}

function literal(value: unknown): string {
  const short = JSON.stringify(value)
  // As a key in source, it would be the prototype.
  if (short.includes('"__proto__"')) return `JSON.parse(${quoted(short)})`
  if (typeof value === 'string') return quoted(value)
  return short.length <= 80 ? short : JSON.stringify(value, null, 2)
}

/** In single quotes where it needs no more than that. */
export function quoted(text: string): string {
  const json = JSON.stringify(text)
  return json === `"${text}"` && !text.includes("'") ? `'${text}'` : json
}

/** A member's name in an object. */
export function keyOf(name: string): string {
  if (name === '__proto__') return "['__proto__']"
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name)
}

/** What was thrown, as an expression; a value that was no error is thrown as its text. */
export function thrownOf(record: ErrorRecord | undefined): string {
  const { ErrorType: type, ErrorMessage: message = '' } = record ?? {}
  const data = record && errorDataOf(record)
  if (isObject(data) && typeof data['perdure'] === 'string' && data['perdure'] in wireTypes) {
    const { perdure: code, cause, ...facts } = data
    const told = isObject(cause) ? { ...facts, cause: '\u0000' } : facts
    const text = Object.keys(told).length === 0 ? '' : `, ${literal(told)}`
    const revived = isObject(cause) ? text.replace('"\\u0000"', causeOf(cause)) : text
    return `new PerdureError(${quoted(code)}, ${quoted(message)}${revived})`
  }
  if (type === undefined) return quoted(message)
  const fields = isObject(data) ? `, ${literal(data)}` : ''
  return `failure(${quoted(type)}, ${quoted(message)}${fields})`
}

function causeOf({ type, message, data }: Readonly<Record<string, unknown>>): string {
  return thrownOf({
    ...(typeof type === 'string' ? { ErrorType: type } : {}),
    ErrorMessage: typeof message === 'string' ? message : '',
    ...(data === undefined ? {} : { ErrorData: JSON.stringify(data) }),
  })
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
