// @ts-check
import { createHash } from 'node:crypto'
import { withDurableExecution } from '@aws/durable-execution-sdk-js'
import { grouped, numbers } from './contender.mjs'

/**
 * The peer's types name its own event, context and client; all are shaped as in the Lambda API.
 * @typedef {import('./contender.mjs').Handler} Handler
 * @typedef {import('@aws/durable-execution-sdk-js').DurableExecutionClient} Client
 * @typedef {import('@aws/durable-execution-sdk-js').DurableContext} Context
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

  fanOut({ items, groups, maxConcurrency, body }, service) {
    const limits = maxConcurrency === undefined ? {} : { maxConcurrency }
    const handler = withDurableExecution(
      async (_input, context) => {
        /** @param {Context} around @param {number[]} list */
        const fan = async (around, list) => {
          const batch = await around.map(
            list,
            async (one, number) => one.step(() => body(number)),
            limits,
          )
          return sumOf(batch.getResults())
        }
        if (groups === undefined) return fan(context, numbers(items))
        const batch = await context.map(grouped(items, groups), async (one, list) => {
          return { value: await fan(one, list) }
        })
        return sumOf(batch.getResults())
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

/** @param {readonly { value: number }[]} results */
function sumOf(results) {
  return results.reduce((sum, { value }) => sum + value, 0)
}
