import type { ErrorRecord } from '../../kernel/error-record.ts'
import type { Disturbance } from './disturbed.ts'
import type { Place } from './points.ts'

/** What a mistake looks like, from what was different. */
export type CrashMistake =
  /** A body was run once more, as at-least-once bodies are, and its effect is there twice. */
  | 'effect repeated'
  /** What lies outside is different, and no body was run more often. */
  | 'effect outside a step'
  /** Code met other records than its own: it depends on something that a crash does not bring back. */
  | 'state outside the execution'
  /** Nobody takes care of a step that is not to be tried again. */
  | 'interruption not handled'
  /** Two runs without any disturbance differ already. */
  | 'not repeatable'
  | 'result differs'

export const advice: Readonly<Record<CrashMistake, string>> = {
  'effect repeated':
    'Its body was run again after a crash, because its end was not on record yet, and what it does ' +
    "is not idempotent: hand on `idempotencyKey` of the step's context, or give the step " +
    "`semantics: 'at-most-once'` and handle STEP_INTERRUPTED.",
  'effect outside a step':
    'No body was run more often, and yet the world is another: the code of the workflow itself has ' +
    'an effect, and it runs again on every replay. Put the effect into a step.',
  'state outside the execution':
    'A replay took another path: something that decides is kept in a closure or a module, or read ' +
    'from a clock or chance. Take it from the input, or from what operations answer.',
  'interruption not handled':
    'An attempt that was cut short is not made again here. Catch STEP_INTERRUPTED, find out how far ' +
    'it came, and go on from there.',
  'not repeatable':
    'Two runs that nothing disturbed end differently, so nothing can be said of crashes. Have `world` ' +
    'hold all that bodies remember, and take clocks and chance out of them.',
  'result differs':
    'Something that the result is made from is kept in a closure or a module, or a body answers ' +
    'differently when it is run again.',
}

/** The operation whose body was run more often than without disturbance, the first of them. */
export function repeated(run: readonly Place[], undisturbed: readonly Place[]): Place | undefined {
  const left = new Map<string, number>()
  for (const { id } of undisturbed) left.set(id, (left.get(id) ?? 0) + 1)
  return run.find(({ id }) => {
    const now = (left.get(id) ?? 0) - 1
    left.set(id, now)
    return now < 0
  })
}

/** The operation that an error of the driver's is about. */
export function namedIn(error: ErrorRecord | undefined): Place | undefined {
  const named = /(?:of |yielded )(\w+(?: "[^"]*")?) \(operation ([\w-]+)\)/.exec(
    error?.ErrorMessage ?? '',
  )
  if (named) return { words: named[1] ?? '', id: named[2] ?? '' }
  const diverged = /operation ([\d-]+): .* yielded (\w+(?: "[^"]*")?)/.exec(
    error?.ErrorMessage ?? '',
  )
  return diverged ? { words: diverged[2] ?? '', id: diverged[1] ?? '' } : undefined
}

export function mistakeOf(
  { outcome }: Pick<Disturbance, 'outcome'>,
  differs: { readonly outcome: boolean; readonly world: boolean },
  again: Place | undefined,
): CrashMistake {
  const type = outcome.error?.ErrorType
  if (differs.outcome && type === 'NonDeterministicExecutionError') {
    return 'state outside the execution'
  }
  if (differs.outcome && /interrupted/i.test(`${type} ${outcome.error?.ErrorMessage}`)) {
    return 'interruption not handled'
  }
  if (differs.world) return again ? 'effect repeated' : 'effect outside a step'
  return 'result differs'
}
