import { invalidOption } from '../kernel/errors.ts'
import { isCollection, isMember, useMembers, type Member } from './member.ts'
import { Descriptor } from './operation.ts'
import { checkName } from './options.ts'

export type Members = readonly Member<unknown>[] | { readonly [name: string]: Member<unknown> }

/** What the four combinators are: members started together, and a rule for when that is decided. */
export class CombinatorOperation<T> extends Descriptor<T> {
  readonly kind: 'all' | 'all-settled' | 'any' | 'race'
  readonly name: string | undefined
  readonly members: Members

  /** From `(name?, members)`, as the builders are called. */
  constructor(
    kind: CombinatorOperation<T>['kind'],
    first: string | undefined | Members,
    second: Members | undefined,
  ) {
    super()
    const isNamed = typeof first === 'string' || first === undefined
    this.kind = kind
    this.name = checkName(isNamed ? first : undefined)
    this.members = checkMembers(isNamed ? (second as Members) : first, kind)
    Object.freeze(this)
  }
}

function checkMembers(members: Members, kind: string): Members {
  if (!isCollection(members)) {
    throw invalidOption('members', 'an array or an object of operations and bodies', members)
  }
  const kept = copyOf(members)
  for (const [key, member] of Object.entries(kept)) {
    if (isMember(member)) continue
    throw invalidOption(`members.${key}`, 'an operation or a body, not its result', member)
  }
  if (kind === 'race' && Object.keys(kept).length === 0) {
    throw invalidOption('members', 'at least one, for a race of none never ends', members)
  }
  useMembers(Object.values(kept))
  return Object.freeze(kept)
}

/** Holes in an array become members that are none. */
function copyOf(members: Members): Members {
  return isList(members) ? [...members] : { ...members }
}

function isList(members: Members): members is readonly Member<unknown>[] {
  return Array.isArray(members)
}
