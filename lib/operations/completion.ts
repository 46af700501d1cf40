import { invalidOption } from '../kernel/errors.ts'

export type CompletionReason =
  | 'ALL_COMPLETED'
  | 'MIN_SUCCESSFUL_REACHED'
  | 'FAILURE_TOLERANCE_EXCEEDED'
  | 'CUSTOM_COMPLETION_SUCCEEDED'
  | 'CUSTOM_COMPLETION_FAILED'

export interface CompletionLimits {
  /** So many successes will do. */
  readonly minSuccessful?: number | undefined
  /** More failures than this end it. */
  readonly toleratedFailureCount?: number | undefined
  /** A larger share of all items, in per cent, ends it. */
  readonly toleratedFailurePercentage?: number | undefined
}

export interface CompletionState {
  readonly totalCount: number
  readonly successCount: number
  readonly failureCount: number
  readonly completedCount: number
  readonly items: readonly {
    readonly index: number
    readonly name?: string
    readonly status?: 'SUCCEEDED' | 'FAILED'
  }[]
}

/**
 * When a fan-out may stop early: at limits, or as a function of what has ended so far decides. With
 * neither, the first failure ends it; with any limit, only the limits do.
 */
export type Completion =
  CompletionLimits | ((state: CompletionState) => 'continue' | 'succeed' | 'fail')

/** Ready-made completions. */
export const completion: {
  readonly allCompleted: Completion
  readonly allSuccessful: Completion
  readonly firstSuccessful: Completion
} = Object.freeze({
  allCompleted: Object.freeze({ toleratedFailurePercentage: 100 }),
  allSuccessful: Object.freeze({ toleratedFailureCount: 0 }),
  firstSuccessful: Object.freeze({ minSuccessful: 1 }),
})

/** Throws INVALID_OPTION for a completion that can never be meant. */
export function checkCompletion(value: Completion | undefined): void {
  if (value === undefined || typeof value === 'function') return
  if (typeof value !== 'object' || (value as unknown) === null) {
    throw invalidOption('completion', 'an object of limits or a function', value)
  }
  const { minSuccessful, toleratedFailureCount, toleratedFailurePercentage } = value
  checkCount('completion.minSuccessful', minSuccessful, 1)
  checkCount('completion.toleratedFailureCount', toleratedFailureCount, 0)
  const share = toleratedFailurePercentage
  if (share !== undefined && !(typeof share === 'number' && share >= 0 && share <= 100)) {
    throw invalidOption('completion.toleratedFailurePercentage', 'a number from 0 to 100', share)
  }
}

/** Throws INVALID_OPTION for a count that is given and is no integer from `least` up. */
export function checkCount(option: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least)) return
  throw invalidOption(option, `an integer from ${least} up`, value)
}
