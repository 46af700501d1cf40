import {
  createCallback,
  createDriver,
  driver,
  invoke,
  map,
  race,
  retry,
  saga,
  step,
  wait,
  waitForCallback,
} from 'perdure'

// Executions that end badly, or name things twice.

const quiet = { log: { debug() {}, info() {}, warn() {}, error() {} } }

class Overdrawn extends Error {
  override readonly name = 'Overdrawn'
  readonly missing: number
  constructor(missing: number) {
    super(`it's ${missing} short`)
    this.missing = missing
  }
}

let goes = 0

/** Fails with an error of its own, after attempts that failed otherwise. */
export const overdrawn = createDriver(quiet).lambdaHandler(function* ({
  amount,
}: {
  amount: number
}) {
  return yield* step(
    'pay',
    () => {
      goes += 1
      throw goes % 3 === 0 ? new Overdrawn(amount) : new Error('busy')
    },
    { retry: retry.fixed({ delay: '2s', maxAttempts: 3 }) },
  )
})

export const bounced = createDriver(quiet).lambdaHandler(function* () {
  return yield* waitForCallback('reply', async () => undefined, { timeout: '1h' })
})

/** Many steps of one name, some of which are late in a race. */
export const spread = createDriver(quiet).lambdaHandler(function* () {
  const items = yield* map('items', [1, 2, 3, 4], (item) =>
    step(
      'square',
      () => {
        if (item === 3) throw new TypeError('three')
        return { item, square: item * item, __proto__: null }
      },
      { retry: retry.none },
    ),
  )
  const first = yield* race({ slow: wait('slow', '1m'), fast: wait('fast', '3s') })
  return { squares: items.results(), first: first.winner }
})

export const asked = driver.lambdaHandler(function* () {
  return yield* invoke('stock', { item: 'pen' })
})

export const plainText = driver.lambdaHandler(function* () {
  return yield* waitForCallback<string>('word', async () => undefined)
})

export const thrice = driver.lambdaHandler(function* () {
  const results: unknown[] = []
  for (let go = 0; go < 3; go++) {
    const callback = yield* createCallback<number>('again', { timeout: '10s' })
    try {
      results.push(yield* callback.result)
    } catch (error) {
      results.push((error as Error).name)
    }
  }
  return results
})

const undone: string[] = []

/** A saga whose undoing has the names of what it undoes. */
export const undoing = driver.lambdaHandler(function* () {
  return yield* saga('trip', function* () {
    yield* step('hotel', () => 'h-1', { compensate: (booking) => void undone.push(booking) })
    yield* step(() => 'unnamed', { compensate: (booking) => void undone.push(booking) })
    yield* step('car', () => Promise.reject(new Error('no cars')), { retry: retry.none })
  })
})
