import type { DurableLambdaHandler } from '@aws/durable-execution-sdk-js'
import {
  LocalDurableTestRunner,
  WaitingOperationStatus,
} from '@aws/durable-execution-sdk-js-testing'
import { createDriver, type DurableClient } from '../../lib/index.ts'
import type { Case, Outside } from './cases.ts'
import { payloadOf } from './drive-by-client.ts'
import { outcomeOf, type Outcome } from './outcome.ts'
import { workflow } from './perdure/handler.ts'
import { failing, plain } from './plain.ts'

/** Cases that this runner cannot play with any handler but its own SDK's, or with none, and why. */
export const forbidden: Readonly<Record<string, string>> = {
  stepCrashed: 'handlers run in the process of the runner, and would end it',
  atMostOnceCrashed: 'handlers run in the process of the runner, and would end it',
  atMostOnceRetried: 'handlers run in the process of the runner, and would end it',
  crashed: 'handlers run in the process of the runner, and would end it',
  crashing: 'handlers run in the process of the runner, and would end it',
  'endless hasty': 'handlers run in the process of the runner, and would block it',
  callbackTimedOut: 'a callback runs out of time by the real clock, in a thread of its own',
  callbackHeartbeat: 'it has no way to let a given time pass',
  callbackSilent: 'a callback runs out of time by the real clock, in a thread of its own',
  waitForCallbackTimedOut: 'a callback runs out of time by the real clock, in a thread of its own',
  invokeMissing: 'a call of a function that is not registered rejects the run',
  invokeTimedOut: 'executions have no time-out',
  invokeForTenant: 'plain functions are not told of a tenant',
  'wait brief': 'executions have no time-out',
  stopped: 'executions cannot be stopped',
}

/** Drives a case of perdure by the official runner for handlers in its own process. */
export async function driveByLocalRunner(one: Case): Promise<Outcome> {
  const runner = new LocalDurableTestRunner({ handlerFunction: handler })
  runner.registerDurableFunction('perdure', handler)
  runner.registerFunction('plain', plain)
  runner.registerFunction('failing', failing)
  const running = runner.run({ payload: payloadOf('perdure', one) })
  running.catch(() => undefined)
  await one.outside?.(outsideOf(runner))
  return outcomeOf(await running)
}

/** The service is in the event: what this runner hands over is no place to send requests to. */
const handler = (async (event: { durableExecutionClient: Client }, context: unknown) => {
  const { durableExecutionClient: service } = event
  const client: DurableClient = {
    checkpoint: (request) => service.checkpoint(request),
    getExecutionState: (request) => service.getExecutionState(request),
  }
  return createDriver({ client }).lambdaHandler(workflow)(event, context)
}) as unknown as DurableLambdaHandler

type Client = DurableClient

function outsideOf(runner: LocalDurableTestRunner): Outside {
  const callback = async () => {
    const found = runner.getOperation('approval')
    await found.waitForData(WaitingOperationStatus.STARTED)
    if (found.isWaitForCallback()) await found.waitForData(WaitingOperationStatus.SUBMITTED)
    return found
  }
  const cannot = (what: string) => () =>
    Promise.reject(new Error(`The local runner has no way to ${what}.`))
  return {
    succeed: async (result) => void (await (await callback()).sendCallbackSuccess(result)),
    fail: async (error) => void (await (await callback()).sendCallbackFailure(error)),
    heartbeat: async () => void (await (await callback()).sendCallbackHeartbeat()),
    stop: cannot('stop an execution'),
    sleep: cannot('let a given time pass'),
  }
}
