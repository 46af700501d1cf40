import type { ContextRecord } from '../../journal/record.ts'
import { fromErrorRecord } from '../../kernel/error-record.ts'
import type { SagaOperation } from '../../operations/saga.ts'
import { Compensations } from '../compensations.ts'
import { undoing } from '../sagas.ts'
import { interpretContext } from './child-context.ts'
import type { Interpreter } from './interpreter.ts'

/** A context that undoes its steps when it fails, and hands them on to the saga around when it does not. */
export const interpretSaga: Interpreter<SagaOperation<unknown>> = (
  operation,
  position,
  record,
  surroundings,
) => {
  const { env, scope } = surroundings
  const compensations = new Compensations()
  return interpretContext(record as ContextRecord | undefined, {
    position,
    surroundings,
    compensations,
    body: function* () {
      const { words } = position
      const isCertain = record?.Status === 'SUCCEEDED'
      const saga = {
        words,
        compensations,
        classes: env.errors,
        journal: surroundings,
        isCertain,
      }
      const value = yield* undoing(operation.body, saga)
      for (const one of compensations.take(surroundings).reverse()) scope.compensate(one)
      return value
    },
    serdes: env.serdes,
    reading: { serdes: env.serdes },
    failure: (kept) => fromErrorRecord(kept, env.errors),
  })
}
