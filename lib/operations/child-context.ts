import { invalidOption } from '../kernel/errors.ts'
import type { Serdes } from '../kernel/serdes.ts'
import { isMember, useMembers, type Member } from './member.ts'
import { Descriptor, type Operation } from './operation.ts'
import { checkFunctions, checkName, checkSerdes, frozen } from './options.ts'

export interface ChildOptions<T> {
  readonly serdes?: Serdes<T> | undefined
  /** What the caller is to catch, made from what the body threw. */
  readonly mapError?: ((error: unknown) => unknown) | undefined
  /** What to record, for people, of a result too large to keep; the result itself is made again. */
  readonly summarize?: ((value: T) => string) | undefined
  /** Numbers its operations apart but leaves no record of its own. */
  readonly virtual?: boolean | undefined
}

/**
 * Run `body` in a context of its own, whose result is recorded as one: once it is there, a replay no
 * longer enters the body. A result over 256 KiB is not kept but made again by replaying the body.
 */
export function childContext<T>(body: Member<T>, options?: ChildOptions<T>): Operation<T>
export function childContext<T>(
  name: string | undefined,
  body: Member<T>,
  options?: ChildOptions<T>,
): Operation<T>
export function childContext<T>(
  first: string | undefined | Member<T>,
  second?: Member<T> | ChildOptions<T>,
  third?: ChildOptions<T>,
): Operation<T> {
  return typeof first === 'string' || first === undefined
    ? new ChildContextOperation(first, second as Member<T>, third)
    : new ChildContextOperation(undefined, first, second as ChildOptions<T> | undefined)
}

export class ChildContextOperation<T> extends Descriptor<T> {
  readonly kind = 'child-context'
  readonly name: string | undefined
  readonly body: Member<T>
  readonly options: ChildOptions<T> | undefined

  constructor(name: string | undefined, body: Member<T>, options: ChildOptions<T> | undefined) {
    super()
    this.name = checkName(name)
    if (!isMember(body)) {
      throw invalidOption('body', 'a generator function, an operation or a generator', body)
    }
    useMembers([body])
    this.body = body
    this.options = frozen(options)
    if (this.options !== undefined) {
      checkFunctions(this.options, 'mapError', 'summarize')
      checkSerdes(this.options, 'serdes', 'serialize', 'deserialize')
    }
    Object.freeze(this)
  }
}
