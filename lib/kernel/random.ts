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

let current = systemRandom

/**
 * For what is handed no port because its users call it, too: a strategy's jitter. The system's, except
 * within `drawingFrom`.
 */
export const ambientFraction = (): number => current.fraction()

/**
 * Has `fn`, and whatever that calls, draw from `random`. It must not be async: what it draws later
 * comes from the system again.
 */
export function drawingFrom<T>(random: Random, fn: () => T): T {
  const previous = current
  current = random
  try {
    return fn()
  } finally {
    current = previous
  }
}
