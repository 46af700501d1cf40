import { randomBytes, randomUUID } from 'node:crypto'

/** The port through which chance enters: jitter, tokens and unguessable ids. */
export interface Random {
  /** A number from 0 up to, but not including, 1. */
  fraction(): number
  bytes(count: number): Uint8Array
  uuid(): string
}

export const systemRandom: Random = {
  fraction: () => Math.random(),
  bytes: (count) => randomBytes(count),
  uuid: () => randomUUID(),
}
