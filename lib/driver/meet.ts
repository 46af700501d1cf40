import { mismatch } from '../journal/match.ts'
import { positionId } from '../journal/ids.ts'
import type { OperationRecord } from '../journal/record.ts'
import { brokenInvariant } from '../kernel/errors.ts'
import { trace } from '../kernel/log.ts'
import { failed, succeeded } from '../kernel/settled.ts'
import type { ShieldOperation } from '../operations/compensation.ts'
import type { Begin } from '../operations/member.ts'
import type { Descriptor } from '../operations/operation.ts'
import { end, resume, type Answer } from './answer.ts'
import { isNew } from './cancelling.ts'
import { divergedRebuild, divergedYield } from './divergence.ts'
import { drawNumber, drawUuid } from './draw.ts'
import type { Environment } from './environment.ts'
import { meetStatus, meetVersion } from './marks.ts'
import type { Ground } from './ground.ts'
import { entryOf, type Known } from './interpret.ts'
import { interpretCallbackResult } from './interpreters/callback.ts'
import type { Standing } from './observer.ts'
import { ownTask } from './refusals.ts'
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
  const id = operation.kind === 'compensation' ? positionId('c', operation.undoes) : scope.nextId()
  const position = new Position(id, scope.parentId, entry.wire, operation.name)
  const record = journal.get(position.id)
  if (record !== undefined) {
    ground.recordsMet += 1
    const difference = mismatch(record, position)
    if (difference) return end(divergedYield(journal, record, position, difference), id)
  }
  // Of a callback only the making is seen here; how it ends is its result's to tell.
  strand.met = operation.kind === 'callback' ? { begun: position.id } : position.id
  const asked = ground.env.check?.paired(operation) ?? operation
  const around = new Around(ground, scope)
  const isWhole = record === undefined && ground.env.isAnsweredWhole?.(position) === true
  const answer = isWhole
    ? answeredWhole(position, (made) => entry.interpret(asked, position, made, around))
    : entry.interpret(asked, position, record, around)
  // What has ended begins nothing and waits for nothing; a serdes may take its time.
  if (scope.rebuilding && !strand.isCancelled && (isNew(answer) || answer.next === 'pend')) {
    return end(divergedRebuild(position), id)
  }
  const open = record === undefined ? 'new' : 'open'
  report(ground, operation, position, answer.next === 'resume' ? 'answered' : open)
  return answer
}

/** The strand stays behind work whose outcome is the operation's record, as if that had been there. */
function answeredWhole(position: Position, interpret: (made: OperationRecord) => Answer): Answer {
  return {
    next: 'run',
    after: 'nothing',
    work: { position, attempt: { number: 1, timeout: undefined }, call: () => undefined },
    then(outcome) {
      if (!outcome.ok) return resume(outcome)
      const answer = interpret(outcome.value as OperationRecord)
      return answer.next === 'resume' ? { ...answer, handedOver: false } : answer
    },
  }
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
    case 'cancel': {
      const task = taskOf(operation.state)
      if (strand.isWithin(task.strand)) return resume(failed(ownTask(operation)))
      return { next: operation.kind === 'join' ? 'join' : 'cancel-task', task }
    }
    case 'shield':
      return shield(operation, scope)
    case 'seal':
      return { next: 'seal' }
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

/** What was to be undone in a context that has ended was undone before it did. */
function shield({ body }: ShieldOperation<unknown>, scope: Scope): Answer {
  if (scope.rebuilding) return resume(succeeded([]))
  return {
    next: 'clear',
    then: () => ({
      next: 'spawn',
      isShielded: true,
      scope: scope.aside(),
      begin: body as Begin,
      then: (outcome) => resume(outcome),
    }),
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

  get(id: string): OperationRecord | undefined {
    return this.#ground.journal.get(id)
  }

  records(): Iterable<OperationRecord> {
    return this.#ground.journal.records()
  }

  holdsRecords(scope: Scope): boolean {
    return scope.holdsRecords(this.#ground.journal)
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
