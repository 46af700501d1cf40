import { isSettled, type InvokeRecord } from '../../journal/record.ts'
import { failed } from '../../kernel/settled.ts'
import type { ErrorCode } from '../../kernel/errors.ts'
import type { InvokeOperation } from '../../operations/invoke.ts'
import { resume, type Answer } from '../answer.ts'
import { failure } from '../failure.ts'
import { decode, encode } from '../payload.ts'
import type { Interpreter } from './interpreter.ts'

const codes: Readonly<Record<string, ErrorCode>> = {
  FAILED: 'INVOKE_FAILED',
  TIMED_OUT: 'INVOKE_TIMED_OUT',
  STOPPED: 'INVOKE_STOPPED',
  CANCELLED: 'INVOKE_STOPPED',
}

/** Have the service call the function, and stay until it has ended. */
export const interpretInvoke: Interpreter<InvokeOperation<unknown, unknown>> = (
  operation,
  position,
  found,
  around,
) => {
  const record = found as InvokeRecord | undefined
  const { env } = around
  const { options, functionName } = operation
  const details = record?.ChainedInvokeDetails
  const stay = {
    next: 'pend',
    id: position.id,
    words: position.name === undefined ? `invoke of ${functionName}` : position.words,
    on: (next) => interpretInvoke(operation, position, next, around),
  } as const satisfies Answer
  switch (record?.Status) {
    case undefined:
      return encode(position, env, operation.input, options?.inputSerdes ?? env.serdes, (text) => {
        if (!text.ok) return resume(text)
        const start = position.update('START', {
          ...(text.value === undefined ? {} : { Payload: text.value }),
          ChainedInvokeOptions: {
            FunctionName: functionName,
            ...(options?.tenantId === undefined ? {} : { TenantId: options.tenantId }),
          },
        })
        return { ...stay, updates: [start] }
      })
    case 'SUCCEEDED': {
      const reading = { serdes: options?.resultSerdes ?? env.serdes, schema: options?.schema }
      return decode(position, env, details?.Result, reading, resume)
    }
    default: {
      if (!isSettled(record)) return stay
      const code = codes[record?.Status ?? ''] ?? 'INVOKE_FAILED'
      return resume(failed(failure(code, details?.Error, env.errors, 'Invoke failed')))
    }
  }
}
