import { expect } from 'chai'
import fc from 'fast-check'
import { isTimed, tree } from './support/concurrent-plan.ts'
import { runTree, type ConcurrentRun } from './support/concurrent-run.ts'
import { fault, placed } from './support/faults.ts'
import { judgeCleanUps, judgePlaces, judgeScopes, judgeSights } from './support/judge-scopes.ts'
import { holds, isSoak } from './support/law.ts'
import { setting } from './support/settings.ts'

/** What goes wrong here: all but what takes a second invocation of the same event. */
const trouble = fault.filter((one) => {
  return one.at === 'body' || (one.at === 'call' && one.what.kind !== 'missing-token')
})

function breaches(run: ConcurrentRun): string[] {
  return [...judgePlaces(run), ...judgeScopes(run), ...judgeCleanUps(run), ...judgeSights(run)]
}

describe('laws of concurrency', function () {
  this.timeout(isSoak ? 0 : 60_000)

  it('hold for any tree of concurrent operations, whatever ends first and whatever breaks', () =>
    holds(
      100,
      fc.asyncProperty(
        tree,
        setting,
        fc.array(trouble, { maxLength: 2 }),
        async (its, where, troubles) => {
          const calm = await runTree(its, where)
          const disturbed = await runTree(its, where, placed(troubles, calm.places))

          expect(breaches(calm)).to.deep.equal([])
          expect(breaches(disturbed)).to.deep.equal([])
          if (its.some(isTimed)) return
          const { status, result } = disturbed.execution.progress
          expect({ status, result }).to.deep.equal({
            status: calm.execution.progress.status,
            result: calm.execution.progress.result,
          })
          expect(endings(disturbed)).to.deep.equal(endings(calm))
        },
      ),
    ))

  it('hold that the same seed gives the same transcript', () =>
    holds(
      30,
      fc.asyncProperty(
        tree,
        setting,
        fc.array(trouble, { maxLength: 1 }),
        async (its, where, troubles) => {
          const { places } = await runTree(its, where)
          const faults = placed(troubles, places)
          const once = await runTree(its, where, faults)
          const again = await runTree(its, where, faults)

          expect(again.words).to.deep.equal(once.words)
          expect(again.execution.events).to.deep.equal(once.execution.events)
        },
      ),
    ))
})

/** How each operation ended, in no order: that is left to time. */
function endings({ execution }: ConcurrentRun): Record<string, string> {
  return Object.fromEntries(
    execution.operations
      .filter(({ record }) => record.Type !== 'EXECUTION')
      .map(({ record }) => [record.Id, record.Status] as const),
  )
}
