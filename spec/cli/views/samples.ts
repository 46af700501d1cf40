import * as agent from '../../../samples/agent.ts'
import * as approval from '../../../samples/approval.ts'
import * as checkout from '../../../samples/checkout.ts'
import * as childContext from '../../../samples/child-context.ts'
import * as deadline from '../../../samples/deadline.ts'
import * as fanOut from '../../../samples/fan-out.ts'
import * as hello from '../../../samples/hello.ts'
import * as polling from '../../../samples/polling.ts'
import * as reminders from '../../../samples/reminders.ts'
import * as retries from '../../../samples/retries.ts'
import * as trip from '../../../samples/trip.ts'
import type { HistoryEvent } from '../../../lib/service/history.ts'
import type { Handler } from '../../../lib/testing/embedded.ts'
import { run } from '../../../lib/testing/runner/run.ts'
import type { Scenario } from '../../../lib/testing/scenario.ts'

interface Sample {
  readonly handler: Handler
  readonly scenario?: Scenario
}

export const samples: Readonly<Record<string, Sample>> = {
  agent,
  approval,
  checkout,
  'child-context': childContext,
  deadline,
  'fan-out': fanOut,
  hello,
  polling,
  reminders,
  retries,
  trip,
}

/** An execution as the API would give it. */
export interface Given {
  readonly DurableExecutionArn: string
  readonly DurableExecutionName: string
  readonly Status: string
  readonly Events: readonly HistoryEvent[]
}

/** The execution of a sample through its scenario, or another one. */
export async function executionOf(name: string, scenario?: Scenario): Promise<Given> {
  const sample = samples[name]
  if (!sample) throw new Error(`There is no sample ${name}.`)
  const { executionArn, events, status } = await run(sample.handler, {
    name,
    ...(scenario ?? sample.scenario),
  })
  return {
    DurableExecutionArn: executionArn,
    DurableExecutionName: name,
    Status: status,
    Events: events,
  }
}

/** The execution as it was after so many events. */
export function cutAfter({ Events, ...given }: Given, count: number): Given {
  return { ...given, Status: 'RUNNING', Events: Events.slice(0, count) }
}
