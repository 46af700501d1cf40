import {
  CloudDurableTestRunner,
  WaitingOperationStatus,
} from '@aws/durable-execution-sdk-js-testing'
import {
  ListDurableExecutionsByFunctionCommand,
  StopDurableExecutionCommand,
} from '@aws-sdk/client-lambda'
import type { Case, Outside } from './cases.ts'
import { functionOf, payloadOf } from './drive-by-client.ts'
import { outcomeOf, type Outcome } from './outcome.ts'
import type { Sdk, Stage } from './stage.ts'

/** Drives a case by the official runner for functions in the cloud, pointed at the local service. */
export async function driveByRunner(stage: Stage, sdk: Sdk, one: Case): Promise<Outcome> {
  const { client, service } = stage
  const functionName = functionOf(sdk, one)
  const runner = new CloudDurableTestRunner({
    // As for the cloud: a durable function is never invoked without a qualifier.
    functionName: `${functionName}:$LATEST`,
    client,
    config: { pollInterval: 5, invocationType: one.outside ? 'Event' : 'RequestResponse' },
  })
  const running = runner.run({ payload: payloadOf(sdk, one) })
  running.catch(() => undefined)
  await one.outside?.(outsideOf(stage, functionName, runner))
  const outcome = outcomeOf(await service.passUntil(running))
  await service.quiet()
  return outcome
}

function outsideOf(
  { client, service }: Stage,
  FunctionName: string,
  runner: CloudDurableTestRunner,
): Outside {
  /** The callback, once nothing runs any more. */
  const callback = async () => {
    const found = runner.getOperation('approval')
    await found.waitForData(WaitingOperationStatus.STARTED)
    await service.quiet()
    if (found.isWaitForCallback()) await found.waitForData(WaitingOperationStatus.SUBMITTED)
    return found
  }
  return {
    succeed: async (result) => void (await (await callback()).sendCallbackSuccess(result)),
    fail: async (error) => void (await (await callback()).sendCallbackFailure(error)),
    heartbeat: async () => void (await (await callback()).sendCallbackHeartbeat()),
    // The runner has no call for it.
    async stop(Error) {
      await runner.getOperationByIndex(0).waitForData(WaitingOperationStatus.STARTED)
      await service.quiet()
      const running = await client.send(
        new ListDurableExecutionsByFunctionCommand({ FunctionName, Statuses: ['RUNNING'] }),
      )
      const DurableExecutionArn = running.DurableExecutions?.[0]?.DurableExecutionArn
      const input = { DurableExecutionArn, ...(Error ? { Error } : {}) }
      await client.send(new StopDurableExecutionCommand(input))
    },
    async sleep(seconds) {
      await callback()
      await service.sleep(seconds)
    },
  }
}
