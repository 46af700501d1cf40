import { invalidOption } from '../kernel/errors.ts'
import { isMember, useMembers, type Member } from './member.ts'
import { Descriptor, type Operation } from './operation.ts'
import { checkName } from './options.ts'
import type { Task } from './task.ts'

/**
 * Start `member` beside the code that goes on. The task is joined by `yield* task`; one that is not
 * joined when the body around it returns is cancelled.
 */
export function fork<T>(member: Member<T>): Operation<Task<T>>
export function fork<T>(name: string | undefined, member: Member<T>): Operation<Task<T>>
export function fork<T>(first: string | undefined | Member<T>, second?: Member<T>) {
  return typeof first === 'string' || first === undefined
    ? new ForkOperation(first, second as Member<T>)
    : new ForkOperation(undefined, first)
}

export class ForkOperation<T> extends Descriptor<Task<T>> {
  readonly kind = 'fork'
  readonly name: string | undefined
  readonly member: Member<T>

  constructor(name: string | undefined, member: Member<T>) {
    super()
    this.name = checkName(name)
    if (!isMember(member))
      throw invalidOption('member', 'an operation or a body, not its result', member)
    useMembers([member])
    this.member = member
    Object.freeze(this)
  }
}
