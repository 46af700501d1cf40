import type { Around } from '../stepper/encounters.ts'
import type { OpenOperation } from '../stepper/open-operation.ts'
import type { Stepper } from '../stepper/stepper.ts'
import { optionsFor, type Choices } from './choices.ts'

type Open = OpenOperation<Stepper>

/** Whether all that is in a context around the loose one is over, as far as the other one shows. */
export function hasLeft(
  contexts: readonly Around[],
  { contexts: around, operation }: Open,
): boolean {
  if (operation.kind === 'compensation') return true
  const isOutside = contexts.some(({ id }) => !around.some((one) => one.id === id))
  return isOutside && !besides(contexts, around)
}

/** Whether two stand in different branches of the same whole. */
function besides(some: readonly Around[], others: readonly Around[]): boolean {
  const at = some.findIndex(({ id }, index) => id !== others[index]?.id)
  const whole = some[at - 1]
  return at > 0 && others[at] !== undefined && whole?.operation !== undefined && isWide(whole)
}

const wide = new Set(['map', 'parallel', 'all', 'all-settled', 'any', 'race'])

function isWide({ operation }: Around): boolean {
  return operation !== undefined && wide.has(operation.kind)
}

/** The operation that is answered next, and those beside it that may be first where that decides. */
export function firstOf(open: readonly Open[], choices: Choices): readonly Open[] {
  const [focus, ...others] = open
  if (focus === undefined) return []
  return [focus, ...others.filter((other) => compete(focus, other, choices))]
}

function compete(one: Open, other: Open, choices: Choices): boolean {
  const common = one.contexts.filter(({ id }) => other.contexts.some((around) => around.id === id))
  const mayFail = [one, other].some((open) => {
    return optionsFor(open, choices).some(({ status }) => status !== 'SUCCEEDED')
  })
  return common.some(({ operation }) => {
    if (operation === undefined) return false
    if (operation.kind === 'race' || operation.kind === 'any') return true
    const { options } = operation as { options?: { completion?: unknown } }
    // Of the others, the first failure may end the whole.
    return options?.completion !== undefined || (mayFail && wide.has(operation.kind))
  })
}
