import { describeDescriptor } from '../../driver/words.ts'
import { toSeconds, type Duration } from '../../kernel/duration.ts'
import type { Descriptor } from '../../operations/operation.ts'

/** An operation as data: what it is called, and what it asks for as far as that is no code. */
export interface Plain {
  readonly operation: string
  readonly seconds?: unknown
  readonly input?: unknown
  readonly items?: unknown
  readonly options?: object
}

/** What operations hold that is data, beside their options. */
const data = ['seconds', 'input', 'items'] as const

type Held = Readonly<Partial<Record<(typeof data)[number], unknown>>> & {
  readonly options?: object
}

/** Options that are code, though not all of them are functions. */
const code = new Set(['serdes', 'itemSerdes', 'inputSerdes', 'resultSerdes', 'schema', 'errors'])

const durations = new Set(['timeout', 'heartbeatTimeout'])

/** An operation as data, to be compared and shown. Code is left out: no two builds share a closure. */
export function plainOf(descriptor: Descriptor<unknown>): Plain {
  const held: Descriptor<unknown> & Held = descriptor
  const options = optionsOf(held.options ?? {})
  return {
    operation: describeDescriptor(descriptor),
    ...Object.fromEntries(
      data.flatMap((key) => (held[key] === undefined ? [] : [[key, held[key]]])),
    ),
    ...(Object.keys(options).length > 0 ? { options } : {}),
  }
}

/** The options that are data. */
export function optionsOf(options: object): Record<string, unknown> {
  const plain: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(options) as [string, unknown][]) {
    if (value === undefined || typeof value === 'function' || code.has(key)) continue
    // `'1d'` and `{ hours: 24 }` are one duration.
    plain[key] = durations.has(key) ? `${toSeconds(value as Duration)}s` : value
  }
  return plain
}
