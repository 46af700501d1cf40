import { expect } from 'chai'
import { fromPlain, readSummary, summaryOf, toPlain } from '../../lib/driver/batch-text.ts'
import { isPerdureError, PerdureError, type BatchRecord } from '../../lib/index.ts'
import { Batch } from '../../lib/operations/batch-result.ts'
import { refusal } from '../support/refusal.ts'
import { errorWords } from '../support/stage.ts'

class Declined extends Error {
  override readonly name = 'Declined'
  readonly limit: number
  constructor(message: string, limit = 0) {
    super(message)
    this.limit = limit
  }
}

const first = new PerdureError('CHILD_CONTEXT_FAILED', 'first')
const second = new PerdureError('CHILD_CONTEXT_FAILED', 'second')
const mixed: BatchRecord<string | null> = {
  all: [
    { index: 0, name: 'a', status: 'SUCCEEDED', result: 'x' },
    { index: 1, name: 'b', status: 'FAILED', error: first },
    { index: 2, status: 'STARTED' },
    { index: 3, status: 'FAILED', error: second },
    { index: 4, name: 'e', status: 'SUCCEEDED', result: null },
  ],
  completionReason: 'ALL_COMPLETED',
}

describe('a batch', () => {
  it('counts its items by how they ended', () => {
    const { totalCount, successCount, failureCount, startedCount, hasFailure } = new Batch(mixed)

    expect([totalCount, successCount, failureCount, startedCount, hasFailure]).to.deep.equal([
      5,
      2,
      2,
      1,
      true,
    ])
  })

  it('sorts its items by how they ended, each kind in their order', () => {
    const batch = new Batch(mixed)
    const indexes = (items: { index: number }[]) => items.map(({ index }) => index)

    expect([batch.succeeded(), batch.failed(), batch.started()].map(indexes)).to.deep.equal([
      [0, 4],
      [1, 3],
      [2],
    ])
    expect([batch.results(), batch.errors()]).to.deep.equal([
      ['x', null],
      [first, second],
    ])
  })

  it('has failed where an item has, unless a completion function said otherwise', () => {
    const status = (
      all: BatchRecord<unknown>['all'],
      reason: BatchRecord<unknown>['completionReason'],
    ) => new Batch({ all, completionReason: reason }).status

    expect([
      status(mixed.all, 'ALL_COMPLETED'),
      status(mixed.all, 'MIN_SUCCESSFUL_REACHED'),
      status(mixed.all, 'CUSTOM_COMPLETION_SUCCEEDED'),
      status([], 'ALL_COMPLETED'),
      status([], 'CUSTOM_COMPLETION_FAILED'),
    ]).to.deep.equal(['FAILED', 'FAILED', 'SUCCEEDED', 'SUCCEEDED', 'FAILED'])
  })

  it('throws the first failure when asked to', () => {
    let thrown: unknown
    try {
      new Batch(mixed).throwIfFailed()
    } catch (error) {
      thrown = error
    }

    expect(thrown).to.equal(first)
  })

  it('throws nothing where it has succeeded', () => {
    const batch = new Batch({ ...mixed, completionReason: 'CUSTOM_COMPLETION_SUCCEEDED' })

    expect(() => {
      batch.throwIfFailed()
    }).to.not.throw()
  })

  it('throws BATCH_FAILED where only a completion function says that it failed', () => {
    const batch = new Batch({ all: [], completionReason: 'CUSTOM_COMPLETION_FAILED' })

    expect(
      refusal(() => {
        batch.throwIfFailed()
      }),
    ).to.deep.equal({
      code: 'BATCH_FAILED',
      message: 'The completion function of the fan-out decided that it failed.',
    })
  })

  it('has the results of those that succeeded under names, if it was given any', () => {
    expect(new Batch(mixed, ['a', 'b', 'c', 'd', 'e']).named).to.deep.equal({
      a: 'x',
      e: null,
    })
    expect(new Batch(mixed)).to.not.have.property('named')
  })

  for (const [made, words] of [
    ['text', '"text" (string)'],
    [null, 'null'],
    [{ all: 3 }, '{"all":3} (object)'],
  ] as const) {
    it(`cannot be made of ${words}`, () => {
      expect(refusal(() => new Batch(made as never))).to.deep.equal({
        code: 'SERDES_FAILED',
        message:
          'Expected the serdes of the fan-out to give back an object with all and ' +
          `completionReason, got ${words}.`,
      })
    })
  }
})

describe('a batch as it is kept', () => {
  it('is what it was when it is read back from JSON', () => {
    const text = JSON.stringify(toPlain(mixed, []))
    const back = fromPlain(JSON.parse(text) as never, [])

    expect(back.completionReason).to.equal('ALL_COMPLETED')
    expect(
      back.all.map((item) => (item.status === 'FAILED' ? { ...item, error: 'E' } : item)),
    ).to.deep.equal(
      mixed.all.map((item) => (item.status === 'FAILED' ? { ...item, error: 'E' } : item)),
    )
    expect(new Batch(back).errors().map(errorWords)).to.deep.equal([
      'CHILD_CONTEXT_FAILED: first',
      'CHILD_CONTEXT_FAILED: second',
    ])
  })

  it('keeps errors as the service does: type, message, data', () => {
    const declined = { index: 0, status: 'FAILED', error: new Declined('no', 5) as never } as const
    const record = { all: [declined], completionReason: 'ALL_COMPLETED' } as const
    const plain = toPlain(record, [Declined])

    expect(plain.all[0]?.error).to.include({ ErrorType: 'Declined', ErrorMessage: 'no' })
    const [error] = new Batch(fromPlain(plain, [Declined])).errors()
    expect(error).to.be.instanceOf(Declined)
    expect(error).to.include({ message: 'no', limit: 5 })
  })

  it('is summed up in counts, and in a letter for each item', () => {
    const counts = {
      totalCount: 5,
      successCount: 2,
      failureCount: 2,
      completionReason: 'ALL_COMPLETED',
      status: 'FAILED',
      itemStatuses: 'SF-FS',
    }

    expect(JSON.parse(summaryOf('MapResult', mixed, undefined))).to.deep.equal({
      type: 'MapResult',
      ...counts,
    })
    expect(JSON.parse(summaryOf('ParallelResult', mixed, 'two of five'))).to.deep.equal({
      type: 'ParallelResult',
      startedCount: 1,
      ...counts,
      summary: 'two of five',
    })
  })

  it('is known again by its summary', () => {
    expect(readSummary(summaryOf('MapResult', mixed, 'x'))).to.deep.equal({
      ok: true,
      value: { itemStatuses: 'SF-FS', completionReason: 'ALL_COMPLETED' },
    })
  })

  it('cannot be known by what is no summary', () => {
    for (const text of [undefined, null, '', 'no JSON', '5', 'null', '{"itemStatuses":5}']) {
      const summary = readSummary(text)
      const error = summary.ok ? undefined : summary.error
      expect(isPerdureError(error, 'SERDES_FAILED'), String(text)).to.equal(true)
    }
  })
})
