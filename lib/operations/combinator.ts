import { invalidOption } from '../kernel/errors.ts'
import { isMember, useMembers, type Member } from './member.ts'
import { Descriptor } from './operation.ts'
import { checkName } from './options.ts'

export type Members = readonly Member<unknown>[] | { readonly [name: string]: Member<unknown> }

/** What the four combinators are: members started together, and a rule for when that is decided. */
export class CombinatorOperation<T> extends Descriptor<T> {
  readonly kind: 'all' | 'all-settled' | 'any' | 'race'
  readonly name: string | undefined
  readonly members: Members

  constructor(kind: CombinatorOperation<T>['kind'], name: string | undefined, members: Members) {
    super()
    this.kind = kind
    this.name = checkName(name)
    this.members = checkMembers(members)
    Object.freeze(this)
  }
}

/** Builds a combinator from `(name?, members)`. */
export function combinator<T>(
  kind: CombinatorOperation<T>['kind'],
  first: string | undefined | Members,
  second: Members | undefined,
): CombinatorOperation<T> {
  return typeof first === 'string' || first === undefined
    ? new CombinatorOperation(kind, first, second as Members)
    : new CombinatorOperation(kind, undefined, first)
}

function checkMembers(members: Members): Members {
  if (typeof members !== 'object' || (members as unknown) === null || isMember(members)) {
    throw invalidOption('members', 'an array or an object of operations and bodies', members)
  }
  for (const [key, member] of Object.entries(members)) {
    if (!isMember(member)) throw invalidOption(`members.${key}`, 'an operation or a body', member)
  }
  const kept = copyOf(members)
  useMembers(Object.values(kept))
  return Object.freeze(kept)
}

function copyOf(members: Members): Members {
  return isList(members) ? [...members] : { ...members }
}

function isList(members: Members): members is readonly Member<unknown>[] {
  return Array.isArray(members)
}
