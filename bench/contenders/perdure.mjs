// @ts-check
import { createDriver, step, wait } from '../../dist/index.js'

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

  waiting(service) {
    const handler = createDriver({ client: service }).lambdaHandler(function* () {
      yield* wait('1h')
    })
    return /** @type {Handler} */ (handler)
  },
}
