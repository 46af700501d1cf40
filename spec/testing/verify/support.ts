import type { Workflow } from '../../../lib/index.ts'
import { createDriver, type DriverOptions } from '../../../lib/index.ts'
import type { Scenario } from '../../../lib/testing/scenario.ts'
import { silent } from '../../laws/support/handler-of.ts'
import { Embedded } from '../../../lib/testing/embedded.ts'
import type { HistoryEvent } from '../../../lib/service/history.ts'

export interface Recorded {
  readonly DurableExecutionArn: string
  readonly Events: readonly HistoryEvent[]
}

export interface Recording {
  readonly input?: unknown
  readonly driver?: DriverOptions
  /** Answers to callbacks in the order in which they are made. */
  readonly callbacks?: readonly string[]
  readonly functions?: Readonly<Record<string, (input: unknown) => unknown>>
  /** Leaves it where it is after so much virtual time. */
  readonly until?: number
}

export type { Scenario }

/** Runs a workflow on the embedded service and answers its history, as the API would. */
export async function record(workflow: Workflow<never>, how: Recording = {}): Promise<Recorded> {
  const embedded = new Embedded()
  embedded.register('f', createDriver({ log: silent, ...how.driver }).lambdaHandler(workflow))
  for (const [name, call] of Object.entries(how.functions ?? {})) {
    embedded.register(name, (input) => call(input), { durable: false })
  }
  const { service, clock } = embedded
  const { DurableExecutionArn = '' } = await service.invoke({
    FunctionName: 'f',
    Qualifier: '$LATEST',
    InvocationType: 'Event',
    Payload: JSON.stringify(how.input ?? null),
  })
  const history = () => service.getDurableExecutionHistory({ DurableExecutionArn, MaxItems: 1000 })
  const patience = new Promise<void>((resolve) => {
    clock.startTimer(how.until ?? 30 * 86_400_000, resolve)
  })
  const over = Promise.race([service.ended(DurableExecutionArn), patience])
  for (const Result of how.callbacks ?? []) {
    await new Promise<void>((resolve) => clock.startTimer(1000, resolve))
    const open = (await history()).Events.filter((event) => event.CallbackStartedDetails)
    const CallbackId = open.at(-1)?.CallbackStartedDetails?.CallbackId ?? ''
    await service.sendDurableExecutionCallbackSuccess({ CallbackId, Result })
  }
  await over
  return { DurableExecutionArn, Events: (await history()).Events }
}
