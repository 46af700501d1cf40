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

/**
 * What a combinator is built from, of `(name?, members)`. Each builder builds by itself: reports look
 * for its caller right below it.
 */
export function asked<K extends CombinatorOperation<unknown>['kind']>(
  kind: K,
  first: string | undefined | Members,
  second: Members | undefined,
): [kind: K, name: string | undefined, members: Members] {
  return typeof first === 'string' || first === undefined
    ? [kind, first, second as Members]
    : [kind, undefined, first]
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
