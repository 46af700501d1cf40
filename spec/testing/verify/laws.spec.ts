import { expect } from 'chai'
import fc from 'fast-check'
import { createDriver, retry } from '../../../lib/index.ts'
import type { Handler } from '../../../lib/testing/embedded.ts'
import { formatVerification } from '../../../lib/testing/verify/format.ts'
import { verify } from '../../../lib/testing/verify/verify.ts'
import type { HistoryEvent } from '../../../lib/service/history.ts'
import { carryOut, tree, type Ground, type Node } from '../../laws/support/concurrent-plan.ts'
import { runTree } from '../../laws/support/concurrent-run.ts'
import { fault, placed } from '../../laws/support/faults.ts'
import { handlerOf, silent } from '../../laws/support/handler-of.ts'
import { holds, isSoak } from '../../laws/support/law.ts'
import type { Plan } from '../../laws/support/plan.ts'
import { plan } from '../../laws/support/plans.ts'
import { run } from '../../laws/support/run.ts'
import { setting } from '../../laws/support/settings.ts'
import { Stage } from '../../laws/support/stage.ts'
import { eventsOf } from '../history/support.ts'

describe('law: an execution that the code itself has made', function () {
  this.timeout(isSoak ? 0 : 90_000)

  it('is identical, for any plan and any trouble, and no body is run', () =>
    holds(
      150,
      fc.asyncProperty(
        plan,
        setting,
        fc.array(fault, { maxLength: 2 }),
        fc.nat(),
        async (its, where, troubles, cut) => {
          const calm = await run(its, where)
          const { execution } = await run(its, where, placed(troubles, calm.places))

          const bodies: string[] = []
          await expectSame(handlerFor(its, bodies), execution.facts.arn, eventsOf(execution), cut)
          expect(bodies).to.deep.equal([])
        },
      ),
    ))

  it('is identical, for any tree of concurrent operations', () =>
    holds(
      150,
      fc.asyncProperty(tree, setting, fc.nat(), async (its, where, cut) => {
        const { execution } = await runTree(its, where)

        await expectSame(handlerForTree(its), execution.facts.arn, eventsOf(execution), cut)
      }),
    ))
})

/** The whole is identical, and the same cut short anywhere is no worse than compatible. */
async function expectSame(
  handler: Handler,
  DurableExecutionArn: string,
  events: readonly HistoryEvent[],
  cut: number,
): Promise<void> {
  const whole = await verify(handler, [{ DurableExecutionArn, Events: events }])
  expect(whole.histories[0]?.verdict, formatVerification(whole).join('\n')).to.equal('identical')

  const part = events.slice(0, 1 + (cut % events.length))
  const short = await verify(handler, [{ DurableExecutionArn, Events: part }])
  expect(short.isSafe, formatVerification(short).join('\n')).to.equal(true)
}

function handlerFor(its: Plan, bodies: string[]): Handler {
  const stage = new Stage(
    {
      note: (entry) => void (entry.what === 'began' && bodies.push(entry.id)),
      diesAt: () => false,
      nextBody: () => 0,
      expect: () => undefined,
    },
    0,
    () => undefined,
  )
  return handlerOf('batched', () => ({ plan: its, stage }))
}

function handlerForTree(its: readonly Node[]): Handler {
  const ground: Ground = {
    body: () => expect.fail('A body was run.'),
    saw: () => undefined,
    cleansUp: () => undefined,
  }
  const driver = createDriver({ retry: retry.none, log: silent })
  return driver.lambdaHandler(() => carryOut(its, 'p', ground))
}
