import type { Refusal } from '../../service/refusal.ts'

const statusOf = {
  BadRequestException: 400,
  AccessDeniedException: 403,
  UnknownOperationException: 404,
  RequestTooLargeException: 413,
  TooManyRequestsException: 429,
  ServiceException: 500,
} as const

export interface ApiErrorDetails {
  /** Another status than the one that goes with the name. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** A request that never reaches the service, under Lambda's name for why. */
export class ApiError extends Error {
  override readonly name: keyof typeof statusOf
  readonly status: number
  readonly type: Refusal['type']
  readonly headers: Readonly<Record<string, string>>

  constructor(name: keyof typeof statusOf, message: string, details: ApiErrorDetails = {}) {
    super(message)
    this.name = name
    this.status = details.status ?? statusOf[name]
    this.type = this.status < 500 ? 'User' : 'Service'
    this.headers = details.headers ?? {}
  }
}

/** The refusal of a caller that asks too often, with the seconds after which it may ask again. */
export function tooManyRequests(message: string, retryAfterSeconds: number): ApiError {
  const headers = { 'Retry-After': String(retryAfterSeconds) }
  return new ApiError('TooManyRequestsException', message, { headers })
}

export function tooLarge(most: number): ApiError {
  return new ApiError(
    'RequestTooLargeException',
    `Request must be smaller than ${most} bytes for this operation`,
    // The rest of it will not be read, so nothing more can come this way.
    { headers: { Connection: 'close' } },
  )
}
