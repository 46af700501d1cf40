import { begin } from '../../operations/member.ts'
import type { ForkOperation } from '../../operations/fork.ts'
import type { Interpreter } from './interpreter.ts'

/** Walk the member beside the strand, in a virtual context, and hand over a task for it. */
export const interpretFork: Interpreter<ForkOperation<unknown>> = (
  operation,
  position,
  _record,
  surroundings,
) => ({
  next: 'fork',
  id: position.id,
  name: operation.name,
  scope: surroundings.scope.child(position.id, { virtual: true }),
  begin: () => begin(operation.member, position),
})
