import type { Random } from '../../lib/kernel/random.ts'

/** The values that names in a requirement stand for: its variables, and what its history has bound. */
export type Bindings = Map<string, unknown>

/** Gives each of a requirement's variables its value; a later one may mention an earlier one. */
export function bindVariables(variables: Record<string, unknown>, random: Random): Bindings {
  const bindings: Bindings = new Map()
  for (const [name, value] of Object.entries(variables)) {
    bindings.set(name, generate(substitute(value, bindings), random))
  }
  return bindings
}

/**
 * Puts values in the place of `${NAME}`, wherever in `value` it stands. A string that is nothing but
 * a name becomes the value itself, of whatever type; a name without a value stays as it is.
 */
export function substitute(value: unknown, bindings: Bindings): unknown {
  if (typeof value === 'string') return substituteText(value, bindings)
  if (Array.isArray(value)) return value.map((item) => substitute(item, bindings))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, substitute(item, bindings)]),
  )
}

/** The name in a string that is nothing but `${NAME}`. */
export function soleName(text: string): string | undefined {
  return /^\$\{(\w+)\}$/.exec(text)?.[1]
}

function substituteText(text: string, bindings: Bindings): unknown {
  const name = soleName(text)
  if (name !== undefined && bindings.has(name)) return bindings.get(name)
  return text.replace(/\$\{(\w+)\}/g, (spelling, inner: string) =>
    bindings.has(inner) ? String(bindings.get(inner)) : spelling,
  )
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

function generate(value: unknown, random: Random): unknown {
  if (typeof value !== 'string') return value
  return value.replace(/\$\{GEN_STR:(\d+)\}/g, (_, length: string) =>
    Array.from({ length: Number(length) }, () => {
      return alphabet[Math.floor(random.fraction() * alphabet.length)]
    }).join(''),
  )
}
