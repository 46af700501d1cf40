import { expect } from 'chai'
import fc from 'fast-check'
import { fault, placed } from './support/faults.ts'
import { dissected } from './support/judge-replay.ts'
import { holds, isSoak } from './support/law.ts'
import { replay } from './support/replay.ts'
import { setting } from './support/settings.ts'
import { breaches } from './support/trees/breaches.ts'
import { carryOut } from './support/trees/carry-out.ts'
import { judgePlaces } from './support/trees/judge-places.ts'
import { judgeSights } from './support/trees/judge-sights.ts'
import { isTimed, type Tree } from './support/trees/nodes.ts'
import { runTree } from './support/trees/run-tree.ts'
import { tree } from './support/trees/trees.ts'
import type { Witnessed } from './support/world.ts'

const order = fc.nat()

describe('laws of concurrency', function () {
  this.timeout(isSoak ? 0 : 60_000)

  it('hold for any tree of concurrent operations, in whatever order they end', () =>
    holds(
      600,
      fc.asyncProperty(tree, setting, order, order, async (its, where, one, other) => {
        const first = await runTree(its, where, { order: one })
        const second = await runTree(its, where, { order: other })

        expectNone(breaches(first, its, where))
        expectNone(breaches(second, its, where))
        expectNone(judgePlaces(first.entries, second.entries))
        expectSameEnd(its, second, first)
      }),
    ))

  it('hold when calls are lost, refused or doubled and processes die', () =>
    holds(
      600,
      fc.asyncProperty(
        tree,
        setting,
        order,
        fc.array(fault, { minLength: 1, maxLength: 2 }),
        async (its, where, drawn, troubles) => {
          const calm = await runTree(its, where, { order: drawn })
          const faults = placed(troubles, calm.places)
          const disturbed = await runTree(its, where, { order: drawn, faults })

          expectNone(breaches(disturbed, its, where, faults))
          expectNone(judgePlaces(calm.entries, disturbed.entries))
          expectSameEnd(its, disturbed, calm)
        },
      ),
    ))

  it('hold that a replay of all that is recorded gives the same, with no body and no call', () =>
    holds(
      300,
      fc.asyncProperty(tree, setting, order, async (its, where, drawn) => {
        const run = await runTree(its, where, { order: drawn })
        const { answer, entries } = await replay((stage) => carryOut(its, stage), where.mode, run)
        const { status: Status, result: Result, error: Error } = run.execution.progress

        expectNone(judgeSights([...run.entries, ...entries]))
        expect(entries.filter(({ what }) => what === 'began')).to.deep.equal([])
        expect(answer).to.deep.equal({
          Status,
          ...(Result === undefined ? {} : { Result }),
          ...(Error === undefined ? {} : { Error }),
        })
      }),
    ))

  it('hold that the same seed gives the same transcript', () =>
    holds(
      150,
      fc.asyncProperty(
        tree,
        setting,
        order,
        fc.array(fault, { maxLength: 1 }),
        async (its, where, drawn, troubles) => {
          const { places } = await runTree(its, where, { order: drawn })
          const faults = placed(troubles, places)
          const once = await runTree(its, where, { order: drawn, faults })
          const again = await runTree(its, where, { order: drawn, faults })

          expect(transcriptOf(again)).to.deep.equal(transcriptOf(once))
          expect(again.execution.events).to.deep.equal(once.execution.events)
        },
      ),
    ))
})

function expectNone(breaches: readonly string[]): void {
  if (breaches.length > 0) throw new Error(breaches.join('\n'))
}

/** What a tree comes to is left to time only where it says so. */
function expectSameEnd(tree: Tree, one: Witnessed, other: Witnessed): void {
  if (tree.nodes.some(isTimed)) return
  expect(endOf(one)).to.deep.equal(endOf(other))
}

/** How an execution and each operation of it ended, in no order: that is left to time. */
function endOf({ execution: { progress, operations } }: Witnessed) {
  const { status, result, error } = progress
  const statuses = operations
    .filter(({ record }) => record.Type !== 'EXECUTION')
    .map(({ record }) => [record.Id, record.Status] as const)
  return { status, result, message: error?.ErrorMessage, statuses: Object.fromEntries(statuses) }
}

function transcriptOf({ entries }: Witnessed): unknown[] {
  return entries.map((entry) =>
    entry.what === 'saw' ? { ...entry, outcome: dissected(entry.outcome) } : entry,
  )
}
