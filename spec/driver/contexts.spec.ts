import { expect } from 'chai'
import { childContext, retry, step, wait, type Member, type Operation } from '../../lib/index.ts'
import { errorWords, Stage } from '../support/stage.ts'

const only = (build: () => Operation<unknown>) =>
  function* () {
    try {
      return yield* build()
    } catch (error) {
      return `caught ${errorWords(error)}`
    }
  }
const boom = () => {
  throw new Error('boom')
}
const large = 'x'.repeat(300_000)
const short = (words: readonly string[]) => words.map((word) => word.replace(/x{9,}/, 'xxx'))

describe('a child context', () => {
  it('counts its operations apart, and is their parent', () => {
    const stage = new Stage(function* () {
      yield* childContext('outer', function* () {
        yield* step('a', () => 1)
        yield* childContext('inner', () => step('b', () => 2))
        yield* step('c', () => 3)
      })
      yield* step('d', () => 4)
    }).finish()

    expect(
      stage.ledger.records.map(({ Id, ParentId, Name }) => [Id, ParentId, Name]).slice(1),
    ).to.deep.equal([
      ['1', undefined, 'outer'],
      ['1-1', '1', 'a'],
      ['1-2', '1', 'inner'],
      ['1-2-1', '1-2', 'b'],
      ['1-3', '1', 'c'],
      ['2', undefined, 'd'],
    ])
  })

  it('is not entered once its result is recorded', () => {
    const words: string[] = []
    const work = only(() =>
      childContext(function* () {
        words.push('entered')
        return yield* step(() => 1)
      }),
    )
    const stage = new Stage(work).finish()
    const replayed = new Stage(work, { ledger: stage.ledger }).take()

    expect([words, replayed]).to.deep.equal([['entered'], ['returned 1']])
  })

  it('fails with what its body threw, on replay as at first', () => {
    const work = only(() => childContext('c', () => step('s', boom, { retry: retry.none })))
    const stage = new Stage(work).finish()

    expect(stage.take()).to.deep.equal([
      'START 1',
      'START 1-1',
      'run 1-1',
      'FAIL 1-1',
      'FAIL 1',
      'returned "caught CHILD_CONTEXT_FAILED: boom"',
    ])
    expect(new Stage(work, { ledger: stage.ledger }).take()).to.deep.equal([
      'returned "caught CHILD_CONTEXT_FAILED: boom"',
    ])
    expect(stage.ledger.records[1]).to.have.nested.property(
      'ContextDetails.Error.ErrorType',
      'StepError',
    )
  })

  it('fails with what its errors are mapped to, on replay as at first', () => {
    const mapped: string[] = []
    const mapError = (error: unknown) => {
      mapped.push(errorWords(error))
      return new RangeError('mapped')
    }
    const work = only(() => childContext(boom, { mapError }))
    const stage = new Stage(work).finish()
    const replayed = new Stage(work, { ledger: stage.ledger }).take()
    const outcome = 'returned "caught RangeError: mapped"'

    expect([stage.take().at(-1), replayed]).to.deep.equal([outcome, [outcome]])
    expect(mapped).to.deep.equal(['Error: boom', 'Error: boom'])
  })

  it('fails with what the mapping itself throws', () => {
    const mapError = () => {
      throw new TypeError('bad mapping')
    }

    expect(new Stage(only(() => childContext(boom, { mapError }))).finish().take().at(-1)).to.equal(
      'returned "caught TypeError: bad mapping"',
    )
  })

  it('waits where it was, in the next invocation', () => {
    const work = only(() =>
      childContext(function* () {
        const one = yield* step(() => 1)
        yield* wait('1h')
        return one + 1
      }),
    )
    const stage = new Stage(work).finish()
    stage.ledger.happen('1-2', { status: 'SUCCEEDED' })
    const words = new Stage(work, { ledger: stage.ledger }).take()

    expect([stage.machine.isParked, words]).to.deep.equal([true, ['SUCCEED 1 2', 'returned 2']])
  })

  it('ends with no more than its own word where its body does nothing', () => {
    const stage = new Stage(only(() => childContext(function* () {})))

    expect(stage.take()).to.deep.equal(['START 1', 'SUCCEED 1', 'returned undefined'])
  })

  const members: [string, () => Member<number>][] = [
    ['a generator function', () => () => body()],
    ['a function that returns an operation', () => () => step(() => 7)],
    ['an operation', () => step(() => 7)],
    ['a generator object', () => body()],
  ]
  function* body() {
    return yield* step(() => 7)
  }
  for (const [what, member] of members) {
    it(`takes ${what} for its body, and nothing of it is forgotten on replay`, () => {
      const work = only(() => childContext(member()))
      const stage = new Stage(work).finish()
      const replayed = new Stage(work, { ledger: stage.ledger })

      expect([stage.take().at(-1), replayed.take()]).to.deep.equal(['returned 7', ['returned 7']])
      expect([stage.machine.builds.hasUnused, replayed.machine.builds.hasUnused]).to.deep.equal([
        false,
        false,
      ])
    })
  }
})

describe('a virtual context', () => {
  const work = only(() =>
    childContext('v', () => childContext('real', () => step(() => 7)), { virtual: true }),
  )

  it('leaves no word of its own, and its operations belong to the context around it', () => {
    const stage = new Stage(work).finish()
    const [, real, inner] = stage.ledger.records

    expect(stage.ledger.statuses).to.deep.equal({ '1-1': 'SUCCEEDED', '1-1-1': 'SUCCEEDED' })
    expect([real?.ParentId, inner?.ParentId]).to.deep.equal([undefined, '1-1'])
  })

  it('is walked through again on replay', () => {
    const stage = new Stage(work).finish()

    expect(new Stage(work, { ledger: stage.ledger }).take()).to.deep.equal(['returned 7'])
  })

  it('fails as a real one does', () => {
    const stage = new Stage(only(() => childContext(boom, { virtual: true })))

    expect(stage.take()).to.deep.equal(['returned "caught CHILD_CONTEXT_FAILED: boom"'])
  })

  it('takes a number all the same', () => {
    const stage = new Stage(function* () {
      yield* childContext(function* () {}, { virtual: true })
      yield* step(() => 1)
    })

    expect(stage.take()).to.deep.equal(['START 2', 'run 2'])
  })
})

describe('a result too large to be kept', () => {
  function* twice() {
    const first = yield* childContext('big', function* () {
      return (yield* step('part', () => 'x')).repeat(300_000)
    })
    yield* wait('1h')
    return first.length
  }

  it('is made again by its body, which reports nothing', () => {
    const stage = new Stage(twice).finish()
    const [, context] = stage.ledger.records
    stage.ledger.happen('2', { status: 'SUCCEEDED' })

    expect(context).to.have.deep.property('ContextDetails', { Result: '', ReplayChildren: true })
    expect(new Stage(twice, { ledger: stage.ledger }).take()).to.deep.equal(['returned 300000'])
  })

  it('is kept where it just fits', () => {
    const stage = new Stage(
      only(() => childContext(() => step(() => 'y'.repeat(262_142)))),
    ).finish()

    expect(stage.ledger.records[1]).to.not.have.nested.property('ContextDetails.ReplayChildren')
  })

  it('is counted in bytes', () => {
    const stage = new Stage(only(() => childContext(() => step(() => '€'.repeat(90_000))))).finish()

    expect(stage.ledger.records[1]).to.have.nested.property('ContextDetails.ReplayChildren', true)
  })

  it('is summed up for people, where that is asked', () => {
    const summarize = (value: string) => `${value.length} characters`
    const stage = new Stage(
      only(() => childContext(() => step(() => large), { summarize })),
    ).finish()

    expect(short(stage.take()).slice(3, 5)).to.deep.equal([
      'SUCCEED 1-1 "xxx"',
      'SUCCEED 1 300000 characters',
    ])
  })

  const summaries: [string, () => string][] = [
    ['fails', boom],
    ['is no text', () => 5 as never],
  ]
  for (const [how, summarize] of summaries) {
    it(`is kept, and the author warned, where its summary ${how}`, () => {
      const stage = new Stage(
        only(() => childContext('c', () => step(() => large), { summarize })),
      ).finish()
      const words = short(stage.take())

      expect(words.slice(3)).to.deep.equal([
        'warn The summary of childContext "c" could not be made, so none is recorded.',
        'SUCCEED 1-1 "xxx"',
        'SUCCEED 1 ',
        'returned "xxx"',
      ])
    })
  }

  it('diverges where its body, made again, fails', () => {
    let fails = false
    function* fickle() {
      const got = yield* childContext('big', function* () {
        yield* step('part', () => 1)
        if (fails) throw new Error('changed')
        return large
      })
      yield* wait('1h')
      return got.length
    }
    const stage = new Stage(fickle).finish()
    fails = true
    const [word] = new Stage(fickle, { ledger: stage.ledger }).take()

    expect(word).to.match(
      /^stopped REPLAY_DIVERGED: Replay diverged in childContext "big" \(operation 1\): the journal says that it succeeded/,
    )
  })

  const places: [string, boolean][] = [
    ['in itself', false],
    ['in a virtual context', true],
  ]
  for (const [place, virtual] of places) {
    it(`diverges where its body, made again, asks for more ${place}`, () => {
      let more = false
      function* extra() {
        yield* step('part', () => 1)
        if (more) yield* step('extra', () => 2)
      }
      function* greedy() {
        yield* childContext('big', function* () {
          if (virtual) yield* childContext(extra, { virtual })
          else yield* extra()
          return large
        })
        yield* wait('1h')
      }
      const stage = new Stage(greedy).finish()
      more = true
      const [word] = new Stage(greedy, { ledger: stage.ledger }).take()

      expect(word).to.match(/^stopped REPLAY_DIVERGED: Replay diverged at operation 1-(1-)?2: /)
      expect(word).to.include('yielded step "extra", which the journal does not hold')
    })
  }
})

describe('a body that returns what it should have yielded', () => {
  it('ends the execution, and nothing of it is recorded as a result', () => {
    const stage = new Stage(function* () {
      return yield* childContext('outer', function* () {
        return step('lost', () => 1)
      })
    })

    expect(stage.finish().take()).to.deep.equal([
      'START 1',
      'stopped FORGOTTEN_YIELD: The body of childContext "outer" returned step "lost", which nothing ' +
        'carries out. Write `return yield*`.',
    ])
  })
})
