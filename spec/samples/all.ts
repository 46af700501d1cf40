import type { Workflow } from 'perdure'
import type { Handler, Scenario } from 'perdure/testing'
import * as agent from '../../samples/agent.ts'
import * as approval from '../../samples/approval.ts'
import * as checkout from '../../samples/checkout.ts'
import * as childContext from '../../samples/child-context.ts'
import * as deadline from '../../samples/deadline.ts'
import * as fanOut from '../../samples/fan-out.ts'
import * as hello from '../../samples/hello.ts'
import * as polling from '../../samples/polling.ts'
import * as reminders from '../../samples/reminders.ts'
import * as retries from '../../samples/retries.ts'
import * as trip from '../../samples/trip.ts'

export interface Sample {
  readonly handler: Handler
  readonly scenario: Scenario
  readonly workflow: Workflow<never>
}

/** All samples, by the names of their files. */
export const samples: Readonly<Record<string, Sample>> = {
  agent: { ...agent, workflow: agent.agent },
  approval: { ...approval, workflow: approval.approveExpense },
  checkout: { ...checkout, workflow: checkout.checkout },
  'child-context': { ...childContext, workflow: childContext.book },
  deadline: { ...deadline, workflow: deadline.deliver },
  'fan-out': { ...fanOut, workflow: fanOut.publish },
  hello: { ...hello, workflow: hello.hello },
  polling: { ...polling, workflow: polling.makeReport },
  reminders: { ...reminders, workflow: reminders.collect },
  retries: { ...retries, workflow: retries.buy },
  trip: { ...trip, workflow: trip.bookTrip },
}
