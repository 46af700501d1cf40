import { expect } from 'chai'
import fc from 'fast-check'
import type { Coroutine } from '../../../lib/index.ts'
import type { Answer } from '../../../lib/lambda/envelope.ts'
import type { Handler } from '../../../lib/testing/embedded.ts'
import { formatVerification } from '../../../lib/testing/verify/format.ts'
import { verify } from '../../../lib/testing/verify/verify.ts'
import type { HistoryEvent } from '../../../lib/service/history.ts'
import { fault, placed } from '../../laws/support/faults.ts'
import { handlerOf } from '../../laws/support/handler-of.ts'
import { holds, isSoak } from '../../laws/support/law.ts'
import { mutate, named, type Mutation } from '../../laws/support/mutations.ts'
import { plan } from '../../laws/support/plans.ts'
import { replay } from '../../laws/support/replay.ts'
import { run } from '../../laws/support/run.ts'
import { setting } from '../../laws/support/settings.ts'
import { Stage } from '../../laws/support/stage.ts'
import { carryOut } from '../../laws/support/trees/carry-out.ts'
import { runTree } from '../../laws/support/trees/run-tree.ts'
import { tree } from '../../laws/support/trees/trees.ts'
import { perform } from '../../laws/support/workflow-of.ts'
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
          await expectSame(
            handlerFor((stage) => perform(its, stage), bodies),
            execution.facts.arn,
            eventsOf(execution),
            cut,
          )
          expect(bodies).to.deep.equal([])
        },
      ),
    ))

  it('is identical, for any tree of concurrent operations', () =>
    holds(
      150,
      fc.asyncProperty(tree, setting, fc.nat(), fc.nat(), async (its, where, order, cut) => {
        const { execution } = await runTree(its, where, { order })
        const handler = handlerFor((stage) => carryOut(its, stage), [])

        await expectSame(handler, execution.facts.arn, eventsOf(execution), cut)
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

describe('law: what a verifier calls safe', function () {
  this.timeout(isSoak ? 0 : 90_000)

  const mutation: fc.Arbitrary<Mutation> = fc.record({
    how: fc.constantFrom('rename', 'drop', 'insert', 'swap', 'retype'),
    index: fc.nat({ max: 30 }),
  })

  it('is what no replay refuses, and what it calls identical ends as it did', () =>
    holds(
      200,
      fc.asyncProperty(plan.map(named), setting, mutation, async (before, where, change) => {
        const after = mutate(before, change)
        const recorded = await run(before, where)
        const { arn: DurableExecutionArn } = recorded.execution.facts
        const Events = eventsOf(recorded.execution)
        const report = await verify(
          handlerFor((stage) => perform(after, stage), []),
          [{ DurableExecutionArn, Events }],
        )
        const verdict = report.histories[0]?.verdict

        const answer = (await replay((stage) => perform(after, stage), 'batched', recorded).then(
          (replayed) => replayed.answer,
          () => undefined, // it asks for more, and nobody is there
        )) as Answer | undefined
        const text = `${verdict} ${JSON.stringify(answer)}\n${formatVerification(report).join('\n')}`
        if (report.isSafe && answer?.Status === 'FAILED') {
          expect(answer.Error.ErrorType, text).not.to.equal('NonDeterministicExecutionError')
        }
        const { status } = recorded.execution.progress
        if (verdict === 'identical') expect(answer?.Status, text).to.equal(status)
      }),
    ))
})

function handlerFor(code: (stage: Stage) => Coroutine<unknown>, bodies: string[]): Handler {
  const stage = new Stage(
    {
      note: (entry) => void (entry.what === 'began' && bodies.push(entry.id)),
      diesAt: () => false,
      nextBody: () => 0,
      expect: () => undefined,
      pass: () => Promise.resolve(),
    },
    0,
    () => undefined,
  )
  return handlerOf('batched', () => code(stage))
}
