import { systemRandom } from '../../lib/kernel/random.ts'
import type { Handler } from './handler.ts'
import { play, type Performance } from './play.ts'
import type { Requirement } from './requirement.ts'
import type { Stagehand } from './stage.ts'
import { bindVariables } from './variables.ts'
import { verdict } from './verdict.ts'

/** `UNCOVERED`: there is no handler for the id, so nothing was run. */
export type Outcome = 'PASSED' | 'FAILED' | 'OPTIONAL_FAILED' | 'UNCOVERED'

export interface Report {
  readonly requirement: Requirement
  readonly outcome: Outcome
  /** The first difference from what was expected, or why the case could not be played. */
  readonly difference?: string
  readonly performance?: Performance
}

/** Plays and judges the case of one requirement. */
export async function examine(
  requirement: Requirement,
  handler: Handler | undefined,
  setStage: Stagehand,
): Promise<Report> {
  if (handler === undefined) return { requirement, outcome: 'UNCOVERED' }
  const failed = requirement.optional ? 'OPTIONAL_FAILED' : 'FAILED'
  try {
    const bindings = bindVariables(requirement.variables, systemRandom)
    const performance = await perform()
    const difference = verdict(requirement, performance, bindings)
    return difference === undefined
      ? { requirement, outcome: 'PASSED', performance }
      : { requirement, outcome: failed, difference, performance }

    async function perform(): Promise<Performance> {
      const stage = await setStage(requirement, handler as Handler)
      try {
        return await play(requirement, bindings, stage)
      } finally {
        await stage.close()
      }
    }
  } catch (error) {
    const difference = error instanceof Error ? error.message : String(error)
    return { requirement, outcome: failed, difference }
  }
}
