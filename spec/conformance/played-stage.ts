import { pythonJson } from './callback-script.ts'
import { type Event, eventsOf } from './events.ts'
import type { House, ServiceApi } from './house.ts'
import type { CallbackAction } from './requirement.ts'
import type { Stage, Standing } from './stage.ts'

/** Plays on what lives in `house` by the calls of `api`. */
export class PlayedStage implements Stage {
  readonly #house: House
  readonly #api: ServiceApi

  constructor(house: House, api: ServiceApi) {
    this.#house = house
    this.#api = api
  }

  async start(payload: string, async: boolean): Promise<string> {
    const { functionName, executionName } = this.#house
    const { DurableExecutionArn: arn } = await this.#api.invoke({
      FunctionName: functionName,
      ...(executionName === undefined ? {} : { DurableExecutionName: executionName }),
      Qualifier: '$LATEST',
      InvocationType: async ? 'Event' : 'RequestResponse',
      Payload: payload,
    })
    if (arn === undefined) throw new Error('the invocation was answered without an execution ARN')
    return arn
  }

  async history(arn: string): Promise<Event[]> {
    const events: unknown[] = []
    let marker: string | undefined
    do {
      const page = await this.#api.getDurableExecutionHistory({
        DurableExecutionArn: arn,
        IncludeExecutionData: true,
        MaxItems: 1000,
        ...(marker === undefined ? {} : { Marker: marker }),
      })
      events.push(...page.Events)
      marker = page.NextMarker
    } while (marker)
    return eventsOf(events)
  }

  standing(arn: string): Promise<Standing> {
    return this.#api.getDurableExecution({ DurableExecutionArn: arn })
  }

  somethingNew(arn: string): Promise<void> {
    return this.#house.somethingNew(arn)
  }

  sleep(seconds: number): Promise<void> {
    return this.#house.sleep(seconds)
  }

  rest(): Promise<void> {
    return this.#house.rest()
  }

  async answer(callbackId: string, { Operation, Payload }: CallbackAction): Promise<void> {
    const CallbackId = callbackId
    if (Operation === 'heartbeat') {
      await this.#api.sendDurableExecutionCallbackHeartbeat({ CallbackId })
    } else if (Operation === 'failure') {
      await this.#api.sendDurableExecutionCallbackFailure({ CallbackId, Error: Payload ?? {} })
    } else {
      const body = Payload === undefined || Payload === null ? {} : { Result: pythonJson(Payload) }
      await this.#api.sendDurableExecutionCallbackSuccess({ CallbackId, ...body })
    }
  }

  async stop(arn: string): Promise<void> {
    await this.#api.stopDurableExecution({ DurableExecutionArn: arn })
  }

  output(): readonly string[] {
    return this.#house.output()
  }

  close(): Promise<void> {
    return this.#house.close()
  }
}
