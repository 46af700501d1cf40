import { poll } from '../../../lib/kernel/poll.ts'
import { isPerdureError } from '../../../lib/kernel/errors.ts'
import type { RetryStrategy } from '../../../lib/kernel/retry.ts'
import { json, text, type Deserializer, type Serdes } from '../../../lib/kernel/serdes.ts'
import { failed, succeeded } from '../../../lib/kernel/settled.ts'
import { now, random, uuid } from '../../../lib/operations/ambient.ts'
import { createCallback, type CallbackOptions } from '../../../lib/operations/callback.ts'
import { childContext } from '../../../lib/operations/child-context.ts'
import { invoke } from '../../../lib/operations/invoke.ts'
import type { Operation } from '../../../lib/operations/operation.ts'
import { step } from '../../../lib/operations/step.ts'
import { waitForCallback } from '../../../lib/operations/wait-for-callback.ts'
import { waitForCondition } from '../../../lib/operations/wait-for-condition.ts'
import { wait } from '../../../lib/operations/wait.ts'
import type { Coroutine } from '../../../lib/operations/workflow.ts'
import { mapError, tell, thrownValue } from './failures.ts'
import type {
  CallbackAnswer,
  CallbackReading,
  ConditionDeed,
  Deed,
  OperationDeed,
  Plan,
  StepDeed,
} from './plan.ts'
import type { Stage } from './stage.ts'
import {
  asyncJson,
  base64,
  broken,
  make,
  most,
  much,
  refused,
  shaped,
  shortened,
} from './values.ts'

/** Where a deed stands in its plan, and what its body has noted so far. */
interface Around {
  readonly stage: Stage
  readonly notes: unknown[]
  /** Which turns of the loops around it; names carry them. */
  readonly turns: string
}

/** Carries out a plan as a workflow, or as the body of a context. */
export function* perform(plan: Plan, stage: Stage, place = '', turns = ''): Coroutine<unknown> {
  const around: Around = { stage, notes: [], turns }
  yield* performAll(plan.deeds, place, around)
  if (plan.returns === 'nothing') return undefined
  if (plan.returns === 'most') return most()
  return plan.returns === 'much' ? much : around.notes
}

/** Answers whether the body is to be left early. */
function* performAll(deeds: readonly Deed[], place: string, around: Around): Coroutine<boolean> {
  for (const [i, deed] of deeds.entries()) {
    if (yield* performOne(deed, `${place}/${i}`, around)) return true
  }
  return false
}

function* performOne(deed: Deed, place: string, around: Around): Coroutine<boolean> {
  const { notes, stage } = around
  switch (deed.kind) {
    case 'throw':
      throw thrownValue(deed.thrown)
    case 'leave':
      return true
    case 'loop':
      for (let turn = 1; turn <= deed.times; turn++) {
        const inside = { ...around, turns: `${around.turns}.${turn}` }
        if (yield* performAll(deed.body, `${place}.${turn}`, inside)) return true
      }
      return false
    case 'try': {
      // What a `return()` from outside would not do.
      let isThrough = false
      try {
        const isLeft = yield* performAll(deed.body, `${place}:try`, around)
        isThrough = true
        return isLeft
      } catch (error) {
        isThrough = true
        notes.push({ caught: tell(error) })
        if (deed.rethrows) throw error
        return false
      } finally {
        stage.cleansUp(place, isThrough)
        yield* performAll(deed.cleanUp, `${place}:finally`, around)
      }
    }
    case 'callback': {
      const { answer, reading } = deed
      const options = { ...timeOutOf(answer), ...callbackReading(reading) }
      const { id, result } = yield* createCallback(nameOf(deed, around), options)
      stage.saw(`${place}:made`, succeeded(id))
      stage.expect(id, answer)
      if (yield* performAll(deed.between, `${place}:between`, around)) return true
      for (let turn = 1; turn <= deed.awaited; turn++) {
        notes.push({ got: shortened(yield* seen(result, `${place}:result`, stage)) })
      }
      return false
    }
    default: {
      const got = yield* seen(operationOf(deed, place, around), place, stage)
      notes.push({ got: isAmbient(deed) ? typeof got : shortened(got) })
      return false
    }
  }
}

/** Yields an operation and tells what came back. */
function* seen<T>(operation: Operation<T>, place: string, stage: Stage): Coroutine<T> {
  let value: T
  try {
    value = yield* operation
  } catch (error) {
    stage.saw(place, failed(error))
    throw error
  }
  stage.saw(place, succeeded(value))
  return value
}

type Single = Exclude<OperationDeed, { kind: 'callback' }>

function operationOf(deed: Single, place: string, around: Around): Operation<unknown> {
  const { stage } = around
  const name = 'name' in deed ? nameOf(deed, around) : undefined
  switch (deed.kind) {
    case 'now':
      return now()
    case 'uuid':
      return uuid()
    case 'random':
      return random()
    case 'wait':
      return wait(name, { seconds: deed.seconds })
    case 'step':
      return stepOf(deed, name, stage)
    case 'context':
      return childContext(name, () => perform(deed.body, stage, `${place}:in`, around.turns), {
        virtual: deed.virtual,
        ...(deed.mapped ? { mapError } : {}),
        ...(deed.reading === 'async' ? { serdes: asyncJson } : {}),
      })
    case 'invoke':
      return invoke(
        deed.callee.startsWith('durable') ? `${deed.callee}:$LATEST` : deed.callee,
        make(deed.input),
        { name },
      )
    case 'condition':
      return conditionOf(deed, name, stage)
    case 'wait-for-callback': {
      const { answer, turns, thrown } = deed
      return waitForCallback(
        name,
        (id, context) =>
          stage.body({ kind: 'submit', semantics: 'at-least-once', context, pace: turns }, () => {
            if (isToFail(deed, context.attempt)) throw thrownValue(thrown)
            stage.expect(id, answer)
            return 'nobody reads this'
          }),
        { ...timeOutOf(answer), ...callbackReading(deed.reading), retry: upTo(deed.tries) },
      )
    }
  }
}

function stepOf(deed: StepDeed, name: string | undefined, stage: Stage): Operation<unknown> {
  const { semantics, turns, value, reading } = deed
  const options = { semantics, retry: upTo(deed.tries) }
  const body = (context: Parameters<Parameters<typeof step>[1]>[0]) =>
    stage.body({ kind: 'step', semantics, context, pace: turns }, () => {
      if (isToFail(deed, context.attempt)) throw thrownValue(deed.thrown)
      return make(value)
    })
  switch (reading) {
    case 'json':
      return step(name, body, options)
    case 'shaped':
      return step(name, body, { ...options, schema: shaped })
    case 'refused':
      return step(name, body, { ...options, schema: refused })
    default:
      return step(name, body, { ...options, serdes: { async: asyncJson, base64, broken }[reading] })
  }
}

function conditionOf(deed: ConditionDeed, name: string | undefined, stage: Stage) {
  const { checks, ends, turns } = deed
  return waitForCondition<number>(
    name,
    (count, context) =>
      stage.body({ kind: 'check', semantics: 'at-least-once', context, pace: turns }, () => {
        if (ends === 'thrown' && count + 1 >= checks) throw new Error('check refused')
        return count + 1
      }),
    {
      initialState: 0,
      strategy: poll.fixed({
        delay: '1s',
        until: (count) => ends === 'met' && count >= checks,
        maxAttempts: ends === 'exhausted' ? checks : 60,
      }),
      ...(deed.reading === 'async' ? { serdes: asyncJson as Serdes<number> } : {}),
    },
  )
}

/** What is to fail for good must do so also where interrupted attempts come on top. */
function isToFail({ fails, tries }: Pick<StepDeed, 'fails' | 'tries'>, attempt: number): boolean {
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

function callbackReading(reading: CallbackReading): CallbackOptions<unknown> {
  const strict: Deserializer<unknown> = json
  return {
    lenient: {},
    strict: { serdes: strict },
    shaped: { serdes: text as Deserializer<unknown>, schema: shaped },
    refused: { schema: refused },
  }[reading]
}

function nameOf({ name }: { readonly name?: string | undefined }, { turns }: Around) {
  return name === undefined ? undefined : `${name}${turns}`
}

function isAmbient({ kind }: Deed): boolean {
  return kind === 'now' || kind === 'uuid' || kind === 'random'
}
