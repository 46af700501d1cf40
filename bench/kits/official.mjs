// @ts-check
import { withDurableExecution } from '@aws/durable-execution-sdk-js'
import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing'

const one = withDurableExecution(async (_input, context) => context.step('one', async () => 1))

const waiting = withDurableExecution(async (_input, context) => {
  for (let i = 0; i < 100; i++) await context.wait({ hours: 1 })
})

/** @type {Promise<void> | undefined} */
let isReady

/**
 * Once for all tests of a file, as its guide has it; a runner for each test.
 * @param {typeof one | typeof waiting} handlerFunction
 */
async function run(handlerFunction) {
  await (isReady ??= LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }))
  return new LocalDurableTestRunner({ handlerFunction }).run()
}

/** @type {import('../kit-rig.mjs').Kit} */
export const kit = {
  async oneStep() {
    return (await run(one)).getResult() === 1
  },

  async waits() {
    const execution = await run(waiting)
    return execution.getStatus() === 'SUCCEEDED' && execution.getOperations().length === 100
  },
}
