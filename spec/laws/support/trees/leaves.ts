import { isPerdureError } from '../../../../lib/kernel/errors.ts'
import { poll } from '../../../../lib/kernel/poll.ts'
import type { RetryStrategy } from '../../../../lib/kernel/retry.ts'
import { succeeded } from '../../../../lib/kernel/settled.ts'
import { now, uuid } from '../../../../lib/operations/ambient.ts'
import { createCallback, type CallbackOptions } from '../../../../lib/operations/callback.ts'
import { invoke } from '../../../../lib/operations/invoke.ts'
import type { Operation } from '../../../../lib/operations/operation.ts'
import { status } from '../../../../lib/operations/status.ts'
import { step } from '../../../../lib/operations/step.ts'
import { version } from '../../../../lib/operations/version.ts'
import { waitForCallback } from '../../../../lib/operations/wait-for-callback.ts'
import { waitForCondition } from '../../../../lib/operations/wait-for-condition.ts'
import { wait } from '../../../../lib/operations/wait.ts'
import type { Coroutine, StepContext } from '../../../../lib/operations/workflow.ts'
import type { CallbackAnswer } from '../plan.ts'
import type { Stage } from '../stage.ts'
import type {
  AsideNode,
  CallbackNode,
  ConditionNode,
  Single,
  StepNode,
  SubmitNode,
} from './nodes.ts'
import { placeOf, type Spot } from './spot.ts'

export function operationOf(node: Single, place: string, stage: Stage): Operation<unknown> {
  switch (node.kind) {
    case 'step':
      return stepOf(node, place, stage)
    case 'wait':
      return wait(place, { seconds: node.seconds })
    case 'waitForCallback':
      return submitOf(node, place, stage)
    case 'invoke':
      return invoke(
        node.callee.startsWith('durable') ? `${node.callee}:$LATEST` : node.callee,
        place,
        { name: place },
      )
    case 'condition':
      return conditionOf(node, place, stage)
  }
}

function stepOf(node: StepNode, place: string, stage: Stage): Operation<string> {
  const { semantics, pace, undo } = node
  return step(
    place,
    (context) =>
      stage.body({ kind: 'step', semantics, context, pace, place }, () => {
        if (isToFail(node, context.attempt)) throw new Error(place)
        return place
      }),
    {
      semantics,
      retry: upTo(node.tries),
      ...(undo === undefined
        ? {}
        : {
            compensate: (_value: string, context: StepContext) =>
              unmake(node, place, context, stage),
          }),
    },
  )
}

function unmake({ undo }: StepNode, place: string, context: StepContext, stage: Stage) {
  const semantics = 'at-least-once'
  return stage.body({ kind: 'undo', semantics, context, pace: 1, place: `undo ${place}` }, () => {
    const isToFail = undo === 'fails' || (undo === 'works late' && context.attempt === 1)
    if (isToFail) throw new Error(`undo ${place}`)
  })
}

function submitOf(node: SubmitNode, place: string, stage: Stage): Operation<unknown> {
  const { answer, pace, tries } = node
  return waitForCallback(
    place,
    (id, context) =>
      stage.body({ kind: 'submit', semantics: 'at-least-once', context, pace, place }, () => {
        if (isToFail(node, context.attempt)) throw new Error(place)
        stage.expect(id, answer)
      }),
    { ...timeOutOf(answer), retry: upTo(tries) },
  )
}

function conditionOf({ checks, ends, pace }: ConditionNode, place: string, stage: Stage) {
  return waitForCondition<number>(
    place,
    (count, context) =>
      stage.body({ kind: 'check', semantics: 'at-least-once', context, pace, place }, () => {
        if (ends === 'thrown' && count + 1 >= checks) throw new Error(place)
        return count + 1
      }),
    {
      initialState: 0,
      strategy: poll.fixed({ delay: '1s', until: (count) => ends === 'met' && count >= checks }),
    },
  )
}

export function* carryOutCallback(
  { answer }: CallbackNode,
  spot: Spot,
  between: () => Coroutine<unknown>,
): Coroutine<unknown> {
  const { stage } = spot
  const { id, result } = yield* createCallback(placeOf(spot), timeOutOf(answer))
  stage.saw(`${placeOf(spot)}:made`, succeeded(id))
  stage.expect(id, answer)
  yield* between()
  return yield* result
}

export function* carryOutAside({ kind }: AsideNode, spot: Spot): Coroutine<unknown> {
  switch (kind) {
    case 'now':
      return yield* now()
    case 'uuid':
      return yield* uuid()
    case 'version':
      return yield* version(idOf(placeOf(spot)), { min: 1, max: 2 })
    case 'status':
      return yield* status(placeOf(spot))
  }
}

/** A place in the characters that the id of a version may have. */
function idOf(place: string): string {
  return place.replaceAll('.', 'O').replaceAll('/', '-').replaceAll('~', 'T')
}

/** What is to fail for good must do so also where interrupted attempts come on top. */
function isToFail(
  { fails, tries }: { readonly fails: number; readonly tries: number },
  attempt: number,
): boolean {
  return fails >= tries || attempt <= fails
}

/** An interrupted attempt is always made up for, so that a crash cannot change how a step ends. */
function upTo(tries: number): RetryStrategy {
  return (error, attempt) =>
    isPerdureError(error, 'STEP_INTERRUPTED') || attempt < tries ? '1s' : false
}

function timeOutOf({ how, after }: CallbackAnswer): CallbackOptions<unknown> {
  if (how === 'time-out') return { timeout: { seconds: after } }
  return how === 'heartbeat-time-out' ? { heartbeatTimeout: { seconds: after } } : {}
}
