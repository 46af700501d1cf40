import { expect } from 'chai'
import fc from 'fast-check'
import type { OperationRecord } from '../../lib/journal/record.ts'
import { stageCheckpoint } from '../../lib/service/checkpoint.ts'
import { Execution, isPending } from '../../lib/service/execution.ts'
import { MemoryStore } from '../../lib/service/memory-store.ts'
import { defaultServiceLimits } from '../../lib/service/service-limits.ts'
import { ByHand } from './by-hand.ts'
import { aBatch, aMove, allowRefusal, Play } from './play.ts'

describe('law: whatever a handler sends', () => {
  it('the counts of an execution are those of its records', () => {
    fc.assert(
      fc.property(fc.array(aBatch, { maxLength: 20 }), (batches) => {
        const execution = anExecution()
        batches.forEach((batch, now) => {
          const staged = unlessRefused(() =>
            stageCheckpoint(execution, batch, {
              now,
              limits: defaultServiceLimits,
              newCallbackId: (id) => id,
              findCallee: () => ({ callee: 0, version: '1', executionArn: 'x' }),
            }),
          )
          for (const [, { record }] of staged?.operations ?? []) execution.put(record, 'update')

          const records = [...execution.records()]
          expect(execution.size).to.equal(records.length - 1)
          expect(execution.pending).to.equal(records.filter(isPending).length)
          expect(execution.page(0, Infinity, Infinity, true).records).to.deep.equal(
            records.filter((record) => isVisible(record, execution)),
          )
        })
      }),
    )
  })

  it('what has ended stays as it was, the history is in order, and the handler is told all', async () => {
    let ended = 0
    let refused = 0
    await fc.assert(
      fc.asyncProperty(fc.array(aMove, { maxLength: 40 }), async (moves) => {
        const store = new MemoryStore()
        const play = new Play(store)
        await play.begin()
        for (const move of moves) {
          await play.make(move)
          await play.check()
        }
        const [orders] = play.stored()
        if (orders?.progress.status !== 'RUNNING') ended += 1
        refused += play.refusals

        const again = new ByHand({ store })
        expect(await again.history(play.arn)).to.deep.equal(await play.stage.history(play.arn))
      }),
      { numRuns: 150 },
    )
    // A property that never gets anywhere proves nothing.
    expect(ended).to.be.above(5)
    expect(refused).to.be.above(50)
  })
})

function unlessRefused<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    allowRefusal(error)
    return undefined
  }
}

/** Whether no context above it has ended without asking for a replay; found by walking up. */
function isVisible(record: OperationRecord, execution: Execution): boolean {
  const parent = record.ParentId == null ? undefined : execution.get(record.ParentId)
  if (parent?.Type !== 'CONTEXT') return true
  const isOpen = parent.Status === 'STARTED' || parent.ContextDetails?.ReplayChildren === true
  return isOpen && isVisible(parent, execution)
}

function anExecution(): Execution {
  const facts = {
    arn: 'arn',
    id: 'execution',
    ordinal: 1,
    name: 'name',
    functionName: 'orders',
    version: '1',
    functionArn: 'arn',
    startedAt: 0,
    timeoutSeconds: 60,
    retentionDays: 1,
  }
  return new Execution(facts, () => {})
}
