import { expect } from 'chai'
import fc from 'fast-check'
import { expected } from './support/expected.ts'
import { fault, placed } from './support/faults.ts'
import { judgeReplay } from './support/judge-replay.ts'
import { breaches, deviations } from './support/laws.ts'
import { holds, isSoak } from './support/law.ts'
import { plan } from './support/plans.ts'
import { replay } from './support/replay.ts'
import { run } from './support/run.ts'
import { setting } from './support/settings.ts'
import { perform } from './support/workflow-of.ts'

describe('every law', function () {
  this.timeout(isSoak ? 0 : 60_000)

  it('holds for a workflow that nothing disturbs, which ends as worked out without the engine', () =>
    holds(
      300,
      fc.asyncProperty(plan, setting, async (its, where) => {
        const expectation = expected(its)
        const calm = await run(its, where)

        expect(breaches(calm, expectation, where, [])).to.deep.equal([])
        expect(deviations(calm, expectation)).to.deep.equal([])
      }),
    ))

  it('holds when calls are lost, refused or doubled and processes die, and nothing ends otherwise', () =>
    holds(
      600,
      fc.asyncProperty(
        plan,
        setting,
        fc.array(fault, { minLength: 1, maxLength: 2 }),
        async (its, where, troubles) => {
          const expectation = expected(its)
          const calm = await run(its, where)
          const faults = placed(troubles, calm.places)
          const disturbed = await run(its, where, faults)

          expect(breaches(disturbed, expectation, where, faults)).to.deep.equal([])
          expect(deviations(disturbed, expectation, calm)).to.deep.equal([])
        },
      ),
    ))

  it('holds for a replay of all that is recorded: same values, same answer, no body, no call', () =>
    holds(
      200,
      fc.asyncProperty(
        plan,
        setting,
        fc.array(fault, { maxLength: 1 }),
        async (its, where, troubles) => {
          const calm = await run(its, where)
          const first = await run(its, where, placed(troubles, calm.places))
          const { answer, entries } = await replay(
            (stage) => perform(its, stage),
            where.mode,
            first,
          )
          const { status: Status, result: Result, error: Error } = first.execution.progress

          expect(judgeReplay([...first.entries, ...entries])).to.deep.equal([])
          expect(entries.filter(({ what }) => what === 'began')).to.deep.equal([])
          expect(answer).to.deep.equal({
            Status,
            ...(Result === undefined ? {} : { Result }),
            ...(Error === undefined ? {} : { Error }),
          })
        },
      ),
    ))
})
