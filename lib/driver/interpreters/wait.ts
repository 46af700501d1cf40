import { isSettled } from '../../journal/record.ts'
import { succeeded } from '../../kernel/settled.ts'
import type { WaitOperation } from '../../operations/wait.ts'
import { resume, type Answer } from '../answer.ts'
import type { Interpreter } from './interpreter.ts'

/** Start the service's timer and stay until it has gone off. */
export const interpretWait: Interpreter<WaitOperation> = (operation, position, record, around) => {
  // One that was cancelled lets nobody past: whoever cancelled it comes by again, and does so here.
  const isCancelled = record?.Status === 'CANCELLED'
  if (isSettled(record) && !isCancelled) return resume(succeeded(undefined))
  const stay = {
    next: 'pend',
    id: position.id,
    words: position.words,
    on: (next) => interpretWait(operation, position, next, around),
    ...(isCancelled ? {} : { cancel: position.update('CANCEL') }),
  } as const satisfies Answer
  if (record !== undefined) return stay
  const start = position.update('START', { WaitOptions: { WaitSeconds: operation.seconds } })
  return { ...stay, updates: [start] }
}
