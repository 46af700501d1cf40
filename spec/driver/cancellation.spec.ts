import { expect } from 'chai'
import {
  all,
  allSettled,
  any,
  childContext,
  createCallback,
  fork,
  invoke,
  isPerdureError,
  map,
  parallel,
  race,
  retry,
  step,
  wait,
  type Coroutine,
  type Member,
  type Operation,
} from '../../lib/index.ts'
import { Hosted } from '../support/hosted.ts'
import { Ledger } from '../support/ledger.ts'
import { Stage } from '../support/stage.ts'

const quick = () => step('quick', () => 'won')

/** The stage of a race that the loser, member 1, has lost to a step. */
function lostBy(loser: Member<unknown>, ledger = new Ledger()): Stage {
  const stage = new Stage(
    function* () {
      return yield* race([loser, quick()])
    },
    { ledger },
  )
  stage.take()
  return stage.run('1-2-1')
}

describe('the loser of a race', () => {
  it('gets its wait cancelled at the service, in the call that tells who has won', () => {
    expect(lostBy(wait('1h')).take()).to.deep.equal([
      'SUCCEED 1-2-1 "won"',
      'CANCEL 1-1-1',
      'START 1',
      'SUCCEED 1 "won"',
      'returned "won"',
    ])
  })

  it('ends its invocation at once, though its wait had an hour to go', async () => {
    const hosted = new Hosted(function* () {
      return yield* race([wait('1h'), quick()])
    })
    const began = hosted.embedded.clock.now()

    expect(await hosted.run()).to.deep.equal({ Status: 'SUCCEEDED', Result: '"won"' })
    expect(hosted.embedded.clock.now() - began).to.be.below(60_000)
    expect(hosted.invocations).to.equal(1)
    expect(hosted.statuses).to.include({ '1-1-1': 'CANCELLED' })
  })

  const abandoned: Record<string, () => Operation<unknown>> = {
    callback: () => createCallback('asked'),
    invoke: () => invoke('callee'),
  }
  for (const [kind, build] of Object.entries(abandoned)) {
    it(`leaves its ${kind} to itself, and looks at it no more`, () => {
      const stage = lostBy(function* () {
        const made = yield* build()
        yield* (made as { result: Operation<unknown> }).result
        stage.say('went on')
      })
      const told = stage.acknowledge().take()
      stage.happen('1-1-1', { status: 'SUCCEEDED', result: '1' })

      expect([told, stage.take()]).to.deep.equal([
        ['SUCCEED 1-2-1 "won"', 'START 1', 'SUCCEED 1 "won"', 'returned "won"'],
        [],
      ])
    })
  }

  it('leaves the retry of its step to itself', () => {
    const stage = new Stage(function* () {
      yield* race([step('slow', () => Promise.reject(new Error('no'))), quick()])
      yield* wait('1h')
    })
    stage.fail(new Error('no')).acknowledge().run('1-2-1').acknowledge().take()
    stage.happen('1-1-1', { status: 'READY' })

    expect(stage.take()).to.deep.equal([])
  })

  it('has its running body dropped, and what that ends with is never said', () => {
    const stage = new Stage(function* () {
      yield* race([step('slow', () => 'late'), quick()])
      yield* wait('1h')
    })
    stage.run('1-2-1')
    const dropped = stage.machine.takeDropped().map(({ work }) => work.position.id)
    stage.take()

    expect([dropped, stage.run('1-1-1').take(), stage.acknowledge().take()]).to.deep.equal([
      ['1-1-1'],
      [],
      [],
    ])
  })

  it('has the signal of its running body aborted, and its late result is not recorded', async () => {
    const words: string[] = []
    let late: (value: string) => void = () => undefined
    const hosted = new Hosted(function* () {
      const value = yield* race([
        step('slow', ({ signal }) => {
          signal.addEventListener('abort', () => {
            words.push(`aborted: ${(signal.reason as { code: string }).code}`)
            late('late')
          })
          return new Promise<string>((resolve) => void (late = resolve))
        }),
        quick(),
      ])
      yield* wait('1s')
      return value
    })

    expect(await hosted.run()).to.deep.equal({ Status: 'SUCCEEDED', Result: '"won"' })
    expect(words).to.deep.equal(['aborted: CANCELLED'])
    expect(hosted.statuses).to.include({ '1-1-1': 'STARTED', '1': 'SUCCEEDED' })
  })

  it('is not begun where the race is decided before its turn', () => {
    const words: string[] = []
    const stage = new Stage(function* () {
      return yield* race([
        function* (): Coroutine<string> {
          return 'at once'
        },
        function* (): Coroutine<string> {
          words.push('began')
          return yield* quick()
        },
      ])
    })

    expect([stage.take(), words]).to.deep.equal([
      ['START 1', 'SUCCEED 1 "at once"', 'returned "at once"'],
      [],
    ])
  })
})

describe('the code of what is cancelled', () => {
  it('catches CANCELLED at its yield, and its finally blocks run, the inner one first', () => {
    const words: string[] = []
    function* inner() {
      try {
        yield* wait('1h')
      } finally {
        words.push('inner')
      }
    }
    lostBy(function* () {
      try {
        yield* inner()
      } catch (error) {
        words.push(isPerdureError(error) ? error.code : 'something else')
        throw error
      } finally {
        words.push('outer')
      }
    })

    expect(words).to.deep.equal(['inner', 'CANCELLED', 'outer'])
  })

  it('runs its finally blocks at no suspension, and not again on a replay', () => {
    const ledger = new Ledger()
    const words: string[] = []
    function* workflow() {
      const value = yield* race([
        function* () {
          try {
            yield* wait('1h')
          } finally {
            words.push('cleaned up')
          }
        },
        wait('1s'),
      ])
      yield* wait('1d')
      return value
    }
    const told: string[][] = []
    const stage = new Stage(workflow, { ledger }).finish()
    told.push([...words])
    stage.happen('1-2-1', { status: 'SUCCEEDED' }).finish()
    told.push([...words])
    new Stage(workflow, { ledger })
    told.push([...words])

    expect(told).to.deep.equal([[], ['cleaned up'], ['cleaned up']])
  })

  it('meets it again at every later yield, if it swallows it', () => {
    const words: string[] = []
    const stage = lostBy(function* () {
      for (const at of ['first', 'second', 'third']) {
        try {
          yield* at === 'first' ? wait('1h') : step(at, () => at)
        } catch (error) {
          words.push(`${at} ${(error as { code: string }).code}`)
        }
      }
      return 'swallowed'
    })

    expect(words).to.deep.equal(['first CANCELLED', 'second CANCELLED', 'third CANCELLED'])
    expect(stage.take()).to.deep.equal([
      'SUCCEED 1-2-1 "won"',
      'CANCEL 1-1-1',
      'START 1',
      'SUCCEED 1 "won"',
      'returned "won"',
    ])
  })

  it('is left where it is, if it swallows for ever', () => {
    let times = 0
    const stage = lostBy(function* (): Coroutine<never> {
      for (;;) {
        try {
          yield* wait('1h')
        } catch {
          times += 1
        }
      }
    })

    expect(stage.take().at(-1)).to.equal('returned "won"')
    expect(times).to.be.within(2, 1000)
  })

  it('may throw what it likes: nobody hears it', () => {
    const stage = lostBy(function* () {
      try {
        yield* wait('1h')
      } catch {
        throw new Error('while cleaning up')
      }
    })

    expect(stage.take().at(-1)).to.equal('returned "won"')
  })

  it('is not told of it in a context that has ended', () => {
    const words: string[] = []
    const stage = new Stage(function* () {
      return yield* race([
        function* () {
          try {
            yield* childContext(
              'done',
              step('first', () => 1),
            )
          } finally {
            words.push('through')
          }
          yield* wait('1h')
        },
        quick(),
      ])
    })
    stage.run('1-1-1-1').take()

    expect([words, stage.run().take().at(-1)]).to.deep.equal([['through'], 'returned "won"'])
  })
})

describe('contexts and groups in what is cancelled', () => {
  /** Says where it is when it is cancelled. */
  function* waiter(words: string[], name: string): Coroutine<void> {
    try {
      yield* wait(name, '1h')
    } finally {
      words.push(name)
    }
  }

  it('end from the inside out, and none of them is closed at the service', () => {
    const words: string[] = []
    const stage = lostBy(function* () {
      try {
        yield* childContext('outer', function* () {
          try {
            yield* childContext('inner', () => waiter(words, 'wait'))
          } finally {
            words.push('inner')
          }
        })
      } finally {
        words.push('outer')
      }
    })

    expect(words).to.deep.equal(['wait', 'inner', 'outer'])
    expect(stage.take()).to.deep.equal([
      'SUCCEED 1-2-1 "won"',
      'CANCEL 1-1-1-1-1',
      'START 1',
      'SUCCEED 1 "won"',
      'returned "won"',
    ])
  })

  const groups: Record<string, (members: Member<void>[]) => Operation<unknown>> = {
    all,
    allSettled,
    any,
    race,
    parallel: (members) => parallel(members),
  }
  for (const [kind, build] of Object.entries(groups)) {
    it(`cancel the members of ${kind} before the code around it`, () => {
      const words: string[] = []
      const stage = lostBy(function* () {
        try {
          yield* build([() => waiter(words, 'one'), () => waiter(words, 'two')])
        } finally {
          words.push('around')
        }
      })

      expect(words).to.deep.equal(['one', 'two', 'around'])
      expect(stage.take().filter((word) => word.startsWith('CANCEL'))).to.have.length(2)
      expect(stage.acknowledge().take()).to.deep.equal([])
    })
  }

  it('start no further item of a bounded map', () => {
    const stage = lostBy(map([1, 2, 3, 4], () => wait('1h'), { maxConcurrency: 2 }))

    expect(stage.take()).to.deep.equal([
      'SUCCEED 1-2-1 "won"',
      'CANCEL 1-1-1-1-1',
      'CANCEL 1-1-1-2-1',
      'START 1',
      'SUCCEED 1 "won"',
      'returned "won"',
    ])
  })

  it('never begin a body that was cancelled in the turn in which it was met', () => {
    const stage = new Stage(function* () {
      return yield* race([
        step('slow', () => 'late'),
        function* (): Coroutine<string> {
          return 'at once'
        },
      ])
    })

    expect(stage.take().filter((word) => word.startsWith('run'))).to.deep.equal([])
  })
})

describe('a replay of what was cancelled', () => {
  it('asks the members of a decided race nothing', () => {
    const ledger = new Ledger()
    let begun = 0
    function* workflow() {
      const value = yield* race([
        function* () {
          begun += 1
          yield* wait('1h')
        },
        quick(),
      ])
      yield* wait('1s')
      return value
    }
    new Stage(workflow, { ledger }).finish()
    ledger.happen('2', { status: 'SUCCEEDED' })

    expect([new Stage(workflow, { ledger }).take(), begun]).to.deep.equal([['returned "won"'], 1])
  })

  it('decides for the one that was first, where the process had died before that was recorded', () => {
    const ledger = new Ledger()
    function* workflow() {
      return yield* race([quick(), step('other', () => 'second')])
    }
    const stage = new Stage(workflow, { ledger, retry: retry.none }).run('1-2-1')
    stage.acknowledge(3)
    ledger.apply([
      {
        Id: '1-1-1',
        Type: 'STEP',
        SubType: 'Step',
        Name: 'quick',
        Action: 'SUCCEED',
        Payload: '1',
      },
    ])

    expect(new Stage(workflow, { ledger }).take()).to.deep.equal([
      'START 1',
      'SUCCEED 1 "second"',
      'returned "second"',
    ])
  })
})

describe('an all whose member waits for a task of the code that is cancelled', () => {
  it('is not recorded as failed by that', () => {
    const stage = new Stage(function* () {
      return yield* race([
        function* () {
          const task = yield* fork(step('slow', () => 1))
          return yield* all([task])
        },
        quick(),
      ])
    })
    stage.take()

    expect(stage.run('1-2-1').take()).to.deep.equal([
      'SUCCEED 1-2-1 "won"',
      'START 1',
      'SUCCEED 1 "won"',
      'returned "won"',
    ])
  })
})
