import type * as Perdure from 'perdure'

import { sleep, type Timer } from '../../lib/kernel/clock.ts'
import { Embedded, type Handler as Hosted } from '../../lib/testing/embedded.ts'
import { pythonJson } from './callback-script.ts'
import { CapturedOutput } from './captured-output.ts'
import { type Event, eventsOf } from './events.ts'
import { type Handler, isDurable } from './handler.ts'
import type { CallbackAction, Requirement } from './requirement.ts'
import type { Stage, Standing } from './stage.ts'

/** Seconds, and more than an execution may last: who sleeps so long wakes when all else is over. */
const forever = 400 * 24 * 60 * 60

/** The service in this process, on virtual time: an hour's wait takes no time at all. */
export async function embeddedStage(requirement: Requirement, handler: Handler): Promise<Stage> {
  // Imported as handlers are: a loader of TypeScript may keep a second copy for what is required, and
  // the driver of one copy does not know the operations of the other.
  return new EmbeddedStage(requirement, handler, await import('perdure'))
}

class EmbeddedStage implements Stage {
  readonly #embedded = new Embedded()
  readonly #output: CapturedOutput
  readonly #functionName: string
  /** Whether an invocation has ended since the history was last asked for. */
  #isNews = false
  #tell: () => void = () => undefined

  constructor(
    { id }: Requirement,
    { workflow, options, plugins = [], targets = {} }: Handler,
    { createDriver, driver: plainDriver }: typeof Perdure,
  ) {
    this.#functionName = `conformance-${id}`
    const driver = createDriver({
      ...options,
      ...(plugins.length > 0 ? { plugins: [...pluginsIn(options), ...plugins] } : {}),
    })
    this.#host(this.#functionName, driver.lambdaHandler(workflow))
    for (const [name, target] of Object.entries(targets)) {
      if (isDurable(target)) this.#host(name, plainDriver.lambdaHandler(target))
      else this.#embedded.register(name, target as Hosted, { durable: false })
    }
    // Last: were the driver to refuse its options, nobody would be there to restore the streams.
    this.#output = new CapturedOutput()
  }

  async start(payload: string, async: boolean): Promise<string> {
    const { DurableExecutionArn: arn } = await this.#embedded.service.invoke({
      FunctionName: this.#functionName,
      Qualifier: '$LATEST',
      InvocationType: async ? 'Event' : 'RequestResponse',
      Payload: payload,
    })
    if (arn === undefined) throw new Error('the invocation was answered without an execution ARN')
    return arn
  }

  async history(arn: string): Promise<Event[]> {
    this.#isNews = false
    const events: unknown[] = []
    let marker: string | undefined
    do {
      const page = await this.#embedded.service.getDurableExecutionHistory({
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

  async standing(arn: string): Promise<Standing> {
    return this.#embedded.service.getDurableExecution({ DurableExecutionArn: arn })
  }

  async somethingNew(arn: string): Promise<void> {
    if (this.#isNews) return
    const told = new Promise<void>((resolve) => (this.#tell = resolve))
    let timer: Timer | undefined
    const nothingLeft = new Promise<void>((resolve) => {
      timer = this.#embedded.clock.startTimer(forever * 1000, resolve)
    })
    await Promise.race([told, this.#embedded.service.ended(arn), nothingLeft])
    timer?.cancel()
  }

  sleep(seconds: number): Promise<void> {
    return sleep(this.#embedded.clock, seconds * 1000)
  }

  /** The clock moves on, be it by nothing, only when nothing goes on in the process. */
  rest(): Promise<void> {
    return this.sleep(0)
  }

  async answer(callbackId: string, { Operation, Payload }: CallbackAction): Promise<void> {
    const CallbackId = callbackId
    const { service } = this.#embedded
    if (Operation === 'heartbeat') {
      await service.sendDurableExecutionCallbackHeartbeat({ CallbackId })
    } else if (Operation === 'failure') {
      await service.sendDurableExecutionCallbackFailure({ CallbackId, Error: Payload ?? {} })
    } else {
      const body = Payload === undefined || Payload === null ? {} : { Result: pythonJson(Payload) }
      await service.sendDurableExecutionCallbackSuccess({ CallbackId, ...body })
    }
  }

  async stop(arn: string): Promise<void> {
    await this.#embedded.service.stopDurableExecution({ DurableExecutionArn: arn })
  }

  output(): readonly string[] {
    return this.#output.lines()
  }

  async close(): Promise<void> {
    this.#output.restore()
  }

  #host(name: string, handler: (event: unknown, context: unknown) => Promise<unknown>): void {
    this.#embedded.register(name, async (event, context) => {
      try {
        return await handler(event, context)
      } finally {
        // A turn later, when the service has written down what came of it.
        this.#embedded.clock.startTimer(0, () => {
          this.#isNews = true
          this.#tell()
        })
      }
    })
  }
}

function pluginsIn(options: Perdure.DriverOptions | undefined): readonly unknown[] {
  return (options as { plugins?: readonly unknown[] } | undefined)?.plugins ?? []
}
