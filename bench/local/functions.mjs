// @ts-check
import { Agent, request } from 'node:http'
import { driver, step } from '../../dist/index.js'

// What the local service runs while it is measured. Only the first is a workflow: the others are as
// little as a handler can be, so that it is the service that is measured.

export const oneStep = driver.lambdaHandler(function* () {
  return yield* step('one', () => 1)
})

/**
 * @typedef {{ DurableExecutionArn: string, CheckpointToken: string,
 *   InitialExecutionState: { Operations: readonly any[] } }} Envelope
 */

/** Makes checkpoint calls one after the other on one connection. @param {Envelope} event */
export async function checkpoints({ DurableExecutionArn, CheckpointToken, InitialExecutionState }) {
  const { calls } = inputOf(InitialExecutionState)
  let token = CheckpointToken
  const began = performance.now()
  for (let call = 0; call < calls; call++) {
    const Updates = [{ Id: `s${call}`, Type: 'STEP', Action: 'SUCCEED', Payload: '1' }]
    token = await checkpoint(DurableExecutionArn, token, Updates)
  }
  return succeeded({ ms: performance.now() - began })
}

/** Waits until a moment; its result is by how much it was woken too late. @param {Envelope} event */
export async function sleeper({ DurableExecutionArn, CheckpointToken, InitialExecutionState }) {
  const now = Date.now()
  const wait = InitialExecutionState.Operations.find(({ Type }) => Type === 'WAIT')
  if (wait)
    return succeeded({ late: now - new Date(wait.WaitDetails.ScheduledEndTimestamp).getTime() })
  const { until } = inputOf(InitialExecutionState)
  const WaitSeconds = Math.max(1, Math.round((until - now) / 1000))
  const start = { Id: 'w', Type: 'WAIT', Action: 'START', WaitOptions: { WaitSeconds } }
  await checkpoint(DurableExecutionArn, CheckpointToken, [start])
  return { Status: 'PENDING' }
}

/** @param {{ Operations: readonly any[] }} state */
function inputOf({ Operations }) {
  return JSON.parse(Operations[0].ExecutionDetails.InputPayload)
}

/** @param {object} result */
function succeeded(result) {
  return { Status: 'SUCCEEDED', Result: JSON.stringify(result) }
}

const agent = new Agent({ keepAlive: true })

/** @param {string} arn @param {string} CheckpointToken @param {object[]} Updates @returns {Promise<string>} */
function checkpoint(arn, CheckpointToken, Updates) {
  const path = `/2025-12-01/durable-executions/${encodeURIComponent(arn)}/checkpoint`
  return new Promise((resolve, reject) => {
    const sent = request(
      `${process.env['AWS_ENDPOINT_URL_LAMBDA']}${path}`,
      { agent, method: 'POST' },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk) => (text += chunk))
        response.on('end', () => {
          if (response.statusCode === 200) resolve(JSON.parse(text).CheckpointToken)
          else reject(new Error(text))
        })
      },
    )
    sent.on('error', reject)
    sent.end(JSON.stringify({ CheckpointToken, Updates }))
  })
}
