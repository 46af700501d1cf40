import type { DurableService } from '../../lib/checkpoint/port.ts'
import { lambdaApi } from '../../lib/server/http/lambda-api.ts'
import { listen } from '../../lib/server/http/listen.ts'
import { awsApi, awsClient, awsDurableService } from './aws-api.ts'
import { EmbeddedHouse } from './embedded-house.ts'
import type { Handler } from './handler.ts'
import type { OpenHouse, ServedHouse, ServiceApi } from './house.ts'
import { PlayedStage } from './played-stage.ts'
import type { Requirement } from './requirement.ts'
import type { Stagehand } from './stage.ts'

/** Makes stages whose every call goes, by the AWS client, to the endpoint of a house. */
export function httpStage(openHouse: OpenHouse = embeddedOverHttp): Stagehand {
  return async (requirement, handler) => {
    const house = await openHouse(requirement, handler)
    return new PlayedStage(house, talking(house, awsApi(awsClient(house.url))))
  }
}

/** A caller that waits for an execution needs time to pass; any other is not to notice that it can. */
function talking(house: ServedHouse, api: ServiceApi): ServiceApi {
  const still = <T, R>(call: (request: T) => Promise<R>) => {
    return (request: T) => house.whileTalking(() => call(request))
  }
  return {
    invoke: (request) =>
      request.InvocationType === 'Event'
        ? still(api.invoke)(request)
        : house.whileWaiting(() => api.invoke(request)),
    getDurableExecution: still(api.getDurableExecution),
    getDurableExecutionHistory: still(api.getDurableExecutionHistory),
    sendDurableExecutionCallbackSuccess: still(api.sendDurableExecutionCallbackSuccess),
    sendDurableExecutionCallbackFailure: still(api.sendDurableExecutionCallbackFailure),
    sendDurableExecutionCallbackHeartbeat: still(api.sendDurableExecutionCallbackHeartbeat),
    stopDurableExecution: still(api.stopDurableExecution),
  }
}

/** The embedded service behind an endpoint: its handlers, too, reach it by the AWS client only. */
class EmbeddedOverHttp extends EmbeddedHouse implements ServedHouse {
  url = ''
  #stop: () => Promise<void> = () => Promise.resolve()

  async open(): Promise<this> {
    const { service } = this.embedded
    const listening = await listen({ app: lambdaApi({ service, functions: () => [] }) })
    this.url = listening.url
    this.#stop = () => listening.close(0)
    return this
  }

  async whileTalking<T>(call: () => Promise<T>): Promise<T> {
    const goOn = this.clock.pause()
    try {
      return await call()
    } finally {
      goOn()
    }
  }

  whileWaiting<T>(call: () => Promise<T>): Promise<T> {
    return call()
  }

  override async close(): Promise<void> {
    await super.close()
    await this.#stop()
  }
}

async function embeddedOverHttp(requirement: Requirement, handler: Handler): Promise<ServedHouse> {
  let service: DurableService | undefined
  const house: EmbeddedOverHttp = new EmbeddedOverHttp(
    requirement,
    handler,
    await import('perdure'),
    () => {
      return (service ??= awsDurableService(awsClient(house.url)))
    },
  )
  return house.open()
}
