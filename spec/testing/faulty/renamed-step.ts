import { step, wait } from 'perdure'

// The first step was renamed while executions that had gone through it were waiting to go on.

/** The code that the recorded executions were begun with. */
export function* before({ order }: { order: string }) {
  yield* step('reserve', () => `${order} reserved`)
  yield* wait('cooling off', '1d')
  return yield* step('ship', () => `${order} shipped`)
}

/** The code that is to go on with them. */
export function* workflow({ order }: { order: string }) {
  yield* step('allocate', () => `${order} reserved`) // faulty
  yield* wait('cooling off', '1d')
  return yield* step('ship', () => `${order} shipped`)
}

export const input = { order: 'order-17' }
