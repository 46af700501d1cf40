import { inspect } from 'node:util'
import type { StepperOutcome } from '../stepper/stepper.ts'
import { errorWords } from '../stepper/story.ts'

export interface Facts {
  readonly message: string
  readonly expected: unknown
  readonly actual: unknown
}

/** A failure as test runners know them: they show `expected` and `actual` as a difference. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError'
  readonly code = 'ERR_ASSERTION'
  readonly expected: unknown
  readonly actual: unknown
  readonly operator = 'deepStrictEqual'
  readonly showDiff: boolean

  /** The stack begins where `from` was called. */
  constructor({ message, expected, actual }: Facts, from: () => void) {
    super(message)
    this.expected = expected
    this.actual = actual
    this.showDiff = expected !== undefined
    Error.captureStackTrace(this, from)
  }
}

/** How a run has ended, as one side of a difference; nothing while it goes on. */
export function shown(outcome: StepperOutcome): unknown {
  switch (outcome.status) {
    case 'running':
      return undefined
    case 'returned':
      return { returned: outcome.value }
    default:
      return { threw: errorWords(outcome.error) }
  }
}

/** One side of a difference in a line. */
export function inLine(side: unknown): string {
  return inspect(side, { breakLength: Infinity, depth: 6 })
}
