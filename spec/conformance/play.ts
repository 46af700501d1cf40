import { type Clock, systemClock } from '../../lib/kernel/clock.ts'
import { CallbackScript, type Cue } from './callback-script.ts'
import { type Event, isEnd } from './events.ts'
import { historyDifference } from './match-history.ts'
import type { Requirement } from './requirement.ts'
import type { Stage, Standing } from './stage.ts'
import { type Bindings, substitute } from './variables.ts'

/** What a case came to. */
export interface Performance {
  readonly arn: string
  readonly standing: Standing
  readonly events: readonly Event[]
  readonly output: readonly string[]
}

/** Real time in which a case must bring forth a new event, or be over. */
const patienceSeconds = 30

/**
 * Plays one case to its end: until the execution is over or, where the requirement expects no result,
 * until its history is as expected. Callbacks are answered on the way, one at a time: the delay of an
 * action begins when its turn has come.
 */
export async function play(
  requirement: Requirement,
  bindings: Bindings,
  stage: Stage,
  clock: Clock = systemClock,
): Promise<Performance> {
  const script = new CallbackScript(
    substitute(requirement.callbackActions, bindings) as typeof requirement.callbackActions,
  )
  const payload = JSON.stringify(substitute(requirement.input, bindings))
  const arn = await patiently(clock, stage.start(payload, runsBeside(requirement)))

  let events = await stage.history(arn)
  while (!isOver(requirement, events, bindings)) {
    const cue = script.next(events)
    if (cue) {
      await stage.sleep(cue.delay)
      await answer(stage, cue)
    } else {
      await patiently(clock, stage.somethingNew(arn))
    }
    events = await stage.history(arn)
  }
  if (!events.some(isEnd)) await stage.stop(arn)
  await stage.rest()
  return {
    arn,
    standing: await stage.standing(arn),
    events: await stage.history(arn),
    output: stage.output(),
  }
}

async function answer(stage: Stage, { callbackId, action }: Cue): Promise<void> {
  try {
    await stage.answer(callbackId, action)
  } catch (cause) {
    const { name, message } = cause as Error
    const what = `${action.Operation} to ${action.CallbackName ?? '*'}`
    throw new Error(`the callback action ${what} was refused: ${name}: ${message}`, { cause })
  }
}

/** Whether the execution must run beside us, because we have to act, or to look, before its end. */
function runsBeside({ async, callbackActions, result }: Requirement): boolean {
  return async || callbackActions.length > 0 || result === undefined
}

function isOver(
  { history, result }: Requirement,
  events: readonly Event[],
  bindings: Bindings,
): boolean {
  if (events.some(isEnd)) return true
  return result === undefined && historyDifference(history, events, new Map(bindings)) === undefined
}

function patiently<T>(clock: Clock, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.startTimer(patienceSeconds * 1000, () =>
      reject(new Error(`gave up: nothing new has happened for ${patienceSeconds} seconds`)),
    )
    promise.then(resolve, reject).finally(() => timer.cancel())
  })
}
