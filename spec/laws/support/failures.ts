import { errorTypeOf } from '../../../lib/kernel/error-record.ts'
import { isPerdureError } from '../../../lib/kernel/errors.ts'
import type { Thrown } from './plan.ts'

/** Known to the driver, so it comes back as itself. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly reason = 'planned'
}

/** Not known to the driver. */
class Unlisted extends Error {
  readonly detail = { planned: true }
}

export function thrownValue({ as, message }: Thrown): unknown {
  switch (as) {
    case 'error':
      return new Error(message)
    case 'listed':
      return new Refused(message)
    case 'unlisted':
      return new Unlisted(message)
    case 'text':
      return message
  }
}

/** Stands for messages that the engine words. */
export const ownWords = 'in words of the engine'
const wordedByEngine =
  /could not be (de)?serialized|does not fit its schema|was still false after|^Callback .*timed out/

export function mapError(error: unknown): unknown {
  return new Error(`mapped: ${messageOf(error)}`)
}

/** A caught value in a line: what kind of error, and what it says. */
export function tell(error: unknown): string {
  const message = messageOf(error)
  if (isPerdureError(error)) return `${error.code}: ${message}`
  return error instanceof Error ? `${errorTypeOf(error)}: ${message}` : `thrown ${message}`
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return wordedByEngine.test(message) ? ownWords : message
}

/** An error with all that a workflow may find in it, its stack left out. */
export function dissect(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { cause, message, stack: _stack, ...own } = error
  return {
    type: errorTypeOf(error),
    message,
    ...own,
    ...(cause === undefined ? {} : { cause: dissect(cause) }),
  }
}
