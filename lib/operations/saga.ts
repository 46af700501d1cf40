import { invalidOption } from '../kernel/errors.ts'
import { isMember, useMembers, type Member } from './member.ts'
import { Descriptor, type Operation } from './operation.ts'
import { checkName } from './options.ts'

/**
 * Run `body`; should it fail, undo its completed steps that say how (`compensate`), last first, each as
 * a durable step, and fail with SAGA_FAILED, which tells what became of each. A workflow is a saga of
 * its own, so `compensate` works without one.
 */
export function saga<T>(body: Member<T>): Operation<T>
export function saga<T>(name: string | undefined, body: Member<T>): Operation<T>
export function saga<T>(first: string | undefined | Member<T>, second?: Member<T>): Operation<T> {
  return typeof first === 'string' || first === undefined
    ? new SagaOperation(first, second as Member<T>)
    : new SagaOperation(undefined, first)
}

export class SagaOperation<T> extends Descriptor<T> {
  readonly kind = 'saga'
  readonly name: string | undefined
  readonly body: Member<T>

  constructor(name: string | undefined, body: Member<T>) {
    super()
    this.name = checkName(name)
    if (!isMember(body)) throw invalidOption('body', 'a generator function or an operation', body)
    useMembers([body])
    this.body = body
    Object.freeze(this)
  }
}
