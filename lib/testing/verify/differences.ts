import type { VersionOperation } from '../../operations/version.ts'

/** One place at which records and code do not agree. */
export interface Difference {
  /**
   * `operation`: another operation, or none. `argument`: the same, asked otherwise. `context`: a
   * context that came to something else. `end`: the execution did.
   */
  readonly kind: 'operation' | 'argument' | 'context' | 'end'
  /** Of the operation; absent for the execution's end. */
  readonly id?: string
  /** What differs, in words: `seconds`, `the name`, `result`. */
  readonly what: string
  readonly journal: string
  readonly code: string
  /** Where the code built the operation, or the last one before. */
  readonly line?: string
  /** Both sides around the place, the place itself among them. */
  readonly around: readonly Row[]
  readonly notes: readonly string[]
}

export interface Row {
  readonly id: string
  /** What is on record there, in words; empty for nothing. */
  readonly journal: string
  /** What the code asked for there; `…` where it did not get. */
  readonly code: string
  readonly isHere: boolean
}

/** What a version gate answered in one history. */
export interface GateAnswer {
  readonly id: string
  readonly version: number
  /** Of the gate in the code; absent where the code has none of that id. */
  readonly range?: Pick<VersionOperation, 'min' | 'max'>
}
