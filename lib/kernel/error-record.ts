import { isPerdureError, PerdureError, wireTypes, type ErrorCode } from './errors.ts'

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
  if (isPerdureError(thrown)) {
    const data: Envelope = { perdure: thrown.code }
    if (thrown.errorType !== undefined) data.errorType = thrown.errorType
    if (thrown.data !== undefined) data.data = thrown.data
    if (thrown.cause !== undefined) data.cause = toErrorRecord(thrown.cause, classes)
    return {
      ErrorType: wireTypes[thrown.code],
      ErrorMessage: thrown.message,
      ErrorData: toJson(data),
    }
  }
  if (!(thrown instanceof Error)) {
    return { ErrorMessage: typeof thrown === 'string' ? thrown : (toJson(thrown) ?? 'undefined') }
  }
  const { name: _name, message: _message, stack: _stack, ...fields } = thrown as Fields
  const data = Object.keys(fields).length > 0 ? toJson(fields) : undefined
  return {
    ErrorType: classes.find((one) => one === thrown.constructor)?.name ?? errorTypeOf(thrown),
    ErrorMessage: thrown.message,
    ...(data === undefined ? {} : { ErrorData: data }),
  }
}

/**
 * The thrown value that a record stands for: one of `classes` as itself, with its fields; one of
 * perdure's as it was; any other as a plain `Error` of that name, its data under `data`.
 */
export function fromErrorRecord(record: ErrorRecord, classes: readonly ErrorClass[] = []): Error {
  const message = record.ErrorMessage ?? ''
  const data = parse(record.ErrorData)
  if (isEnvelope(data)) {
    return new PerdureError(data.perdure, message, {
      errorType: data.errorType,
      data: data.data,
      ...(data.cause === undefined ? {} : { cause: fromErrorRecord(data.cause, classes) }),
    })
  }
  const type = record.ErrorType
  const listed = classes.find((one) => one.name === type)
  const error: Error = listed
    ? (Reflect.construct(Error, [message], listed) as Error)
    : new Error(message)
  if (type !== undefined && error.name !== type) {
    Object.defineProperty(error, 'name', { value: type, configurable: true, writable: true })
  }
  if (listed && isObject(data)) Object.assign(error, data)
  else if (data !== undefined) Object.assign(error, { data })
  return error
}

/** The class whose error `record` holds, if it is one of `classes`. */
export function isListed(record: ErrorRecord, classes: readonly ErrorClass[]): boolean {
  return record.ErrorType !== undefined && classes.some((one) => one.name === record.ErrorType)
}

/** The code that a record of one of perdure's own errors carries. */
export function codeOf(record: ErrorRecord): ErrorCode | undefined {
  const data = parse(record.ErrorData)
  return isEnvelope(data) ? data.perdure : undefined
}

/** A record's `ErrorData` as a value: parsed where it is JSON, as text where not. */
export function errorDataOf(record: ErrorRecord): unknown {
  return parse(record.ErrorData)
}

type Fields = Error & Record<string, unknown>

interface Envelope {
  perdure: ErrorCode
  errorType?: string | undefined
  data?: unknown
  cause?: ErrorRecord
}

/** The name a subclass set, or else its own: `class X extends Error {}` still calls itself Error. */
export function errorTypeOf(error: Error): string {
  const own = error.constructor.name
  return error.name === 'Error' && own !== '' ? own : error.name
}

function isEnvelope(data: unknown): data is Envelope {
  return isObject(data) && typeof data['perdure'] === 'string' && data['perdure'] in wireTypes
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined
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
