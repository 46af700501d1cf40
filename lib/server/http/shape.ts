import { define, Struct, validate } from 'superstruct'
import { invalid } from '../../service/refusal.ts'

// What members of a request may hold. A struct says in the API's own words what a value must be; it
// never prints the value itself, because not all that comes as JSON can be printed.
//
//   S1. `null` is the same as absent.
//   S2. Members that the API does not know are dropped.

export type Shape<T> = Struct<T>

/** Of whatever: a struct both takes and gives its type, so that no other type would take them all. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyShape = Shape<any>

/** A member that has to be there. */
interface Needed {
  readonly needed: AnyShape
}

export const needed = (shape: AnyShape): Needed => ({ needed: shape })

export interface TextRules {
  readonly least?: number
  readonly most?: number
  readonly pattern?: RegExp
}

export function text({ least = 0, most = Infinity, pattern }: TextRules = {}): Shape<string> {
  return define('string', (value) => {
    if (typeof value !== 'string') return 'be a string'
    if (value.length < least) return `have length greater than or equal to ${least}`
    if (value.length > most) return `have length less than or equal to ${most}`
    if (pattern && !pattern.test(value)) {
      return `satisfy regular expression pattern: ${pattern.source}`
    }
    return true
  })
}

export function whole(least: number, most: number): Shape<number> {
  return define('integer', (value) => {
    if (!Number.isInteger(value)) return 'be an integer'
    if ((value as number) < least) return `have value greater than or equal to ${least}`
    if ((value as number) > most) return `have value less than or equal to ${most}`
    return true
  })
}

export function fractional(least: number, most: number): Shape<number> {
  return define('number', (value) => {
    if (typeof value !== 'number' || !(value >= least && value <= most)) {
      return `be a number from ${least} to ${most}`
    }
    return true
  })
}

export const flag: Shape<boolean> = define(
  'boolean',
  (value) => typeof value === 'boolean' || 'be a boolean',
)

export const moment: Shape<Date> = define(
  'timestamp',
  (value) => (value instanceof Date && !Number.isNaN(value.getTime())) || 'be a timestamp',
)

export function oneOf<const T extends string>(members: readonly T[]): Shape<T> {
  return define('enum', (value) => {
    if (members.includes(value as T)) return true
    return `satisfy enum value set: [${members.join(', ')}]`
  })
}

export function list(member: AnyShape): Shape<unknown[]> {
  return new Struct({
    type: 'list',
    schema: null,
    validator: (value) => Array.isArray(value) || 'be a list',
    *entries(value) {
      if (!Array.isArray(value)) return
      for (let i = 0; i < value.length; i++) yield [i, value[i] as unknown, member]
    },
  })
}

export function structure<T extends object>(
  members: Readonly<Record<keyof T & string, AnyShape | Needed>>,
): Shape<T> {
  const shapes = Object.entries<AnyShape | Needed>(members).map(([name, one]) =>
    'needed' in one
      ? { name, shape: one.needed, isNeeded: true }
      : { name, shape: one, isNeeded: false },
  )
  const missing: AnyShape = define('member', () => 'not be null')
  return new Struct<T, unknown>({
    type: 'structure',
    schema: null,
    coercer(value) {
      if (!isStructure(value)) return value
      const known: Record<string, unknown> = {}
      for (const { name } of shapes) if (value[name] != null) known[name] = value[name]
      return known
    },
    validator: (value) => isStructure(value) || 'be a structure',
    *entries(value) {
      if (!isStructure(value)) return
      for (const { name, shape, isNeeded } of shapes) {
        const member = value[name]
        if (member !== undefined) yield [name, member, shape]
        else if (isNeeded) yield [name, null, missing]
      }
    },
  })
}

/** The value with only what its shape knows. Refuses what does not fit, and says which member. */
export function fitted<T>(value: unknown, shape: Shape<T>, where = ''): T {
  const [misfit, fit] = validate(value, shape, { coerce: true })
  if (!misfit) return fit
  const path = [where, ...misfit.path.map(String)].filter((part) => part !== '')
  const [{ message } = misfit] = misfit.failures()
  throw invalid(
    `1 validation error detected: Value ${shown(misfit.value)} at '${nameOf(path)}' failed to ` +
      `satisfy constraint: Member must ${message}`,
  )
}

function isStructure(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** As the API names members: `updates.1.member.stepOptions.nextAttemptDelaySeconds`. */
function nameOf(path: readonly string[]): string {
  return path
    .map((part) =>
      /^\d+$/.test(part)
        ? `${Number(part) + 1}.member`
        : part.charAt(0).toLowerCase() + part.slice(1),
    )
    .join('.')
}

const mostShown = 100

function shown(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `of ${value.length} members`
  if (typeof value === 'object') return 'of a structure'
  const printed = `${value as string | number | boolean}`
  return `'${printed.length > mostShown ? `${printed.slice(0, mostShown)}...` : printed}'`
}
