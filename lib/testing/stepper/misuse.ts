/** What can go wrong in the use of a stepper; to branch on, where a test of tests does. */
export type StepperErrorCode =
  /** Nothing waits for an answer: the run has ended. */
  | 'NOTHING_OPEN'
  /** The run cannot go on by itself: somebody has to say how an operation answers. */
  | 'NEEDS_ANSWER'
  /** No operation that waits for an answer is meant by that name or id. */
  | 'UNKNOWN_OPERATION'
  /** Several operations are meant by it. */
  | 'AMBIGUOUS_OPERATION'
  /** An operation of that kind cannot end so. */
  | 'CANNOT_ANSWER'
  | 'CANNOT_FAIL'
  | 'CANNOT_TIME_OUT'
  /** Before the answer could come, something else had happened. */
  | 'OVERTAKEN'
  /** A payload is written or read by promise, and a stepper waits for none. */
  | 'ASYNC_SERDES'
  /** There is no such point in the run. */
  | 'NO_SUCH_POINT'

/** A stepper was asked for something that cannot be; the message says what can. */
export class StepperError extends Error {
  override readonly name = 'StepperError'
  readonly code: StepperErrorCode

  constructor(code: StepperErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

export function asyncSerdes(place: string): StepperError {
  return new StepperError(
    'ASYNC_SERDES',
    `The payload of ${place} is written or read by a serdes that answers with a promise. A stepper ` +
      'is synchronous and waits for nothing: use the runner, or a synchronous serdes under `driver`.',
  )
}
