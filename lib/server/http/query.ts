import { invalid } from '../../service/refusal.ts'

/** How a member of the query is read: the API's types, told apart by nothing but its model. */
export type QueryKind = 'text' | 'texts' | 'flag' | 'whole' | 'moment'

/**
 * The members of a query that `kinds` names, each as its kind. What is no such thing stays text, for
 * its shape to refuse.
 */
export function readQuery(
  url: string,
  kinds: Readonly<Record<string, QueryKind>>,
): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  const start = url.indexOf('?')
  if (start < 0) return found
  for (const pair of url.slice(start + 1).split('&')) {
    const [name = '', ...rest] = pair.split('=')
    const member = decoded(name)
    const kind = Object.hasOwn(kinds, member) ? kinds[member] : undefined
    if (kind === undefined) continue
    const value = decoded(rest.join('='))
    if (kind === 'texts') {
      found[member] = [...((found[member] as string[] | undefined) ?? []), value]
    } else if (member in found) {
      throw invalid(`The query has more than one '${member}'.`)
    } else {
      found[member] = valueOf(kind, value)
    }
  }
  return found
}

function decoded(part: string): string {
  if (!part.includes('%') && !part.includes('+')) return part
  try {
    return decodeURIComponent(part.replaceAll('+', ' '))
  } catch {
    throw invalid(`'${part.slice(0, 100)}' is not percent-encoded UTF-8.`)
  }
}

function valueOf(kind: QueryKind, value: string): unknown {
  if (kind === 'flag' && (value === 'true' || value === 'false')) return value === 'true'
  if (kind === 'whole' && /^-?\d{1,15}$/.test(value)) return Number(value)
  if (kind === 'moment' && /^\d{4}-\d\d-\d\dT/.test(value)) return new Date(value)
  return value
}
