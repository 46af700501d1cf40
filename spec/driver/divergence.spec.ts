import { expect } from 'chai'
import {
  childContext,
  createCallback,
  fork,
  step,
  wait,
  waitForCondition,
  type Coroutine,
} from '../../lib/index.ts'
import type { Ledger } from '../support/ledger.ts'
import { Stage } from '../support/stage.ts'

const advice =
  'Code before this point must take the same path on every replay: look for clocks, randomness, ' +
  'outside state, or a change of the code while executions were in flight.'

type Code = () => Coroutine<unknown>

function* recorded() {
  yield* step('one', () => 1)
  yield* step('two', () => 2)
  yield* step('three', () => 3)
  yield* wait('1h')
}

const journal = (code: Code = recorded): Ledger => new Stage(code).finish().ledger
const replay = (code: Code, ledger = journal()) => new Stage(code, { ledger }).take()

describe('a replay that yields something else than was recorded', () => {
  it('stops there, with both sides and their neighbours', () => {
    const words = replay(function* () {
      yield* step('one', () => 1)
      yield* step('deux', () => 2)
    })

    expect(words).to.deep.equal([
      'stopped REPLAY_DIVERGED: Replay diverged at operation 2: the journal holds step "two", ' +
        'the workflow yielded step "deux".\n' +
        '  1  journal: step "one"  code: step "one"\n' +
        '> 2  journal: step "two"  code: step "deux"\n' +
        '  3  journal: step "three"  code: …\n' +
        '  4  journal: wait  code: …\n' +
        advice,
    ])
  })

  const differences: { in: string; yielded: Code; says: string }[] = [
    {
      in: 'type',
      yielded: function* () {
        yield* wait('one', '1s')
      },
      says: 'the journal holds step "one", the workflow yielded wait "one".',
    },
    {
      in: 'sub-type',
      yielded: function* () {
        yield* waitForCondition('one', () => 1, { initialState: 0, strategy: () => false })
      },
      says: 'the journal holds step "one", the workflow yielded waitForCondition "one".',
    },
    {
      in: 'name, which it has lost',
      yielded: function* () {
        yield* step(() => 1)
      },
      says: 'the journal holds step "one", the workflow yielded step.',
    },
  ]
  for (const { in: what, yielded, says } of differences) {
    it(`is told by the ${what}`, () => {
      expect(replay(yielded)[0]).to.include(`diverged at operation 1: ${says}`)
    })
  }

  it('is told by the parent, where a context has become a virtual one', () => {
    const inside = (virtual: boolean): Code =>
      function* () {
        yield* step('before', () => 0)
        yield* childContext(
          'c',
          function* () {
            yield* step('s', () => 1)
            yield* wait('1h')
          },
          { virtual },
        )
      }
    const ledger = journal(inside(true))

    expect(replay(inside(false), ledger)[1]).to.include(
      'diverged at operation 2-1: the journal holds step "s", the workflow yielded step "s". ' +
        'The parent differs: none recorded, 2 yielded.',
    )
  })

  it('cannot be caught', () => {
    const words = replay(function* () {
      try {
        yield* step('eins', () => 1)
      } catch {
        return 'caught'
      }
    })

    expect(words[0]).to.match(/^stopped REPLAY_DIVERGED/)
  })

  it('tells the machine which operation it was stopped at', () => {
    const at = step('eins', () => 1)
    const stage = new Stage(
      function* () {
        yield* at
      },
      { ledger: journal() },
    )

    expect(stage.machine.ending).to.include({ how: 'stopped', at })
  })
})

describe('a replay that ends before it gets to what was recorded', () => {
  it('diverges at the first that it did not reach', () => {
    const words = replay(function* () {
      yield* step('one', () => 1)
    })

    expect(words).to.deep.equal([
      'stopped REPLAY_DIVERGED: Replay diverged at operation 2: the journal holds step "two", but ' +
        'the code ended before it got there.\n' +
        '  1  journal: step "one"  code: step "one"\n' +
        '> 2  journal: step "two"  code: the end\n' +
        '  3  journal: step "three"  code: …\n' +
        '  4  journal: wait  code: …\n' +
        advice,
    ])
  })

  it('diverges also where it ends by throwing', () => {
    const words = replay(function* () {
      throw new Error('early')
    })

    expect(words[0]).to.match(/^stopped REPLAY_DIVERGED: Replay diverged at operation 1: /)
  })

  it('diverges also in a context', () => {
    const code = (short: boolean): Code =>
      function* () {
        yield* childContext(function* () {
          yield* step('a', () => 1)
          if (!short) yield* wait('1h')
        })
      }

    expect(replay(code(true), journal(code(false)))[0]).to.match(
      /^stopped REPLAY_DIVERGED: Replay diverged at operation 1-2: the journal holds wait/,
    )
  })

  it('diverges also where what it did not reach is in a virtual context', () => {
    const code = (short: boolean): Code =>
      function* () {
        yield* step('a', () => 1)
        if (short) return
        yield* childContext(childContext(wait('1h'), { virtual: true }), { virtual: true })
      }

    expect(replay(code(true), journal(code(false)))[0]).to.match(/^stopped REPLAY_DIVERGED/)
  })
})

describe('a yield of what is no operation', () => {
  const yielded: [unknown, string][] = [
    [
      42,
      "Yielded 42 (number), which is not an operation. Did you mean `yield* step('name', () => …)`?",
    ],
    [
      undefined,
      "Yielded undefined, which is not an operation. Did you mean `yield* step('name', () => …)`?",
    ],
    [
      Promise.resolve(1),
      'Yielded a Promise, which is not an operation. Did you mean ' +
        "`yield* step('name', () => promise)`: work that takes time belongs in a step?",
    ],
    [
      [step(() => 1)],
      'Yielded an array of 1, which is not an operation. Did you mean `yield* all([…])`?',
    ],
    [
      (function* () {
        yield* step(() => 1)
      })(),
      'Yielded a generator, which is not an operation. Did you mean `yield*`: a generator is walked with the star?',
    ],
  ]
  for (const [value, message] of yielded) {
    it(`stops the workflow: ${message.slice(0, message.indexOf(','))}`, () => {
      const stage = new Stage(function* () {
        try {
          yield value as never
        } catch {
          return 'caught'
        }
      })

      expect(stage.take()).to.deep.equal([`stopped NOT_AN_OPERATION: ${message}`])
    })
  }

  it('may be a task, which is joined with the star', () => {
    const stage = new Stage(function* () {
      yield (yield* fork(step(() => 1))) as never
    })

    expect(stage.take().at(-1)).to.equal(
      'stopped NOT_AN_OPERATION: Yielded a TaskHandle, which is not an operation. ' +
        'Did you mean `yield* task`: a task is joined with the star?',
    )
  })

  it('is also a body that is none', () => {
    const stage = new Stage(function* () {
      try {
        yield* childContext('c', (() => 5) as never)
      } catch {
        return 'caught'
      }
    })

    expect(stage.take().at(-1)).to.match(
      /^stopped NOT_AN_OPERATION: The body of childContext "c" returned 5 \(number\), which cannot be run\./,
    )
  })

  it('is also a workflow that is an async function', () => {
    const stage = new Stage((async () => 1) as never)

    expect(stage.take()[0]).to.match(
      /^(stopped|threw) NOT_AN_OPERATION: The body of the workflow returned a Promise, which cannot be run\./,
    )
  })
})

describe('an operation in a body that cannot carry it out', () => {
  it('stops the workflow where it is returned', () => {
    const stage = new Stage(function* () {
      yield* step('outer', () => step('inner', () => 1))
    })
    stage.take()

    expect(stage.run().take()).to.deep.equal([
      'stopped FORGOTTEN_YIELD: The body of step "outer" returned step "inner", which nothing ' +
        'carries out: operations are yielded by the workflow, not used inside a body. Yield it in ' +
        'the workflow, or use childContext for several operations together.',
    ])
  })

  it('stops the workflow where the body is a generator', () => {
    const stage = new Stage(function* () {
      yield* step('outer', function* () {
        yield* wait('1s')
      })
    })
    stage.take()

    expect(stage.run().take()[0]).to.match(
      /^stopped FORGOTTEN_YIELD: The body of step "outer" is a generator, which nothing runs/,
    )
  })
})

describe('operations that were built', () => {
  it('and never yielded are counted', () => {
    const stage = new Stage(function* () {
      step('forgotten', () => 1)
      yield* step('met', () => 2)
    }).finish()

    expect(stage.machine.builds.hasUnused).to.equal(true)
  })

  it('and yielded twice are two operations, and told of', () => {
    const stage = new Stage(function* () {
      const again = step('again', () => 1)
      yield* again
      yield* again
    }).finish()

    expect(stage.ledger.statuses).to.deep.equal({ '1': 'SUCCEEDED', '2': 'SUCCEEDED' })
    expect([stage.machine.builds.hasUnused, stage.machine.builds.metAgain.length]).to.deep.equal([
      false,
      1,
    ])
  })

  it('outside the workflow may be yielded any number of times', () => {
    const shared = step('shared', () => 1)
    const stage = new Stage(function* () {
      yield* shared
      yield* shared
    }).finish()

    expect([stage.machine.builds.hasUnused, stage.machine.builds.metAgain.length]).to.deep.equal([
      false,
      0,
    ])
  })

  it('by the driver for a callback are nobody’s mistake', () => {
    const stage = new Stage(function* () {
      yield* createCallback()
    }).finish()

    expect(stage.machine.builds.hasUnused).to.equal(false)
  })
})
