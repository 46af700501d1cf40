import type { Journal } from '../journal/journal.ts'
import { PerdureError, reasonOf } from '../kernel/errors.ts'
import { isPromiseLike } from '../kernel/settled.ts'
import type { Order } from './order.ts'

/** The execution's input, or why it cannot be used. */
export type Input =
  | {
      readonly ok: true
      /** Reads it afresh for whoever asks: a workflow may change what it was handed. */
      readonly read: () => unknown
    }
  | { readonly ok: false; readonly error: PerdureError }

/** Reads and checks the input; what does not fit is an INVALID_INPUT. An absent one is `undefined`. */
export async function readInput(order: Order, journal: Journal): Promise<Input> {
  const { settings, schemas, envelope } = order
  const text = journal.execution.ExecutionDetails?.InputPayload ?? undefined
  const context = { operationId: journal.execution.Id, executionArn: envelope.DurableExecutionArn }
  const parse = (): unknown =>
    text === undefined ? undefined : settings.serdes.deserialize(text, context)
  const shape = (value: unknown): unknown =>
    schemas.input === undefined ? value : schemas.input.create(value)
  try {
    const value = parse()
    if (!isPromiseLike(value)) {
      let first: { value: unknown } | undefined = { value: shape(value) }
      const read = () => {
        const kept = first
        first = undefined
        return kept ? kept.value : shape(parse())
      }
      return { ok: true, read }
    }
    const shaped = shape(await value)
    return { ok: true, read: () => shaped }
  } catch (cause) {
    const reason = reasonOf(cause)
    const message = `The input of the execution cannot be used: ${reason}`
    return { ok: false, error: new PerdureError('INVALID_INPUT', message, { cause }) }
  }
}
