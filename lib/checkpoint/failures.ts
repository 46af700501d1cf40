import { reasonOf } from '../kernel/errors.ts'

/** What a failed call to the service means for those who made it. */
export type FailureScope =
  /** Too many requests: the same call may be made again in a while. */
  | 'throttled'
  /** This invocation cannot go on; Lambda is to try again with a fresh one. */
  | 'invocation'
  /** The execution cannot go on in any invocation. */
  | 'execution'

/** A call to the service that has failed for good, and what that means. */
export class ServiceFailure extends Error {
  readonly scope: FailureScope
  override readonly cause: unknown

  constructor(call: string, cause: unknown) {
    super(`${call} failed: ${reasonOf(cause)}`)
    this.scope = scopeOf(cause)
    this.cause = cause
  }
}

/** Sorts an error of the Lambda API by its name and status, as the official SDKs do. */
export function scopeOf(error: unknown): FailureScope {
  const { name: title, message, scope, $metadata } = (error ?? {}) as ServiceError
  // Clients of another transport know better than their status what has failed.
  if (scope === 'INVOCATION') return 'invocation'
  if (scope === 'EXECUTION') return 'execution'
  const name = typeof title === 'string' ? title : ''
  const status = $metadata?.httpStatusCode
  if (status === 429 || name === 'TooManyRequestsException' || name === 'ThrottlingException') {
    return 'throttled'
  }
  // Keys that cannot be used come as 502, but no new invocation will mend them.
  if (name.startsWith('KMS')) return 'execution'
  const refused = isClientError(status) || refusals.has(name)
  if (!refused) return 'invocation'
  return isStaleToken(message) ? 'invocation' : 'execution'
}

/** How long the service asks to wait before the next try, in milliseconds. */
export function retryAfter(error: unknown): number | undefined {
  const { retryAfterSeconds, $response } = (error ?? {}) as ServiceError
  const seconds = Number(retryAfterSeconds ?? $response?.headers?.['retry-after'])
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined
}

interface ServiceError {
  readonly name?: unknown
  readonly message?: unknown
  readonly scope?: unknown
  readonly retryAfterSeconds?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> }
}

/** The 4xx of the checkpoint calls by name, for clients that do not tell the status. */
const refusals: ReadonlySet<string> = new Set([
  'InvalidParameterValueException',
  'ResourceNotFoundException',
  'AccessDeniedException',
  'ValidationException',
])

function isClientError(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500
}

/** The service and its SDKs do not agree on the case of these words. */
function isStaleToken(message: unknown): boolean {
  return typeof message === 'string' && /^invalid checkpoint token/i.test(message)
}
