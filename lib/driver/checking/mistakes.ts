import { describe, PerdureError, reasonOf } from '../../kernel/errors.ts'
import { isDescriptor } from '../../operations/operation.ts'
import { authorLine } from '../lines.ts'
import { describeDescriptor } from '../words.ts'
import type { Difference } from './difference.ts'
import type { Move } from './lockstep.ts'
import type { Trapped } from './traps.ts'

// What is reported of a mistake: where, what was found, and what to do. All go by REPLAY_DIVERGED, for
// that is what they would come to on a replay.

/** The report that two runs on the same answers did not do the same. */
export function divergedRuns(
  { path, first, second }: Difference,
  moves: { readonly first: Move; readonly second: Move },
  line: string | undefined,
): PerdureError {
  const member = path.replace(/^\./, '')
  const [one, other] = [wordsOf(moves.first), wordsOf(moves.second)]
  const both =
    one === other
      ? `both times the code ${one}, but ${member === '' ? 'its value' : `its \`${member}\``} was ` +
        `${describe(first)} the first time and ${describe(second)} the second.`
      : `the first time the code ${one}, the second time it ${other}.`
  const place = line === undefined ? '' : `\nYielded at ${line}`
  return new PerdureError(
    'REPLAY_DIVERGED',
    `Replay would diverge: run twice on the same answers, ${both}${place}\n` +
      'Code must depend on its input and on what its operations answered alone: look for state kept ' +
      'outside the workflow, and for variables that a body writes to.',
  )
}

function wordsOf({ did, value }: Move): string {
  if (did === 'yield') {
    return `yielded ${isDescriptor(value) ? describeDescriptor(value) : describe(value)}`
  }
  if (did === 'return') return `returned ${describe(value)}`
  return `threw ${value instanceof Error ? `${value.name}: ` : ''}${reasonOf(value)}`
}

/** The report that the code called what answers differently each time, or has an effect. */
export function trappedCall({ call, instead, from }: Trapped): PerdureError {
  return new PerdureError(
    'REPLAY_DIVERGED',
    `Replay would diverge: the workflow called ${call}${at(authorLine(from))}, outside of any step.\n` +
      `Every replay would do that again. Use ${instead}.`,
  )
}

/** The report that something was written to that had been handed to the workflow. */
export function refusedWrite(error: TypeError): PerdureError {
  return new PerdureError(
    'REPLAY_DIVERGED',
    `Replay might diverge: a value that is frozen was written to${at(authorLine(error))}: ` +
      `${error.message}.\nThe input of a workflow and the results of its operations are frozen while ` +
      'determinism is checked: the workflow and its steps share them, and a replay makes them anew ' +
      'without what a step wrote there. Change a copy, or return what is new from the step.',
    { cause: error },
  )
}

function at(line: string | undefined): string {
  return line === undefined ? '' : ` at ${line}`
}
