import { expect } from 'chai'
import { json, map, parallel, step, wait, type BatchResult } from 'perdure'
import type { AnyBatchOptions } from '../../lib/operations/fan-out.ts'
import { Hosted } from '../support/hosted.ts'

const keysOf = ({ all }: BatchResult<unknown>) => all.map((item) => Object.keys(item).join(' '))

/** What a workflow sees of its fan-outs at first, and on the replay after its wait. */
async function walks(options: AnyBatchOptions, filling = 'short'): Promise<unknown[]> {
  const seen: unknown[] = []
  const hosted = new Hosted(function* () {
    const kinds = ['none', 'fail', 'null']
    const items = yield* map(kinds, (kind) => one(kind), { ...tolerant, ...options })
    const branches = { none: step(() => undefined), some: step(() => filling) }
    const batch = yield* parallel(branches, { ...tolerant, ...options })
    seen.push([keysOf(items), keysOf(batch), Object.keys(batch.named)])
    yield* wait('1h')
  })
  expect((await hosted.run()).Status).to.equal('SUCCEEDED')
  return seen
}

const tolerant = { completion: { toleratedFailureCount: 1 } }

function* one(kind: string) {
  yield* step(() => kind)
  if (kind === 'fail') throw new Error('boom')
  return kind === 'null' ? null : undefined
}

describe('an item of a fan-out that succeeded without a result', () => {
  const table: [string, AnyBatchOptions, string?][] = [
    ['where the batch is recorded', {}],
    ['where the batch is too large for that', {}, 'x'.repeat(300_000)],
    ['where items have a serdes', { itemSerdes: json }],
    ['where the batch has one', { serdes: json }],
    ['where items are flat', { nesting: 'flat' }],
  ]
  for (const [where, options, filling] of table) {
    it(`has the key of one, at first and on a replay: ${where}`, async () => {
      const kept = 'index name status result'
      const walk = [
        [kept, 'index name status error', kept],
        [kept, kept],
        ['none', 'some'],
      ]

      expect(await walks(options, filling)).to.deep.equal([walk, walk])
    })
  }
})
