import type { Checkpointer } from '../checkpoint/checkpointer.ts'
import { toErrorRecord } from '../kernel/error-record.ts'
import { describe, PerdureError, reasonOf } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { Answer } from './envelope.ts'
import type { Order } from './order.ts'

/** The answer for a workflow that has failed. */
export function failure({ settings }: Order, error: unknown): Answer {
  return { Status: 'FAILED', Error: toErrorRecord(error, settings.errors) }
}

/** The answer for a workflow that has returned; a result too long for it is checkpointed first. */
export async function success(
  order: Order,
  value: unknown,
  checkpointer: Checkpointer,
): Promise<Answer> {
  let text: string | undefined
  try {
    text = await written(order, value)
  } catch (cause) {
    const reason = reasonOf(cause)
    const message = `The result of the workflow cannot be recorded: ${reason}`
    return failure(order, new PerdureError('SERDES_FAILED', message, { cause }))
  }
  if (text === undefined) return { Status: 'SUCCEEDED' }
  const bytes = text.length * 3 > limits.responseBytes ? Buffer.byteLength(text) : 0
  if (bytes <= limits.responseBytes) return { Status: 'SUCCEEDED', Result: text }
  if (bytes > limits.executionPayloadBytes) return failure(order, tooLarge(bytes))
  // The service ends the execution by this update alone, and takes no notice of its id.
  checkpointer.add([
    { Id: 'execution-result', Type: 'EXECUTION', Action: 'SUCCEED', Payload: text },
  ])
  await checkpointer.flush()
  return { Status: 'SUCCEEDED', Result: '' }
}

async function written(order: Order, value: unknown): Promise<string | undefined> {
  const { settings, schemas, envelope } = order
  const shaped = schemas.output === undefined ? value : schemas.output.create(value)
  if (shaped === undefined) return undefined
  const context = { operationId: 'result', executionArn: envelope.DurableExecutionArn }
  const text: unknown = await settings.serdes.serialize(shaped, context)
  if (text === undefined || typeof text === 'string') return text
  throw new TypeError(`expected its serdes to make text, got ${describe(text)}`)
}

function tooLarge(bytes: number): PerdureError {
  return new PerdureError(
    'PAYLOAD_TOO_LARGE',
    `The result of the workflow is ${bytes} bytes; the service keeps at most ` +
      `${limits.executionPayloadBytes}. Store it elsewhere and return where it lies.`,
  )
}
