import type { Journal } from '../journal/journal.ts'
import { mismatch } from '../journal/match.ts'
import { brokenInvariant } from '../kernel/errors.ts'
import { trace } from '../kernel/log.ts'
import { succeeded } from '../kernel/settled.ts'
import type { Descriptor } from '../operations/operation.ts'
import { end, resume, type Answer } from './answer.ts'
import { divergedRebuild, divergedYield } from './divergence.ts'
import { drawNumber, drawUuid } from './draw.ts'
import type { Environment } from './environment.ts'
import { entryOf, type Known } from './interpret.ts'
import { interpretCallbackResult } from './interpreters/callback.ts'
import type { Observer, Standing } from './observer.ts'
import { Position } from './position.ts'
import type { Strand } from './strand.ts'

/** What an operation is met with: the records, and all that holds for the invocation. */
export interface Ground {
  readonly journal: Journal
  readonly env: Environment
  readonly observer: Observer
  /** Operations that were met with a record. */
  recordsMet: number
}

/** Gives an operation its place, holds it against the record there, and has it interpreted. */
export function meet(descriptor: Descriptor<unknown>, strand: Strand, ground: Ground): Answer {
  const operation = descriptor as Known
  const entry = entryOf(operation)
  if (entry === undefined) return meetUnnumbered(operation, strand, ground)

  const { journal, env } = ground
  const { scope } = strand
  const position = new Position(scope.nextId(), scope.parentId, entry.wire, operation.name)
  const record = journal.get(position.id)
  if (record !== undefined) {
    ground.recordsMet += 1
    const difference = mismatch(record, position)
    if (difference) return end(divergedYield(journal, record, position, difference))
  }
  // Of a callback only the making is seen here; how it ends is its result's to tell.
  strand.met = operation.kind === 'callback' ? { begun: position.id } : position.id
  const answer = entry.interpret(operation, position, record, { env, scope })
  if (record === undefined && scope.rebuilding && startsSomething(answer)) {
    return end(divergedRebuild(position))
  }
  const open = record === undefined ? 'new' : 'open'
  report(ground, operation, position, answer.next === 'resume' ? 'answered' : open)
  return answer
}

function meetUnnumbered(operation: Known, strand: Strand, ground: Ground): Answer {
  const { journal, env } = ground
  const { scope, timeline } = strand
  report(ground, operation, undefined, 'new')
  switch (operation.kind) {
    case 'callback-result': {
      const { operationId: id, name } = operation
      strand.met = id
      const position = new Position(id, undefined, callbackKind, name)
      return interpretCallbackResult(operation, position, journal.get(id), { env, scope })
    }
    case 'now':
      return { next: 'acknowledged', then: () => resume(succeeded(timeline.latest(journal))) }
    case 'uuid':
      return resume(succeeded(drawUuid(env.executionArn, scope.nextDraw())))
    case 'random':
      return resume(succeeded(drawNumber(env.executionArn, scope.nextDraw())))
    case 'context':
      return resume(succeeded(env.context))
    default:
      throw brokenInvariant(`no interpreter knows ${operation.kind}`)
  }
}

const callbackKind = { type: 'CALLBACK', subType: 'Callback' } as const

function report(
  { observer }: Ground,
  operation: Known,
  position: Position | undefined,
  standing: Standing,
): void {
  observer.met?.(operation, position, standing)
  if (trace.driver.isOn) trace.driver.say('%s %s %s', position?.id, position?.words, standing)
}

/** Whether an operation without a record would now be begun; a virtual context, say, never has one. */
function startsSomething(answer: Answer): boolean {
  return 'updates' in answer && answer.updates.length > 0
}
