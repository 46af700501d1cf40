import { expect } from 'chai'
import {
  childContext,
  completion,
  createDriver,
  map,
  parallel,
  step,
  wait,
  type BatchRecord,
  type BatchResult,
  type Serdes,
} from '../../lib/index.ts'
import { Embedded } from '../../lib/testing/embedded.ts'
import { errorWords, Stage, type StageOptions } from '../support/stage.ts'

const one = <T>(item: T) => step(() => item)
/** A body that asks for nothing. */
function* itself<T>(item: T): Generator<never, T> {
  return item
}
function* unlessFail(item: string): Generator<never, string> {
  if (item === 'fail') throw new Error('boom')
  return item
}

/** Reason and items, in short words. */
const told = ({ completionReason, all }: BatchResult<unknown>) => [
  completionReason,
  ...all.map((item) => {
    const end =
      item.status === 'SUCCEEDED'
        ? JSON.stringify(item.result)
        : item.status === 'FAILED'
          ? errorWords(item.error)
          : ''
    return [item.index, item.name, item.status, end].join(' ').trim()
  }),
]

/** The result of a workflow that ended on `stage`, and of its replay, which are to be the same. */
function ended(work: () => Generator<never, unknown> | object, options: StageOptions = {}) {
  const workflow = function* () {
    try {
      return yield* work() as Generator<never, unknown>
    } catch (error) {
      return `caught ${errorWords(error)}`
    }
  }
  const stage = new Stage(workflow, options).finish()
  const { ending } = stage.machine
  const value = ending?.how === 'returned' ? ending.value : ending
  const replayed = new Stage(workflow, { ...options, ledger: stage.ledger })
  const again = replayed.machine.ending
  expect(again?.how === 'returned' ? again.value : again).to.deep.equal(value)
  expect(replayed.take()).to.have.length(1)
  return { value, words: stage.take(), ledger: stage.ledger }
}

const onlyStarts = (words: readonly string[]) => words.filter((word) => /^(START|run) /.test(word))

describe('a fan-out', () => {
  it('starts all items at once, each in a context of its own', () => {
    const { value, words } = ended(function* () {
      return told(yield* map('m', ['a', 'b'], one))
    })

    expect(words.slice(0, -2)).to.deep.equal([
      'START 1',
      'START 1-1',
      'START 1-2',
      'START 1-1-1',
      'START 1-2-1',
      'run 1-1-1',
      'run 1-2-1',
      'SUCCEED 1-1-1 "a"',
      'SUCCEED 1-1 "a"',
      'SUCCEED 1-2-1 "b"',
      'SUCCEED 1-2 "b"',
    ])
    expect(value).to.deep.equal([
      'ALL_COMPLETED',
      '0 map-item-0 SUCCEEDED "a"',
      '1 map-item-1 SUCCEEDED "b"',
    ])
  })

  it('is told on the wire as the field does: types, names and parents', () => {
    const { ledger } = ended(function* () {
      yield* map('m', ['a'], one, { itemName: (item, index) => `${item}-${index}` })
      yield* parallel('p', { left: one(1), right: { name: 'other', run: one(2) } })
    })

    expect(
      ledger.records
        .slice(1)
        .map(({ Id, SubType, Name, ParentId }) => [Id, SubType, Name, ParentId]),
    ).to.deep.equal([
      ['1', 'Map', 'm', undefined],
      ['1-1', 'MapIteration', 'a-0', '1'],
      ['1-1-1', 'Step', undefined, '1-1'],
      ['2', 'Parallel', 'p', undefined],
      ['2-1', 'ParallelBranch', 'left', '2'],
      ['2-2', 'ParallelBranch', 'other', '2'],
      ['2-1-1', 'Step', undefined, '2-1'],
      ['2-2-1', 'Step', undefined, '2-2'],
    ])
  })

  it('is over at once where there is nothing to do', () => {
    for (const work of [() => map([], one), () => parallel([]), () => parallel({})]) {
      const { value, words } = ended(function* () {
        const batch = yield* work()
        return [batch.completionReason, batch.status, batch.totalCount, batch.results()]
      })

      expect(value).to.deep.equal(['ALL_COMPLETED', 'SUCCEEDED', 0, []])
      expect(words.slice(0, 2)).to.deep.equal([
        'START 1',
        'SUCCEED 1 {"all":[],"completionReason":"ALL_COMPLETED"}',
      ])
    }
  })

  it('has no more items under way than it may', () => {
    const stage = new Stage(function* () {
      return (yield* map([1, 2, 3], one, { maxConcurrency: 2 })).results()
    }).acknowledge()
    const before = onlyStarts(stage.take())
    const after = onlyStarts(stage.run('1-2-1').take())

    expect(before).to.deep.equal([
      'START 1',
      'START 1-1',
      'START 1-2',
      'START 1-1-1',
      'START 1-2-1',
      'run 1-1-1',
      'run 1-2-1',
    ])
    // The place is free when the body has ended, before its record is acknowledged.
    expect(after).to.deep.equal(['START 1-3', 'START 1-3-1', 'run 1-3-1'])
    expect(stage.finish().take().at(-1)).to.equal('returned [1,2,3]')
  })

  it('has all items under way where it may have any number', () => {
    const { words } = ended(function* () {
      yield* map([1, 2, 3], one, { maxConcurrency: Infinity })
    })

    expect(onlyStarts(words)[0]).to.equal('START 1')
    expect(words.indexOf('START 1-3')).to.be.lessThan(words.indexOf('SUCCEED 1-1 1'))
  })

  it('leaves its place to nobody while an item is suspended', () => {
    const stage = new Stage(function* () {
      yield* map([1, 2], () => wait('1h'), { maxConcurrency: 1 })
    }).finish()

    expect([stage.take(), stage.machine.isParked]).to.deep.equal([
      ['START 1', 'START 1-1', 'START 1-1-1'],
      true,
    ])
  })

  it('stops at the first failure unless told otherwise', () => {
    const { value } = ended(function* () {
      return told(yield* map(['a', 'fail', 'c'], unlessFail, { maxConcurrency: 1 }))
    })

    expect(value).to.deep.equal([
      'FAILURE_TOLERANCE_EXCEEDED',
      '0 map-item-0 SUCCEEDED "a"',
      '1 map-item-1 FAILED CHILD_CONTEXT_FAILED: boom',
    ])
  })

  it('ends what is under way when it is over, waits by a word to the service', () => {
    const { value, words } = ended(function* () {
      const branches = { quick: one(1), slow: () => wait('1h') }
      const batch = yield* parallel(branches, { completion: completion.firstSuccessful })
      return [batch.startedCount, batch.named, told(batch)]
    })

    expect(words).to.include('CANCEL 1-2-1')
    expect(value).to.deep.equal([
      1,
      { quick: 1 },
      ['MIN_SUCCESSFUL_REACHED', '0 quick SUCCEEDED 1', '1 slow STARTED'],
    ])
  })

  it('drops the late end of a body that ran when it was over', () => {
    const stage = new Stage(function* () {
      return told(yield* map([1, 2], one, { completion: { minSuccessful: 1 } }))
    })
      .acknowledge()
      .run('1-1-1')
    const words = stage.take()

    expect(stage.run('1-2-1').take()).to.deep.equal([])
    expect(words.at(-1)).to.equal(
      'returned ["MIN_SUCCESSFUL_REACHED","0 map-item-0 SUCCEEDED 1","1 map-item-1 STARTED"]',
    )
    expect(stage.acknowledge().ledger.statuses).to.include({ '1-2': 'STARTED', '1-2-1': 'STARTED' })
  })

  it('throws the first failure when asked to, as itself where its class is listed', () => {
    class Declined extends Error {
      override readonly name = 'Declined'
    }
    const branch = function* (): Generator<never, never> {
      throw new Declined('no')
    }
    const { value } = ended(
      function* () {
        try {
          ;(yield* parallel([branch])).throwIfFailed()
        } catch (error) {
          return error instanceof Declined && error.message
        }
        return 'no error'
      },
      { errors: [Declined] },
    )

    expect(value).to.equal('no')
  })
})

describe('a completion function', () => {
  it('decides how a fan-out ends, on replay as at first', () => {
    const asked: number[] = []
    const work = function* () {
      const batch = yield* map(['a', 'fail', 'c'], unlessFail, {
        maxConcurrency: 1,
        completion: ({ completedCount, failureCount }) => {
          asked.push(completedCount)
          return failureCount > 0 ? 'succeed' : 'continue'
        },
      })
      return [batch.status, batch.completionReason, batch.totalCount]
    }

    expect(ended(work).value).to.deep.equal(['SUCCEEDED', 'CUSTOM_COMPLETION_SUCCEEDED', 2])
    expect(asked).to.deep.equal([1, 2])
  })

  it('fails the fan-out by what it throws, for good', () => {
    let times = 0
    const completion = () => {
      times += 1
      throw new Error('cannot decide')
    }
    const { value, words } = ended(() => map(['a', 'b'], one, { completion }))

    expect(value).to.equal('caught CHILD_CONTEXT_FAILED: cannot decide')
    expect([words.at(-2), times]).to.deep.equal(['FAIL 1', 1])
  })
})

describe('the names of items', () => {
  it('are refused where the service would, before anything is started', () => {
    const { value, words } = ended(() => map(['a'], one, { itemName: () => 'é' }))

    expect(value).to.equal(
      'caught INVALID_OPTION: Expected `the name of an item` to be 1 to 256 printable ASCII ' +
        'characters, got "é" (string).',
    )
    expect(words).to.have.length(1)
  })

  it('fail the operation where making them throws', () => {
    const itemName = () => {
      throw new Error('nameless')
    }

    expect(ended(() => map(['a'], one, { itemName })).value).to.equal('caught Error: nameless')
  })
})

describe('the serdes of a fan-out', () => {
  it('keeps each item in its own words', () => {
    const itemSerdes: Serdes<string> = {
      serialize: (value) => `<${value}>`,
      deserialize: (text) => text.slice(1, -1).toUpperCase(),
    }
    const { value, words } = ended(function* () {
      return (yield* map(['a', 'b'], itself, { itemSerdes })).results()
    })

    expect(words).to.include.members(['SUCCEED 1-1 <a>', 'SUCCEED 1-2 <b>'])
    expect(value).to.deep.equal(['A', 'B'])
  })

  it('sees all items and the reason, and makes what the workflow gets', () => {
    const seen: BatchRecord<string>[] = []
    const serdes: Serdes<BatchRecord<string>> = {
      serialize: (batch) => {
        seen.push(batch)
        return batch.all.map((item) => (item.status === 'SUCCEEDED' ? item.result : '?')).join()
      },
      deserialize: (text) => ({
        all: text
          .split(',')
          .map((result, index) => ({ index, status: 'SUCCEEDED', result: `${result}!` })),
        completionReason: 'ALL_COMPLETED',
      }),
    }
    const { value, words } = ended(function* () {
      const batch = yield* map(['a', 'b'], itself, { serdes })
      return [batch.results(), batch.successCount]
    })

    expect(Object.keys(seen[0] ?? {})).to.deep.equal(['all', 'completionReason'])
    expect(words).to.include('SUCCEED 1 a,b')
    expect(value).to.deep.equal([['a!', 'b!'], 2])
  })
})

describe('a flat fan-out', () => {
  it('has no records of items, only of what they ask', () => {
    const { value, ledger } = ended(function* () {
      return told(yield* map('m', ['a', 'b'], one, { nesting: 'flat' }))
    })

    expect(ledger.records.slice(1).map(({ Id, ParentId }) => [Id, ParentId])).to.deep.equal([
      ['1', undefined],
      ['1-1-1', '1'],
      ['1-2-1', '1'],
    ])
    expect(value).to.include('1 map-item-1 SUCCEEDED "b"')
  })
})

describe('items in batches', () => {
  it('share an iteration, and keep an outcome each', () => {
    const { value, words } = ended(function* () {
      return told(
        yield* map(['a', 'fail', 'c'], unlessFail, {
          batch: { items: 2 },
          completion: completion.allCompleted,
        }),
      )
    })

    expect(onlyStarts(words)).to.deep.equal(['START 1', 'START 1-1', 'START 1-2'])
    expect(value).to.deep.equal([
      'ALL_COMPLETED',
      '0 map-item-0 SUCCEEDED "a"',
      '1 map-item-1 FAILED CHILD_CONTEXT_FAILED: boom',
      '2 map-item-2 SUCCEEDED "c"',
    ])
  })

  it('hold as many items as their bytes allow, and at least one', () => {
    const items = ['aa', 'bb', 'x'.repeat(50), 'c', undefined]
    const { ledger, value } = ended(function* () {
      return (yield* map(items, itself, { batch: { bytes: 8 } })).totalCount
    })

    expect([Object.keys(ledger.statuses), value]).to.deep.equal([['1', '1-1', '1-2', '1-3'], 5])
  })

  it('are called in turn', () => {
    const stage = new Stage(function* () {
      yield* map([1, 2], one, { batch: { items: 2 } })
    }).acknowledge()
    const before = onlyStarts(stage.take())

    expect(before.at(-1)).to.equal('run 1-1-1')
    expect(stage.run().take()).to.deep.equal(['SUCCEED 1-1-1 1', 'START 1-1-2'])
  })

  it('have all ended where one of them decided', () => {
    const { value } = ended(function* () {
      return told(
        yield* map(['a', 'b', 'c'], itself, {
          batch: { items: 2 },
          maxConcurrency: 1,
          completion: completion.firstSuccessful,
        }),
      )
    })

    expect(value).to.deep.equal([
      'MIN_SUCCESSFUL_REACHED',
      '0 map-item-0 SUCCEEDED "a"',
      '1 map-item-1 SUCCEEDED "b"',
    ])
  })
})

describe('a batch too large to keep', () => {
  const large = (item: string) => item.repeat(150_000)
  const lengths = (batch: BatchResult<string>) => batch.results().map(({ length }) => length)
  const summaryIn = (words: readonly string[]) =>
    JSON.parse(words.find((word) => word.startsWith('SUCCEED 1 '))?.slice(10) ?? '{}') as object

  it('is kept as a summary, and read again from its items', () => {
    const { value, words, ledger } = ended(function* () {
      return lengths(
        yield* map(['a', 'b'], (item) => childContext(() => itself(large(item))), {
          summarize: ({ totalCount }) => `${totalCount} large ones`,
        }),
      )
    })

    expect(value).to.deep.equal([150_000, 150_000])
    expect(summaryIn(words)).to.include({ itemStatuses: 'SS', summary: '2 large ones' })
    expect(ledger.records[1]).to.have.nested.property('ContextDetails.ReplayChildren', true)
  })

  it('walks flat items again, over what is recorded of them', () => {
    let bodies = 0
    const { value } = ended(function* () {
      const body = function* (item: string) {
        bodies += 1
        return large(yield* one(item))
      }
      return lengths(yield* map(['a', 'b'], body, { nesting: 'flat' }))
    })

    expect([value, bodies]).to.deep.equal([[150_000, 150_000], 4])
  })

  it('is the same again with failures and unfinished items, and for items in batches', () => {
    const body = function* (item: string) {
      if (item === 'fail') throw new Error('boom')
      if (item === 'wait') yield* wait('1h')
      return item.repeat(300_000)
    }
    const facts = (batch: BatchResult<string>) => [
      batch.completionReason,
      batch.all.map(({ index, status }) => `${index} ${status}`),
      batch.errors().map(errorWords),
      lengths(batch),
    ]
    const first = ended(function* () {
      return facts(
        yield* map(['fail', 'wait', 'c'], body, { completion: completion.firstSuccessful }),
      )
    })
    const second = ended(function* () {
      const options = { batch: { items: 2 }, completion: completion.firstSuccessful }
      return facts(yield* map(['a', 'fail', 'wait'], body, options))
    })

    expect(first.value).to.deep.equal([
      'MIN_SUCCESSFUL_REACHED',
      ['0 FAILED', '1 STARTED', '2 SUCCEEDED'],
      ['CHILD_CONTEXT_FAILED: boom'],
      [300_000],
    ])
    expect(second.value).to.deep.equal([
      'MIN_SUCCESSFUL_REACHED',
      ['0 SUCCEEDED', '1 FAILED', '2 STARTED'],
      ['CHILD_CONTEXT_FAILED: boom'],
      [300_000],
    ])
  })

  it('costs a summary that cannot be made, and no more', () => {
    const summarize = () => {
      throw new Error('speechless')
    }
    const { value, words } = ended(function* () {
      return lengths(yield* map(['a', 'b'], (item) => itself(large(item)), { summarize }))
    })

    expect(value).to.deep.equal([150_000, 150_000])
    expect(summaryIn(words)).to.not.have.property('summary')
  })
})

describe('a fan-out that suspends', () => {
  const work = function* () {
    const body = function* (item: string, index: number) {
      if (index === 0) yield* wait('1h')
      return yield* one(item)
    }
    return told(yield* map('m', ['a', 'b', 'c'], body, { maxConcurrency: 2 }))
  }

  it('goes on with other items, and then waits', () => {
    const stage = new Stage(work).finish()

    expect([stage.machine.isParked, stage.ledger.statuses]).to.deep.equal([
      true,
      {
        '1': 'STARTED',
        '1-1': 'STARTED',
        '1-2': 'SUCCEEDED',
        '1-3': 'SUCCEEDED',
        '1-1-1': 'STARTED',
        '1-2-1': 'SUCCEEDED',
        '1-3-1': 'SUCCEEDED',
      },
    ])
  })

  it('goes on where it was, and starts nothing again', () => {
    const { ledger } = new Stage(work).finish()
    ledger.happen('1-1-1', { status: 'SUCCEEDED' })
    const stage = new Stage(work, { ledger }).finish()

    expect(onlyStarts(stage.take())).to.deep.equal(['START 1-1-2', 'run 1-1-2'])
    expect(new Stage(work, { ledger }).take()).to.deep.equal([
      'returned ["ALL_COMPLETED","0 map-item-0 SUCCEEDED \\"a\\"","1 map-item-1 SUCCEEDED \\"b\\"",' +
        '"2 map-item-2 SUCCEEDED \\"c\\""]',
    ])
  })

  const badSerdes: Record<string, Serdes<BatchRecord<unknown>>> = {
    'cannot write it': {
      serialize: () => {
        throw new Error('too wide')
      },
      deserialize: (text) => JSON.parse(text) as BatchRecord<unknown>,
    },
    'gives back no batch': { serialize: () => '{}', deserialize: () => ({}) as never },
    'cannot read it': {
      serialize: () => '{}',
      deserialize: () => {
        throw new Error('what')
      },
    },
  }
  for (const [kind, serdes] of Object.entries(badSerdes)) {
    it(`fails, and is recorded as failed, where a serdes ${kind}`, () => {
      const stage = new Stage(function* () {
        return yield* map([1], itself, { serdes })
      }).finish()
      const again = new Stage(
        function* () {
          return yield* map([1], itself)
        },
        { ledger: stage.ledger },
      )

      expect(stage.ledger.statuses).to.include({ '1': 'FAILED', '1-1': 'SUCCEEDED' })
      expect(stage.take().at(-1)).to.match(/^threw SERDES_FAILED: /)
      expect(again.take().at(-1)).to.match(/^threw SERDES_FAILED: /)
    })
  }

  it('fails an item whose record cannot be read back', () => {
    const { ledger } = new Stage(work).finish()
    ledger.happen('1-1-1', { status: 'SUCCEEDED' })
    ledger.happen('1-2', { status: 'SUCCEEDED', result: 'no JSON' })

    const [said, returned] = new Stage(work, { ledger }).take()
    expect(said).to.match(/^SUCCEED 1 .*"FAILURE_TOLERANCE_EXCEEDED"/)
    expect(returned).to.match(/"1 map-item-1 FAILED SERDES_FAILED: /)
  })

  it('is over in a later invocation, in process as by hand', async () => {
    const embedded = new Embedded()
    embedded.register('f', createDriver().lambdaHandler(work))
    const { DurableExecutionArn = '' } = await embedded.service.invoke({
      FunctionName: 'f',
      Qualifier: '$LATEST',
      InvocationType: 'Event',
      Payload: 'null',
    })
    await embedded.service.ended(DurableExecutionArn)
    const { Result } = await embedded.service.getDurableExecution({ DurableExecutionArn })

    expect(JSON.parse(Result ?? 'null')).to.deep.equal([
      'ALL_COMPLETED',
      '0 map-item-0 SUCCEEDED "a"',
      '1 map-item-1 SUCCEEDED "b"',
      '2 map-item-2 SUCCEEDED "c"',
    ])
  })
})
