import { expect } from 'chai'
import fc from 'fast-check'
import { readHistory } from '../../../lib/testing/history/read-history.ts'
import type { StoredExecution } from '../../../lib/service/store.ts'
import { runTree } from '../../laws/support/concurrent-run.ts'
import { tree } from '../../laws/support/concurrent-plan.ts'
import { fault, placed } from '../../laws/support/faults.ts'
import { holds, isSoak } from '../../laws/support/law.ts'
import { plan } from '../../laws/support/plans.ts'
import { run } from '../../laws/support/run.ts'
import { setting } from '../../laws/support/settings.ts'
import { eventsOf, inWholeTimes, pagesOf, withoutReplay, written } from './support.ts'

const writing = fc.record({
  times: fc.constantFrom('iso' as const, 'seconds' as const),
  size: fc.integer({ min: 1, max: 40 }),
})

describe('law: the records that events fold into', function () {
  this.timeout(isSoak ? 0 : 60_000)

  it('are those that the service keeps, for any plan and any trouble', () =>
    holds(
      150,
      fc.asyncProperty(
        plan,
        setting,
        fc.array(fault, { maxLength: 2 }),
        writing,
        async (its, where, troubles, how) => {
          const calm = await run(its, where)
          const { execution } = await run(its, where, placed(troubles, calm.places))

          expectSame(execution, how)
        },
      ),
    ))

  it('are those that the service keeps, for any tree of concurrent operations', () =>
    holds(
      150,
      fc.asyncProperty(tree, setting, writing, async (its, where, how) => {
        const { execution } = await runTree(its, where)

        expectSame(execution, how)
      }),
    ))
})

interface Writing {
  readonly times: 'iso' | 'seconds'
  readonly size: number
}

function expectSame(execution: StoredExecution, { times, size }: Writing): void {
  const pages = pagesOf(eventsOf(execution), size)
  const { records, input, end } = readHistory(pages.map((page) => written(page, times)).join('\n'))
  const kept = execution.operations.map(({ record }) => inWholeTimes(record))
  const { status, result, error } = execution.progress

  expect(records.map(withoutReplay)).to.deep.equal(kept.map(withoutReplay))
  expect(input).to.equal(execution.facts.input)
  expect(end).to.deep.equal({
    status,
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error }),
  })
  const replayed = new Set(records.filter(isReplayed).map(({ Id }) => Id))
  const parents = new Set(kept.map(({ ParentId }) => ParentId))
  const asked = kept.filter((record) => isReplayed(record) && parents.has(record.Id))
  // Where it matters, which is where there is something to replay, the inference is right.
  for (const { Id, Status } of asked) if (Status === 'SUCCEEDED') expect(replayed).to.include(Id)
}

function isReplayed(record: StoredExecution['operations'][number]['record']): boolean {
  return record.Type === 'CONTEXT' && record.ContextDetails?.ReplayChildren === true
}
