import type { Refusal } from '../driver/check.ts'
import type { Environment } from '../driver/environment.ts'
import type { Ending } from '../driver/ending.ts'
import type { Machine } from '../driver/machine.ts'
import { retrace } from '../driver/retrace.ts'
import { describeDescriptor } from '../driver/words.ts'
import type { Journal } from '../journal/journal.ts'
import { PerdureError } from '../kernel/errors.ts'
import type { Log } from '../kernel/logger.ts'
import type { Member } from '../operations/member.ts'
import type { WorkflowContext } from '../operations/workflow.ts'

/** What a report is made from: the same records, walked once more with lines on. */
export interface Scene {
  readonly journal: Journal
  readonly env: Environment
  readonly start: (context: WorkflowContext) => Member<unknown>
  readonly machine: Machine
}

/** The error that stopped the machine, with the line at which it happened. */
export function explain(ending: Ending & { how: 'stopped' }, scene: Scene): PerdureError {
  const { error } = ending
  if (ending.isPlaced === true) return error
  const { stoppedAt, lastMet } = retrace(scene.journal, scene.env, scene.start)
  const place =
    stoppedAt !== undefined
      ? `\nYielded at ${stoppedAt}`
      : lastMet !== undefined
        ? `\nAfter the operation yielded at ${lastMet}`
        : ''
  if (place === '') return error
  return new PerdureError(error.code, error.message + place, {
    errorType: error.errorType,
    data: error.data,
    ...(error.cause === undefined ? {} : { cause: error.cause }),
  })
}

/**
 * Warns of operations that were built during the run and never yielded; under `determinism: 'check'`
 * answers them as an error, and warns of those yielded twice.
 */
export function reportForgotten(scene: Scene, log: Log): PerdureError | undefined {
  const { machine, env } = scene
  const checking = env.determinism === 'check'
  if (checking) {
    for (const again of machine.builds.metAgain) {
      log.warn(
        `${describeDescriptor(again)} was yielded more than once; each yield is an operation of its own. ` +
          'Build it again where that is meant, keep its result where it is not.',
      )
    }
    for (const refused of env.check?.refusals ?? []) log.warn(refusal(refused))
  }
  if (!machine.builds.hasUnused) return undefined
  const { unused } = retrace(scene.journal, env, scene.start)
  const found = unused.map(({ operation, line }) => {
    const words = describeDescriptor(operation)
    return `${words} was built${line === undefined ? '' : ` at ${line}`} and never yielded, so it did not run.`
  })
  if (found.length === 0) return undefined
  const message = `${found.join('\n')}\nDid you forget \`yield*\`?`
  if (checking) return new PerdureError('FORGOTTEN_YIELD', message)
  log.warn(message)
  return undefined
}

function refusal({ operation, line }: Refusal): string {
  return (
    `${describeDescriptor(operation)}${line === undefined ? '' : `, yielded at ${line},`} was not ` +
    'begun: the branch had been cancelled before. Let CANCELLED pass, and say with `compensate` how ' +
    'a step is undone.'
  )
}
