import type { Random } from '../../../lib/kernel/random.ts'

/** Chance that is the same in every run, and never the same twice within one. */
export function countedRandom(): Random {
  let drawn = 0
  const next = () => (drawn += 1)
  return {
    fraction: () => (next() * 0.618) % 1,
    bytes: (count) => {
      const bytes = Buffer.alloc(count)
      bytes.writeUInt32BE(next(), Math.max(0, count - 4))
      return bytes
    },
    uuid: () => `00000000-0000-4000-8000-${String(next()).padStart(12, '0')}`,
  }
}
