import type { Machine } from '../../driver/machine.ts'
import { PerdureError, reasonOf } from '../../kernel/errors.ts'
import type { Log } from '../../kernel/logger.ts'
import { isPromiseLike } from '../../kernel/settled.ts'
import { explain, reportForgotten, type Scene } from '../../lambda/reports.ts'
import { asyncSerdes, StepperError } from './misuse.ts'

export type Outcome =
  | { readonly status: 'running' }
  | { readonly status: 'returned'; readonly value: unknown }
  /** The workflow has thrown. */
  | { readonly status: 'threw'; readonly error: unknown }
  /** The workflow was stopped, by an error that it could not have caught. */
  | { readonly status: 'stopped'; readonly error: PerdureError }

type Ending = NonNullable<Machine['ending']>

/** What whoever started the execution would hear of its end. */
export function outcomeOf(ending: Ending, scene: Scene, log: Log): Outcome {
  if (ending.how === 'stopped') return { status: 'stopped', error: explain(ending, scene) }
  const forgotten = reportForgotten(scene, log)
  if (forgotten) return { status: 'stopped', error: forgotten }
  if (ending.how === 'threw') return { status: 'threw', error: ending.error }
  try {
    return { status: 'returned', value: readBack(ending.value, scene) }
  } catch (cause) {
    if (cause instanceof StepperError) throw cause
    const message = `The result of the workflow cannot be recorded: ${reasonOf(cause)}`
    return { status: 'threw', error: new PerdureError('SERDES_FAILED', message, { cause }) }
  }
}

/** A result as it comes out of its text. */
function readBack(result: unknown, { env }: Scene): unknown {
  if (result === undefined) return undefined
  const context = { operationId: 'result', executionArn: env.executionArn }
  const text: unknown = env.serdes.serialize(result, context)
  if (isPromiseLike(text)) throw asyncSerdes('the result')
  if (typeof text !== 'string') return undefined
  const value: unknown = env.serdes.deserialize(text, context)
  if (isPromiseLike(value)) throw asyncSerdes('the result')
  return value
}
