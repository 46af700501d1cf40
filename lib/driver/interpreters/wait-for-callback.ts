import type { ContextRecord } from '../../journal/record.ts'
import { fromErrorRecord } from '../../kernel/error-record.ts'
import { isPerdureError, PerdureError } from '../../kernel/errors.ts'
import { json, lenientJson, text, type SerdesContext } from '../../kernel/serdes.ts'
import { isPromiseLike } from '../../kernel/settled.ts'
import { createCallback } from '../../operations/callback.ts'
import { isDescriptor } from '../../operations/operation.ts'
import { step } from '../../operations/step.ts'
import type { Submit, WaitForCallbackOperation } from '../../operations/wait-for-callback.ts'
import type { Coroutine } from '../../operations/workflow.ts'
import { failure } from '../failure.ts'
import { bodyOf } from '../stand-in.ts'
import { interpretContext } from './child-context.ts'
import type { Interpreter } from './interpreter.ts'

/** A context of two operations: the callback, and the step that hands its id out. */
export const interpretWaitForCallback: Interpreter<WaitForCallbackOperation<unknown>> = (
  operation,
  position,
  record,
  surroundings,
) => {
  const { env } = surroundings
  const { serdes = lenientJson, schema } = operation.options ?? {}
  return interpretContext(record as ContextRecord | undefined, {
    position,
    surroundings,
    body: () => submitAndWait(operation, bodyOf(env, 'submit', position, operation.submit)),
    // The context keeps the payload as it came, written as a JSON string; the caller gets its meaning.
    serdes: json,
    reading: {
      serdes: {
        deserialize: (kept: string, context: SerdesContext) =>
          serdes.deserialize(JSON.parse(kept) as string, context),
      },
      schema,
    },
    failure: (kept) => {
      const original = fromErrorRecord(kept, env.errors)
      if (!isPerdureError(original)) {
        return failure('CHILD_CONTEXT_FAILED', kept, env.errors, `${position.words} failed`)
      }
      if (original.code.startsWith('CALLBACK_')) return original
      return new PerdureError('CALLBACK_SUBMIT_FAILED', original.message, {
        errorType: original.errorType,
        data: original.data,
        cause: original,
      })
    },
  })
}

function* submitAndWait(
  { options }: WaitForCallbackOperation<unknown>,
  submit: Submit,
): Coroutine<string> {
  const { timeout, heartbeatTimeout, retry } = options ?? {}
  const callback = yield* createCallback({ timeout, heartbeatTimeout, serdes: text })
  yield* step((context) => withoutResult(submit(callback.id, context)), { retry })
  return yield* callback.result
}

/** What a submitter returns is nobody's result; only an operation is passed on, to be found out. */
function withoutResult(returned: unknown): unknown {
  if (isPromiseLike(returned)) return returned.then(() => undefined)
  return isDescriptor(returned) ? returned : undefined
}
