import type { ContextRecord } from '../../journal/record.ts'
import type { IterationOperation } from '../../operations/fan-out.ts'
import { failure } from '../failure.ts'
import { interpretContext } from './child-context.ts'
import type { Interpreter } from './interpreter.ts'

/** One item of a fan-out: a context of its own, virtual where the fan-out is flat. */
export const interpretIteration: Interpreter<IterationOperation> = (
  operation,
  position,
  record,
  surroundings,
) => {
  const { env } = surroundings
  const { serdes = env.serdes, body, virtual } = operation
  return interpretContext(record as ContextRecord | undefined, {
    position,
    surroundings,
    body,
    serdes,
    reading: { serdes },
    virtual,
    failure: (kept) =>
      failure('CHILD_CONTEXT_FAILED', kept, env.errors, `${position.words} failed`),
  })
}
