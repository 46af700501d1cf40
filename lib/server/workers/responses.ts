import { InvocationFailure } from '../../service/invoker.ts'
import type { Outcome } from './runtime-api.ts'

/** The value that a process answered with; throws the failure that it reported. */
export function valueOf(outcome: Outcome): unknown {
  if (!outcome.ok) throw outcome.failure
  if (outcome.body === '') return undefined
  try {
    return JSON.parse(outcome.body)
  } catch (cause) {
    const start = JSON.stringify(outcome.body.slice(0, 40))
    throw new InvocationFailure(
      'Runtime.MarshalError',
      `The response of the function is not JSON; it starts with ${start}.`,
      { cause },
    )
  }
}
