import type { Random } from '../../kernel/random.ts'

/** Chance that is the same in every run, never the same twice within one, and can be gone on with. */
export interface CountedRandom extends Random {
  readonly drawn: number
}

export function countedRandom(start = 0): CountedRandom {
  let drawn = start
  const next = () => (drawn += 1)
  return {
    get drawn() {
      return drawn
    },
    fraction: () => (next() * 0.618) % 1,
    bytes: (count) => {
      const bytes = Buffer.alloc(count)
      bytes.writeUInt32BE(next(), Math.max(0, count - 4))
      return bytes
    },
    uuid: () => `00000000-0000-4000-8000-${String(next()).padStart(12, '0')}`,
  }
}

/** Whole numbers from 0 up, below `limit`, in an order that the seed decides. */
export function drawer(seed: number): (limit: number) => number {
  let state = seed | 0
  return (limit) => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}
