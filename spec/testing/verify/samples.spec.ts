import { expect } from 'chai'
import { sampleFiles } from '../../support/sample-files.ts'
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
import type { Handler } from '../../../lib/testing/embedded.ts'
import { run } from '../../../lib/testing/runner/run.ts'
import type { Scenario } from '../../../lib/testing/scenario.ts'
import { formatVerification } from '../../../lib/testing/verify/format.ts'
import { verify } from '../../../lib/testing/verify/verify.ts'

interface Sample {
  readonly handler: Handler
  readonly scenario?: Scenario
}

const samples: Readonly<Record<string, Sample>> = {
  'agent.ts': agent,
  'approval.ts': approval,
  'checkout.ts': checkout,
  'child-context.ts': childContext,
  'deadline.ts': deadline,
  'fan-out.ts': fanOut,
  'hello.ts': hello,
  'polling.ts': polling,
  'reminders.ts': reminders,
  'retries.ts': retries,
  'trip.ts': trip,
}

describe('a verifier', () => {
  it('is shown all samples', () => {
    expect(sampleFiles).to.have.members(Object.keys(samples))
  })

  for (const [file, sample] of Object.entries(samples)) {
    it(`raises no false alarm over samples/${file}, cut short wherever it may be`, async () => {
      const { DurableExecutionArn, Events } = await historyOf(sample)
      const whole = { DurableExecutionArn, Events }
      const parts = Events.map((_, end) => ({ ...whole, Events: Events.slice(0, end + 1) }))
      const verification = await verify(sample.handler, [whole, ...parts])

      expect(
        verification.histories[0]?.verdict,
        formatVerification(verification).slice(0, 14).join('\n'),
      ).to.equal('identical')
      expect(verification.isSafe, formatVerification(verification).join('\n')).to.equal(true)
    })
  }
})

/** The whole history of an execution that went through the sample's scenario. */
async function historyOf({ handler, scenario = {} }: Sample) {
  const { executionArn, events } = await run(handler, scenario)
  return { DurableExecutionArn: executionArn, Events: events }
}
