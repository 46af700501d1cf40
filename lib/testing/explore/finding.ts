import { inspect } from 'node:util'
import type { CrashWorld } from './kept-world.ts'
import type { Surroundings } from './subject.ts'

/** What all explorers take. */
export interface ExploreOptions extends Surroundings {
  /**
   * What bodies act on, put back as it was before each run. A crash explorer without one compares only
   * results and errors.
   */
  readonly world?: CrashWorld | undefined
  /** Decides what is tried where there is too much to try all of it; 1 when left out. */
  readonly seed?: number | undefined
  /** `false` answers the report also where something was found, instead of throwing it. */
  readonly throws?: boolean | undefined
}

/** What an explorer throws; `expected` and `actual` are for a test runner to compare. */
export abstract class Finding<R, V> extends Error {
  readonly report: R
  readonly expected: V | undefined
  readonly actual: V | undefined
  readonly showDiff = true

  constructor(report: R, message: string, compared: { expected?: V; actual?: V }) {
    super(message)
    this.report = report
    this.expected = compared.expected
    this.actual = compared.actual
  }
}

/** What a `check` has to say: by throwing, or by answering `false`. */
export function complaintOf(check: () => unknown): string | undefined {
  try {
    return check() === false ? '`check` answered false' : undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** A value in one line of a report. */
export function inOneLine(value: unknown): string {
  return inspect(value, { depth: 6, breakLength: Infinity, compact: true })
}
