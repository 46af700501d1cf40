import { mismatch } from '../journal/match.ts'
import type { OperationRecord } from '../journal/record.ts'
import { brokenInvariant } from '../kernel/errors.ts'
import { trace } from '../kernel/log.ts'
import { succeeded } from '../kernel/settled.ts'
import type { Begin } from '../operations/member.ts'
import type { Descriptor } from '../operations/operation.ts'
import { end, resume, type Answer } from './answer.ts'
import { divergedRebuild, divergedYield } from './divergence.ts'
import { drawNumber, drawUuid } from './draw.ts'
import type { Environment } from './environment.ts'
import { meetStatus, meetVersion } from './marks.ts'
import type { Ground } from './ground.ts'
import { entryOf, type Known } from './interpret.ts'
import { interpretCallbackResult } from './interpreters/callback.ts'
import type { Standing } from './observer.ts'
import type { Surroundings } from './interpreters/interpreter.ts'
import { Position } from './position.ts'
import type { Scope } from './scope.ts'
import type { Strand } from './strand.ts'
import { taskOf } from './task.ts'

/** Gives an operation its place, holds it against the record there, and has it interpreted. */
export function meet(descriptor: Descriptor<unknown>, strand: Strand, ground: Ground): Answer {
  const operation = descriptor as Known
  const entry = entryOf(operation)
  if (entry === undefined) return meetUnnumbered(operation, strand, ground)

  const { journal } = ground
  const { scope } = strand
  // What undoes a step goes by its id, in whatever order the undoing comes.
  const id = operation.kind === 'compensation' ? `c-${operation.undoes}` : scope.nextId()
  const position = new Position(id, scope.parentId, entry.wire, operation.name)
  const record = journal.get(position.id)
  if (record !== undefined) {
    ground.recordsMet += 1
    const difference = mismatch(record, position)
    if (difference) return end(divergedYield(journal, record, position, difference))
  }
  // Of a callback only the making is seen here; how it ends is its result's to tell.
  strand.met = operation.kind === 'callback' ? { begun: position.id } : position.id
  const answer = entry.interpret(operation, position, record, new Around(ground, scope))
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
      return interpretCallbackResult(
        operation,
        position,
        journal.get(id),
        new Around(ground, scope),
      )
    }
    case 'join':
      return { next: 'join', task: taskOf(operation.state) }
    case 'cancel':
      return { next: 'cancel-task', task: taskOf(operation.state) }
    case 'shield':
      return {
        next: 'spawn',
        scope: scope.aside(),
        begin: operation.body as Begin,
        then: (outcome) => resume(outcome),
      }
    case 'version':
      return meetVersion(operation, strand, ground)
    case 'status':
      return meetStatus(operation, strand, ground)
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

/** A class, because one is made for each operation that is met. */
class Around implements Surroundings {
  readonly #ground: Ground
  readonly scope: Scope

  constructor(ground: Ground, scope: Scope) {
    this.#ground = ground
    this.scope = scope
  }

  get env(): Environment {
    return this.#ground.env
  }

  get isWatched(): boolean {
    return this.#ground.observer.met !== undefined
  }

  peek(id: string): OperationRecord | undefined {
    return this.#ground.journal.get(id)
  }

  countMet(): void {
    this.#ground.recordsMet += 1
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
