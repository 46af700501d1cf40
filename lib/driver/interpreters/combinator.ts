import type { ContextRecord } from '../../journal/record.ts'
import { replayChildren, type OperationUpdate } from '../../journal/update.ts'
import { fromErrorRecord, toErrorRecord } from '../../kernel/error-record.ts'
import { isPerdureError, PerdureError } from '../../kernel/errors.ts'
import { failed, succeeded, type Settled } from '../../kernel/settled.ts'
import type { CombinatorOperation } from '../../operations/combinator.ts'
import { begin, type Member } from '../../operations/member.ts'
import { replay, resume, revisit, type Answer } from '../answer.ts'
import { decisionMark } from '../decision.ts'
import { decode, encode } from '../payload.ts'
import type { Position } from '../position.ts'
import type { Interpreter, Surroundings } from './interpreter.ts'

/**
 * Walk the members side by side, each in a virtual context. An outcome that timing decided is kept as
 * a context of its own, and a replay that finds it asks the members nothing.
 */
export const interpretCombinator: Interpreter<CombinatorOperation<unknown>> = (
  operation,
  position,
  found,
  surroundings,
) => {
  const record = found as ContextRecord | undefined
  const outcome = () => recorded(record as ContextRecord, position, surroundings)
  if (record !== undefined && record.ContextDetails?.ReplayChildren !== true) return outcome()
  const { scope } = surroundings
  const entries = Object.entries<Member<unknown>>(
    operation.members as Record<string, Member<unknown>>,
  )
  const members = entries.map(([, member], index) => ({
    scope: scope.member(position.id, index, record !== undefined),
    begin: () => begin(member, position),
  }))
  if (record !== undefined) return revisit(members, outcome)
  const names = entries.map(([name]) => name)
  const rule = rules[operation.kind](
    {
      position,
      surroundings,
      isArray: Array.isArray(operation.members),
      hasCompensations: () => members.some((member) => member.scope.hasCompensations),
    },
    names,
  )
  if (entries.length === 0) return rule.none()
  return {
    next: 'gather',
    count: entries.length,
    atOnce: Infinity,
    inOrder: operation.kind !== 'all-settled',
    member: (index) => members[index] as (typeof members)[number],
    ended: rule.ended,
    hasBegun: () => true,
    decision: decisionMark(position, surroundings),
  }
}

/** What was recorded as decided: members are asked nothing, unless they have done what can be undone. */
function recorded(
  { Status, ContextDetails: details }: ContextRecord,
  position: Position,
  { env }: Surroundings,
): Answer {
  return Status === 'FAILED'
    ? replay(failed(fromErrorRecord(details?.Error ?? {}, env.errors)))
    : decode(position, env, details?.Result, { serdes: env.serdes }, replay)
}

interface Circumstances {
  readonly position: Position
  readonly surroundings: Surroundings
  readonly isArray: boolean
  readonly hasCompensations: () => boolean
}

/** What a combinator makes of its members' ends. */
interface Rule {
  /** The answer where there are no members. */
  readonly none: () => Answer
  readonly ended: (index: number, outcome: Settled) => (() => Answer) | undefined
}

const rules: Record<
  CombinatorOperation<unknown>['kind'],
  (around: Circumstances, names: readonly string[]) => Rule
> = {
  all(around, names) {
    const values: unknown[] = []
    let left = names.length
    return {
      none: () => resume(succeeded(shaped(around, names, []))),
      ended(index, outcome) {
        if (!outcome.ok) return () => recordFailure(around, outcome.error)
        values[index] = outcome.value
        left -= 1
        return left === 0 ? () => resume(succeeded(shaped(around, names, values))) : undefined
      },
    }
  },
  'all-settled'(around, names) {
    const ends: unknown[] = []
    let left = names.length
    return {
      none: () => resume(succeeded(shaped(around, names, []))),
      ended(index, outcome) {
        ends[index] = outcome.ok
          ? { status: 'fulfilled', value: outcome.value }
          : { status: 'rejected', reason: outcome.error }
        left -= 1
        return left === 0 ? () => resume(succeeded(shaped(around, names, ends))) : undefined
      },
    }
  },
  any(around, names) {
    const errors: unknown[] = []
    let left = names.length
    return {
      none: () => resume(failed(allFailed(around, []))),
      ended(index, outcome) {
        if (outcome.ok) {
          return () => recordSuccess(around, winner(around, names, index, outcome.value))
        }
        errors[index] = outcome.error
        left -= 1
        return left === 0 ? () => resume(failed(allFailed(around, errors))) : undefined
      },
    }
  },
  race(around, names) {
    return {
      none: () => resume(failed(allFailed(around, []))),
      ended(index, outcome) {
        return () =>
          outcome.ok
            ? recordSuccess(around, winner(around, names, index, outcome.value))
            : recordFailure(around, outcome.error)
      },
    }
  },
}

/** Values in the shape in which the members were given. */
function shaped({ isArray }: Circumstances, names: readonly string[], values: unknown[]): unknown {
  if (isArray) return values
  return Object.fromEntries(names.map((name, index) => [name, values[index]]))
}

function winner(
  { isArray }: Circumstances,
  names: readonly string[],
  index: number,
  value: unknown,
): unknown {
  return isArray ? value : { winner: names[index], value }
}

/** A context in one go, begun and ended by the same call. */
function record(
  { position, hasCompensations }: Circumstances,
  action: 'SUCCEED' | 'FAIL',
  rest: Partial<OperationUpdate>,
): OperationUpdate[] {
  const again = hasCompensations() ? replayChildren : {}
  return [position.update('START'), position.update(action, { ...rest, ...again })]
}

function recordSuccess(around: Circumstances, value: unknown): Answer {
  const { position, surroundings } = around
  const { env } = surroundings
  return encode(position, env, value, env.serdes, (text) => {
    if (!text.ok) return resume(text)
    return decode(position, env, text.value, { serdes: env.serdes }, (back) => {
      const payload = text.value === undefined ? {} : { Payload: text.value }
      return resume(back, record(around, 'SUCCEED', payload))
    })
  })
}

function recordFailure(around: Circumstances, error: unknown): Answer {
  const { errors } = around.surroundings.env
  const kept = toErrorRecord(error, errors)
  return resume(failed(fromErrorRecord(kept, errors)), record(around, 'FAIL', { Error: kept }))
}

function allFailed({ position }: Circumstances, errors: readonly unknown[]): PerdureError {
  const reasons = errors.map((error) => (error instanceof Error ? error.message : String(error)))
  return new PerdureError(
    'ALL_FAILED',
    errors.length === 0
      ? `${position.words} has no members, so none could succeed.`
      : `All ${errors.length} members of ${position.words} failed: ${reasons.join('; ')}`,
    {
      data: errors.map((error) => toErrorRecord(error)),
      ...(isPerdureError(errors[0]) || errors[0] instanceof Error ? { cause: errors[0] } : {}),
    },
  )
}
