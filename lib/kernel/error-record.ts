import { describe, isPerdureError, PerdureError, wireTypes, type ErrorCode } from './errors.ts'
import { limits } from './limits.ts'

/** An error as the service keeps it; the members of the API's `ErrorObject`. */
export interface ErrorRecord {
  readonly ErrorType?: string | undefined
  readonly ErrorMessage?: string | undefined
  readonly ErrorData?: string | undefined
  readonly StackTrace?: readonly string[] | undefined
}

/** A user's error class, to be handed back as itself. */
export type ErrorClass = new (...args: never[]) => Error

/**
 * A thrown value as the record that is kept of it. An error's own enumerable fields travel as JSON
 * in `ErrorData`; one of perdure's own carries its code there, and what it was caused by.
 */
export function toErrorRecord(thrown: unknown, classes: readonly ErrorClass[] = []): ErrorRecord {
  return fitting(recordOf(thrown, classes))
}

function recordOf(thrown: unknown, classes: readonly ErrorClass[]): ErrorRecord {
  const { type, message, data } = tell(thrown, classes, 0)
  const text = data === undefined ? undefined : toJson(data)
  return {
    ...(type === undefined ? {} : { ErrorType: type }),
    ErrorMessage: message,
    ...(text === undefined ? {} : { ErrorData: text }),
  }
}

/** An error as data. Causes nest as data too: as texts, their quotes would double at every level. */
interface Told {
  readonly type?: string | undefined
  readonly message: string
  readonly data?: unknown
}

interface Envelope {
  perdure: ErrorCode
  errorType?: string | undefined
  data?: unknown
  cause?: Told
}

/** How deep causes are told and revived: a chain may close on itself, or come from outside. */
const deepestCause = 64

function tell(thrown: unknown, classes: readonly ErrorClass[], depth: number): Told {
  if (isPerdureError(thrown)) {
    const data: Envelope = { perdure: thrown.code }
    if (thrown.errorType !== undefined) data.errorType = thrown.errorType
    if (toJson(thrown.data) !== undefined) data.data = thrown.data
    if (thrown.cause !== undefined && depth < deepestCause) {
      data.cause = tell(thrown.cause, classes, depth + 1)
    }
    return { type: wireTypes[thrown.code], message: thrown.message, data }
  }
  if (!(thrown instanceof Error)) {
    return { message: typeof thrown === 'string' ? thrown : (toJson(thrown) ?? describe(thrown)) }
  }
  const fields = fieldsOf(thrown as Fields)
  const listed = classes.find((one) => one === thrown.constructor)
  return {
    type: listed?.name ?? errorTypeOf(thrown),
    message: messageOf(thrown),
    ...(Object.keys(fields).length > 0 ? { data: fields } : {}),
  }
}

/** An error's own enumerable fields, as far as JSON can say them: one that it cannot costs no other. */
function fieldsOf(error: Fields): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const key of Object.keys(error)) {
    if (key === 'name' || key === 'message' || key === 'stack') continue
    try {
      if (toJson(error[key]) !== undefined) fields[key] = error[key]
    } catch {
      // A getter that throws has nothing to tell.
    }
  }
  return fields
}

/** Libraries have been seen to put objects where the message belongs, and the service takes text only. */
function messageOf(error: Error): string {
  const message: unknown = error.message
  return typeof message === 'string' ? message : (toJson(message) ?? describe(message))
}

/**
 * The thrown value that a record stands for: one of `classes` as itself, with its fields; one of
 * perdure's as it was; any other as a plain `Error` of that name, its data under `data`.
 */
export function fromErrorRecord(record: ErrorRecord, classes: readonly ErrorClass[] = []): Error {
  const { ErrorType: type, ErrorMessage: message } = record
  return revive({ type, message: message ?? '', data: errorDataOf(record) }, classes, 0)
}

/** What is revived may come from outside, as a callback's failure does, so it is trusted in nothing. */
function revive(told: Told, classes: readonly ErrorClass[], depth: number): Error {
  const { data } = told
  const type = textOr(undefined, told.type)
  const message = textOr('', told.message)
  if (isEnvelope(data)) {
    const { cause } = data
    const revived = isObject(cause) && depth < deepestCause
    return new PerdureError(data.perdure, message, {
      errorType: textOr(undefined, data.errorType),
      data: data.data,
      ...(revived ? { cause: revive(cause, classes, depth + 1) } : {}),
    })
  }
  const listed = classes.find((one) => one.name === type)
  const error: Error = listed
    ? Reflect.construct<[string], Error>(Error, [message], listed)
    : new Error(message)
  if (type !== undefined && error.name !== type) {
    Object.defineProperty(error, 'name', { value: type, configurable: true, writable: true })
  }
  if (listed && isObject(data)) restore(error, data)
  else if (data !== undefined) Object.assign(error, { data })
  return error
}

/** Defined, not assigned: an accessor of the class may not refuse a field, nor `__proto__` be set. */
function restore(error: Error, fields: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(fields)) {
    Object.defineProperty(error, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    })
  }
}

/** The class whose error `record` holds, if it is one of `classes`. */
export function isListed(record: ErrorRecord, classes: readonly ErrorClass[]): boolean {
  return record.ErrorType !== undefined && classes.some((one) => one.name === record.ErrorType)
}

/** A record's `ErrorData` as a value: parsed where it is JSON, as text where not. */
export function errorDataOf(record: ErrorRecord): unknown {
  return parse(record.ErrorData)
}

const keptCharacters = 10_000

/** An error too large to be kept must still be kept as an error: its data goes, its message is cut. */
function fitting(record: ErrorRecord): ErrorRecord {
  const length = (record.ErrorMessage?.length ?? 0) + (record.ErrorData?.length ?? 0)
  if (length * 3 < limits.errorBytes) return record
  if (Buffer.byteLength(JSON.stringify(record)) <= limits.errorBytes) return record
  const message = record.ErrorMessage ?? ''
  const { ErrorData: _dropped, ...kept } = record
  return {
    ...kept,
    ErrorMessage:
      message.length > keptCharacters ? `${message.slice(0, keptCharacters)}...` : message,
  }
}

type Fields = Error & Record<string, unknown>

/** The name a subclass set, or else its own: `class X extends Error {}` still calls itself Error. */
export function errorTypeOf(error: Error): string {
  const { name, constructor } = error as { name?: unknown; constructor?: { name?: unknown } | null }
  const own = constructor?.name
  if (typeof name === 'string' && name !== 'Error' && name !== '') return name
  return typeof own === 'string' && own !== '' ? own : 'Error'
}

function isEnvelope(data: unknown): data is Envelope {
  if (!isObject(data)) return false
  const code = data['perdure']
  return typeof code === 'string' && Object.hasOwn(wireTypes, code)
}

function textOr<T>(otherwise: T, value: unknown): string | T {
  return typeof value === 'string' ? value : otherwise
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(text: string | null | undefined): unknown {
  if (text === undefined || text === null) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** JSON of what can be written so; a failing error must not fail again for the sake of a field. */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
