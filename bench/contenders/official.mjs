// @ts-check
import { createHash } from 'node:crypto'
import { withDurableExecution } from '@aws/durable-execution-sdk-js'

/**
 * The peer's types name its own event, context and client; all are shaped as in the Lambda API.
 * @typedef {import('./contender.mjs').Handler} Handler
 * @typedef {import('@aws/durable-execution-sdk-js').DurableExecutionClient} Client
 */

/** @type {import('./contender.mjs').Contender} */
export const contender = {
  name: 'official',
  id: (position) => createHash('md5').update(String(position)).digest('hex').slice(0, 16),

  chain({ steps, body, atEnd }, service) {
    const handler = withDurableExecution(
      async (_input, context) => {
        let sum = 0
        for (let i = 1; i <= steps; i++) sum += (await context.step(() => body(i))).value
        atEnd?.()
        return sum
      },
      { durableExecutionClient: /** @type {Client} */ (/** @type {unknown} */ (service)) },
    )
    return /** @type {Handler} */ (/** @type {unknown} */ (handler))
  },

  waiting(service) {
    const handler = withDurableExecution(
      async (_input, context) => {
        await context.wait({ hours: 1 })
      },
      { durableExecutionClient: /** @type {Client} */ (/** @type {unknown} */ (service)) },
    )
    return /** @type {Handler} */ (/** @type {unknown} */ (handler))
  },
}
