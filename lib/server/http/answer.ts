import { reasonOf } from '../../kernel/errors.ts'
import { trace } from '../../kernel/log.ts'
import { Refusal } from '../../service/refusal.ts'
import { ApiError } from './api-error.ts'

/** What goes back to a caller, request id aside. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | undefined
}

const json = { 'Content-Type': 'application/json' }

/** An answer of the API in JSON: times in epoch seconds, what is absent left out. */
export function jsonAnswer(value: object, status = 200): Answer {
  return { status, headers: json, body: JSON.stringify(wire(value)) }
}

function wire(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value.getTime() / 1000
  if (Array.isArray(value)) return value.map(wire)
  const shown: Record<string, unknown> = {}
  for (const member in value) {
    const one = (value as Record<string, unknown>)[member]
    if (one != null) shown[member] = typeof one === 'object' ? wire(one) : one
  }
  return shown
}

/** Those errors whose model has the message in lower case. */
const lowerCase = new Set([
  'InvalidParameterValueException',
  'InvalidRequestContentException',
  'RequestTooLargeException',
  'TooManyRequestsException',
])

/** Whatever was thrown as the API tells it. What is no refusal is a fault of the service. */
export function errorAnswer(thrown: unknown): Answer {
  if (!(thrown instanceof Refusal) && !(thrown instanceof ApiError)) {
    trace.service.say('fault: %O', thrown)
    return errorAnswer(new ApiError('ServiceException', reasonOf(thrown)))
  }
  const { name, status, type: Type, message } = thrown
  return {
    status,
    headers: {
      ...json,
      'x-amzn-errortype': name,
      ...(thrown instanceof ApiError ? thrown.headers : {}),
    },
    body: JSON.stringify({ Type, [lowerCase.has(name) ? 'message' : 'Message']: message }),
  }
}
