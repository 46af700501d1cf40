const statusOf = {
  InvalidParameterValueException: 400,
  InvalidRequestContentException: 400,
  CallbackTimeoutException: 400,
  ResourceNotFoundException: 404,
  DurableExecutionAlreadyStartedException: 409,
  RequestTooLargeException: 413,
  ServiceException: 500,
} as const

/** The error names that the service answers with. */
export type RefusalName = keyof typeof statusOf

/** A request that the service will not carry out, under the API's own name for it. Nothing was changed. */
export class Refusal extends Error {
  override readonly name: RefusalName
  /** The HTTP status that goes with the name. */
  readonly status: number
  /** Whose fault it is: the API's `Type` member. */
  readonly type: 'User' | 'Service'

  constructor(name: RefusalName, message: string) {
    super(message)
    this.name = name
    this.status = statusOf[name]
    this.type = this.status < 500 ? 'User' : 'Service'
  }
}

/** The refusal of a value that cannot be meant. */
export function invalid(message: string): Refusal {
  return new Refusal('InvalidParameterValueException', message)
}

export function notFound(message: string): Refusal {
  return new Refusal('ResourceNotFoundException', message)
}
