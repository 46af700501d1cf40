import { ownWords } from './failures.ts'
import type { Thrown } from './plan.ts'

export { ownWords }

/** A failure on its way through a plan: what kind of error, and what it says. */
export class Raised extends Error {
  readonly label: string
  readonly isListed: boolean

  constructor(label: string, message: string, isListed = false) {
    super(message)
    this.label = label
    this.isListed = isListed
  }
}

export function thrown({ as, message }: Thrown): Raised {
  const label = { error: 'Error', listed: 'Refused', unlisted: 'Unlisted', text: 'thrown' }[as]
  return new Raised(label, message, as === 'listed')
}

/** As it comes back from its record: whatever was thrown is an error then. */
export function recorded(raised: Raised): Raised {
  return raised.label === 'thrown' ? new Raised('Error', raised.message) : raised
}

/** As the operation's own failure; an error of a class the driver knows stays itself. */
export function wrapped(code: string, raised: Raised): Raised {
  return raised.isListed ? raised : new Raised(code, raised.message)
}

export function mapped(raised: Raised): Raised {
  return new Raised('Error', `mapped: ${raised.message}`)
}

export function told({ label, message }: Raised): string {
  return label === 'thrown' ? `thrown ${message}` : `${label}: ${message}`
}
