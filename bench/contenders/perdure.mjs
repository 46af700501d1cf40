// @ts-check
import { createDriver, map, step, wait } from '../../dist/index.js'
import { grouped, numbers } from './contender.mjs'

/** @typedef {import('./contender.mjs').Handler} Handler */

/** @type {import('./contender.mjs').Contender} */
export const contender = {
  name: 'perdure',
  id: (position) => String(position),

  chain({ steps, body, atEnd }, service) {
    const handler = createDriver({ client: service }).lambdaHandler(function* () {
      let sum = 0
      for (let i = 1; i <= steps; i++) sum += (yield* step(() => body(i))).value
      atEnd?.()
      return sum
    })
    return /** @type {Handler} */ (handler)
  },

  fanOut({ items, groups, maxConcurrency, body }, service) {
    /** @param {number} i */
    const item = (i) => step(() => body(i))
    /** @param {readonly number[]} list */
    const fan = (list) => map(list, item, { maxConcurrency })
    const handler = createDriver({ client: service }).lambdaHandler(function* () {
      if (groups === undefined) return sumOf((yield* fan(numbers(items))).results())
      const batch = yield* map(grouped(items, groups), function* (list) {
        return { value: sumOf((yield* fan(list)).results()) }
      })
      return sumOf(batch.results())
    })
    return /** @type {Handler} */ (handler)
  },

  waiting(service) {
    const handler = createDriver({ client: service }).lambdaHandler(function* () {
      yield* wait('1h')
    })
    return /** @type {Handler} */ (handler)
  },
}

/** @param {readonly { value: number }[]} results */
function sumOf(results) {
  return results.reduce((sum, { value }) => sum + value, 0)
}
