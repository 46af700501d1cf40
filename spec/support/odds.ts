import type { Random } from '../../lib/kernel/random.ts'

/** Chance as a spec wants it: fractions from a list, used in a circle, and counted ids. */
export function odds(...fractions: readonly number[]): Random {
  let drawn = 0
  let made = 0
  return {
    fraction: () => fractions[drawn++ % fractions.length] ?? 0,
    bytes: (count) => new Uint8Array(count),
    uuid: () => `uuid-${(made += 1)}`,
  }
}
