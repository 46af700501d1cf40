import type { Sight } from './encounters.ts'
import { StepperError } from './misuse.ts'

/** Which operation is meant: its name; or its id, its name and the name or id of a context around it. */
export type Selector =
  | string
  | {
      readonly id?: string | undefined
      readonly name?: string | undefined
      readonly in?: string | undefined
    }

/** The one of `open` that is meant. Throws UNKNOWN_OPERATION or AMBIGUOUS_OPERATION. */
export function select(selector: Selector, open: readonly Sight[]): Sight {
  const found = open.filter(isMeantBy(selector))
  const [first, second] = found
  const meant = JSON.stringify(selector)
  if (first === undefined) {
    throw new StepperError(
      'UNKNOWN_OPERATION',
      open.length === 0
        ? `No operation waits for an answer, so none is meant by ${meant}.`
        : `No operation that waits for an answer is meant by ${meant}. These do: ${listed(open)}.`,
    )
  }
  if (second !== undefined) {
    throw new StepperError(
      'AMBIGUOUS_OPERATION',
      `Several operations are meant by ${meant}: ${listed(found)}. Say which by \`{ id }\` or \`{ name, in }\`.`,
    )
  }
  return first
}

export function isMeantBy(selector: Selector): (sight: Sight) => boolean {
  const { id, name, in: around } = typeof selector === 'string' ? { name: selector } : selector
  return (sight) =>
    (id === undefined || sight.id === id) &&
    (name === undefined || sight.name === name) &&
    (around === undefined || isIn(sight, around))
}

function isIn({ id, path }: Sight, around: string): boolean {
  return path.includes(around) || id.startsWith(`${around}-`)
}

function listed(open: readonly Sight[]): string {
  return open.map(inWords).join(', ')
}

/** `step "translate" in editions > de (1-1-1)` */
function inWords({ id, words, path }: Sight): string {
  return `${words}${path.length === 0 ? '' : ` in ${path.join(' > ')}`} (${id})`
}
