import { expect } from 'chai'
import fc from 'fast-check'
import { expected } from './support/expected.ts'
import { fault, placed } from './support/faults.ts'
import { journalOf } from './support/journal-of.ts'
import { dissected } from './support/judge-replay.ts'
import { holds, isSoak } from './support/law.ts'
import { plan } from './support/plans.ts'
import { run, type Run } from './support/run.ts'
import { modes, setting } from './support/settings.ts'

describe('law: how a workflow ends depends on nothing but the workflow', function () {
  this.timeout(isSoak ? 0 : 60_000)

  it('holds for all modes of checkpointing: same end, same journal', () =>
    holds(
      100,
      fc.asyncProperty(plan, setting, async (its, where) => {
        const expectation = expected(its)
        const [batched, ...others] = await Promise.all(
          modes.map((mode) => run(its, { ...where, mode })),
        )
        if (!batched) throw new Error('There is no mode.')

        for (const other of others) {
          expect(other.end).to.deep.equal(batched.end)
          expect(journalOf(other, expectation)).to.deep.equal(journalOf(batched, expectation))
        }
      }),
    ))

  it('holds for the whole transcript of a run, troubles included', () =>
    holds(
      100,
      fc.asyncProperty(
        plan,
        setting,
        fc.array(fault, { maxLength: 2 }),
        async (its, where, troubles) => {
          const faults = placed(troubles, (await run(its, where)).places)
          const once = await run(its, where, faults)
          const again = await run(its, where, faults)

          expect(transcriptOf(again)).to.deep.equal(transcriptOf(once))
          expect(again.execution.events).to.deep.equal(once.execution.events)
        },
      ),
    ))
})

function transcriptOf({ entries }: Run): unknown[] {
  return entries.map((entry) =>
    entry.what === 'saw' ? { ...entry, outcome: dissected(entry.outcome) } : entry,
  )
}
