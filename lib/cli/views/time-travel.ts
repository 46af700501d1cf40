import { toSeconds, type Duration } from '../../kernel/duration.ts'
import { isPerdureError } from '../../kernel/errors.ts'
import { UsageError } from '../usage-error.ts'

/** Where `perdure time …` moves the clock. */
export type TimeTravel =
  | { readonly kind: 'by'; readonly milliseconds: number }
  /** Milliseconds since 1970. */
  | { readonly kind: 'to'; readonly time: number }
  /** To the next moment at which something is due. */
  | { readonly kind: 'next' }

const longest = 10 * 366 * 86_400

/** Reads `+2d`, `+1h30m`, an ISO time, or `next`. Throws UsageError for what cannot be meant. */
export function parseTimeTravel(text: string, now: number): TimeTravel {
  const wanted = text.trim()
  if (wanted === 'next') return { kind: 'next' }
  if (wanted.startsWith('+')) return { kind: 'by', milliseconds: spanOf(wanted.slice(1)) }
  if (/^\d{4}-\d\d-\d\d/.test(wanted)) return { kind: 'to', time: momentOf(wanted, now) }
  const hint = /^\d/.test(wanted) ? ` Did you mean +${wanted}?` : ''
  if (wanted.startsWith('-')) throw new UsageError(`Time cannot be turned back, got ${wanted}.`)
  throw new UsageError(
    `Expected a time such as +2d, +1h30m, 2026-01-31T09:00:00Z or next, got ${JSON.stringify(text)}.${hint}`,
  )
}

/** Several durations after each other add up: `1h30m`. */
function spanOf(text: string): number {
  const parts = text.match(/\d+(?:\.\d+)?[a-z]+|./g) ?? ['']
  try {
    return parts.reduce((sum, part) => sum + toSeconds(part as Duration, 'time', longest), 0) * 1000
  } catch (error) {
    if (!isPerdureError(error)) throw error
    throw new UsageError(`+${text} is no span of time. ${error.message}`)
  }
}

function momentOf(text: string, now: number): number {
  const isZoned = /(Z|[+-]\d\d:?\d\d)$/i.test(text)
  // A time without a zone is in UTC, as everything is that is shown.
  const hasTime = /[T ]\d/.test(text)
  const time = Date.parse(
    isZoned || !hasTime ? text.replace(' ', 'T') : `${text.replace(' ', 'T')}Z`,
  )
  if (Number.isNaN(time))
    throw new UsageError(`${text} is no time; write it like 2026-01-31T09:00:00Z.`)
  if (time < now) {
    throw new UsageError(
      `Time cannot be turned back: it is ${new Date(now).toISOString()} already.`,
    )
  }
  return time
}
