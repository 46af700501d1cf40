import { json, type Schema, type Serdes } from '../../../lib/kernel/serdes.ts'
import type { Value } from './plan.ts'

/** The value that a plan speaks of. */
export function make(value: Value): unknown {
  switch (value.is) {
    case 'json':
      return value.json
    case 'undefined':
      return undefined
    case 'date':
      return new Date(Date.UTC(2026, 1, 3))
    case 'sparse':
      return { kept: 1, dropped: undefined, number: NaN, list: [undefined] }
    case 'bigint':
      return 1n
    case 'text':
      return 'x'.repeat(value.length)
  }
}

/** A body's result over the size that is kept inline, so that its context is rebuilt on replay. */
export const much = 'much '.repeat(60_000)

/** A result that an execution may have, and that is too large for the response of an invocation. */
export const most = () => 'm'.repeat(6 * 1024 * 1024 - 22)

/** As JSON, by promises. */
export const asyncJson: Serdes<unknown> = {
  serialize: async (value) => JSON.stringify(value),
  deserialize: async (text) => JSON.parse(text) as unknown,
}

export const base64: Serdes<unknown> = {
  serialize: (value) => Buffer.from(JSON.stringify(value)).toString('base64'),
  deserialize: (text) => JSON.parse(Buffer.from(text, 'base64').toString()) as unknown,
}

/** What it writes it cannot read. */
export const broken: Serdes<unknown> = {
  serialize: (value) => json.serialize(value, { operationId: '', executionArn: '' }),
  deserialize: () => {
    throw new Error('unreadable')
  },
}

export const shaped: Schema<unknown> = { create: (value) => ({ shaped: value }) }

export const refused: Schema<unknown> = {
  create: () => {
    throw new Error('of another shape')
  },
}

/** A value as a note of it: long texts by their length, so that notes stay short. */
export function shortened(value: unknown): unknown {
  return typeof value === 'string' && value.length > 1000 ? `${value.length} characters` : value
}
