import { expect } from 'chai'
import fc from 'fast-check'
import { holds, isSoak } from './support/law.ts'
import { plan } from './support/plans.ts'
import { run } from './support/run.ts'
import { setting } from './support/settings.ts'
import { runTree } from './support/trees/run-tree.ts'
import { tree } from './support/trees/trees.ts'

describe('law: checking determinism finds nothing in code that is deterministic', function () {
  this.timeout(isSoak ? 0 : 60_000)

  it('holds for all kinds of operations: same end, same journal', () =>
    holds(
      100,
      fc.asyncProperty(plan, setting, async (its, where) => {
        const unchecked = await run(its, where)
        const checked = await run(its, { ...where, determinism: 'check' })

        expect(checked.end).to.deep.equal(unchecked.end)
        expect(checked.records).to.deep.equal(unchecked.records)
      }),
    ))

  it('holds for any tree of concurrent operations', () =>
    holds(
      100,
      fc.asyncProperty(tree, setting, fc.nat(), async (its, where, order) => {
        const unchecked = await runTree(its, where, { order })
        const checked = await runTree(its, { ...where, determinism: 'check' }, { order })

        expect(checked.execution.progress).to.deep.equal(unchecked.execution.progress)
        expect(checked.execution.events).to.deep.equal(unchecked.execution.events)
      }),
    ))
})
