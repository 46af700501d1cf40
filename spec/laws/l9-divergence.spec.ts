import { expect } from 'chai'
import fc from 'fast-check'
import { expected, type Past } from './support/expected.ts'
import { holds, isSoak } from './support/law.ts'
import { mutate, named, type Mutation } from './support/mutations.ts'
import { plan } from './support/plans.ts'
import { run, runAll } from './support/run.ts'
import { setting } from './support/settings.ts'
import { visible } from './support/visible.ts'

const mutation: fc.Arbitrary<Mutation> = fc.record({
  how: fc.constantFrom('rename', 'drop', 'insert', 'swap', 'retype'),
  index: fc.nat({ max: 30 }),
})

describe('law 9: divergence stops', function () {
  this.timeout(isSoak ? 0 : 60_000)

  it('holds for code that is renamed, dropped, added, moved or replaced between two invocations', () =>
    holds(
      400,
      fc.asyncProperty(
        plan.map(named),
        setting,
        mutation,
        fc.nat({ max: 40 }),
        async (before, where, change, place) => {
          const after = mutate(before, change)
          const calm = await run(before, where)
          // The first invocation dies in the middle, and the next one finds the code changed.
          const crash = { kind: 'crash-after', microtasks: 8 } as const
          const faults = [{ at: 'call', index: place % calm.places.call, what: crash } as const]
          fc.pre(calm.places.call > 0)
          const crashed = await run(before, where, faults)
          const last = crashed.entries.find(({ what }) => what === 'crashed')?.invocation ?? 0
          fc.pre(last > 0 && last < crashed.atInvocation.length)

          const changed = await runAll((n) => (n <= last ? before : after), where, faults)

          const records = visible(changed.atInvocation[last] ?? [])
          const past: Past = {
            records: new Map(records.map((record) => [record.Id, record])),
            outcomes: expected(before).outcomes,
          }
          expect(changed.end).to.deep.equal(expected(after, past).end)
        },
      ),
    ))
})
