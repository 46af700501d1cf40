import { step, wait } from 'perdure'

// Whether an offer is still good is read off the clock, so a replay on the next day takes the other
// branch.

export function* workflow({ until }: { until: number }) {
  yield* wait('thinking it over', '1d')
  if (Date.now() > until) return 'expired' // faulty
  return yield* step('buy', () => 'bought')
}

export const input = { until: 4_000_000_000_000 }
