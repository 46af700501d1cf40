import type { Journal } from '../journal/journal.ts'
import type { Environment } from './environment.ts'
import type { Observer } from './observer.ts'

/** What an operation is met with: the records, and all that holds for the invocation. */
export interface Ground {
  readonly journal: Journal
  readonly env: Environment
  readonly observer: Observer
  /** Operations that were met with a record. */
  recordsMet: number
  /** What version gates have answered in this run. */
  readonly versions: Map<string, number>
}
