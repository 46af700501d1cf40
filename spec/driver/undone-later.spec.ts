import { expect } from 'chai'
import {
  all,
  allSettled,
  any,
  childContext,
  fork,
  map,
  now,
  parallel,
  race,
  retry,
  saga,
  step,
  wait,
  type Coroutine,
  type Member,
  type Routine,
} from '../../lib/index.ts'
import { Ledger } from '../support/ledger.ts'
import { Stage } from '../support/stage.ts'

/** A step that can be undone. */
const booked = (what: string) => step(what, () => what, { compensate: (value) => `no ${value}` })

const refused = () =>
  step('refused', (): never => {
    throw new Error('refused')
  })

function* bookedAndRefused(): Coroutine<void> {
  yield* booked('one')
  yield* refused()
}

/** What was undone, in order. */
function undone(words: readonly string[]): string[] {
  return words.flatMap((word) => /^SUCCEED c-\S+ "no (\w+)"/.exec(word)?.[1] ?? [])
}

/** Runs a workflow to its first suspension, and once more from its records when wait `2` is over. */
function runTwice(workflow: () => Coroutine<unknown>): { first: string[]; second: string[] } {
  const ledger = new Ledger()
  const first = new Stage(workflow, { ledger, retry: retry.none }).finish().take()
  ledger.happen('2', { status: 'SUCCEEDED' })
  return {
    first,
    second: new Stage(workflow, { ledger, retry: retry.none }).finish().take(),
  }
}

describe('a step that can be undone, in an invocation that only replays what is around it', () => {
  const groups: Record<string, () => Coroutine<unknown>> = {
    'the winner of a race': function* () {
      return yield* race([booked('one'), wait('1h')])
    },
    'the loser of a race': function* () {
      return yield* race([
        function* () {
          yield* booked('one')
          yield* wait('1h')
        },
        function* () {
          yield* step('quick', () => 1)
          yield* step('quick', () => 2)
        },
      ])
    },
    'the winner of an any': function* () {
      return yield* any([refused(), booked('one')])
    },
    'an all that failed': function* () {
      yield* all([bookedAndRefused, wait('1h')])
    },
    'an allSettled of which one failed': function* () {
      yield* allSettled([bookedAndRefused])
    },
    'a context that failed': function* () {
      yield* childContext(bookedAndRefused)
    },
    'a context that failed, in another that did not': function* () {
      yield* childContext(function* () {
        try {
          yield* childContext(bookedAndRefused)
        } catch {
          return 'fine'
        }
      })
    },
    'an item that failed': function* () {
      yield* map([1], bookedAndRefused)
    },
    'an item of a flat fan-out that failed': function* () {
      yield* map([1], bookedAndRefused, { nesting: 'flat' })
    },
    'an item that was still under way': function* () {
      yield* map(
        [1, 2],
        function* (item) {
          if (item === 2) return yield* step('quick', () => 2)
          yield* booked('one')
          yield* wait('1h')
        },
        { completion: { minSuccessful: 1 } },
      )
    },
    'an item of a fan-out in an item that was still under way': function* () {
      const inner: (() => Routine<unknown>)[] = [() => now(), () => booked('one'), () => wait('1h')]
      const outer: (() => Routine<unknown>)[] = [
        () => map(inner, (item) => item(), { nesting: 'flat' }),
        function* () {
          yield* step('quick', () => 1)
          yield* step('quick', () => 2)
        },
      ]
      yield* map(outer, (item) => item(), { completion: { minSuccessful: 1 } })
    },
    'a branch by its name': function* () {
      yield* parallel({ left: bookedAndRefused, right: step(() => 1) })
    },
    'a task that was cancelled': function* () {
      yield* childContext(function* () {
        const task = yield* fork(function* () {
          yield* booked('one')
          yield* wait('1h')
        })
        yield* step(() => 1)
        yield* step(() => 2)
        yield* task.cancel()
      })
    },
  }
  for (const [kind, group] of Object.entries(groups)) {
    it(`is undone where it is in ${kind}`, () => {
      const { first, second } = runTwice(function* () {
        try {
          yield* group()
        } catch {
          // Caught: what was done stands, until the workflow fails.
        }
        yield* wait('1s')
        throw new Error('too late')
      })

      expect(undone(first), 'before the failure').to.deep.equal([])
      expect(undone(second)).to.deep.equal(['one'])
      expect(second.at(-1)).to.equal('threw SAGA_FAILED: too late')
      expect(second.filter((word) => /^(START|run) [^c]/.test(word))).to.deep.equal([])
    })
  }

  it('is found again beside a task that leaves no record', () => {
    const { second } = runTwice(function* () {
      yield* childContext(function* () {
        const task = yield* fork(() => now())
        yield* booked('one')
        return yield* task
      })
      yield* wait('1s')
      throw new Error('too late')
    })

    expect(undone(second)).to.deep.equal(['one'])
    expect(second.at(-1)).to.equal('threw SAGA_FAILED: too late')
  })

  it('is undone after a crash between the end of the item that failed and the end of the whole', () => {
    const ledger = new Ledger()
    function* workflow() {
      const { all: items } = yield* map<() => Routine<unknown>, unknown>(
        [() => booked('one'), refused],
        (item) => item(),
      )
      yield* wait('1s')
      throw new Error(items.map(({ status }) => status).join())
    }
    const options = { ledger, retry: retry.none }
    new Stage(workflow, options).run('1-1-1').acknowledge().run('1-2-1').acknowledge(2)
    expect(ledger.statuses).to.include({ '1': 'STARTED', '1-1': 'SUCCEEDED', '1-2': 'FAILED' })
    new Stage(workflow, options).finish()
    ledger.happen('2', { status: 'SUCCEEDED' })
    const words = new Stage(workflow, options).finish().take()

    expect(undone(words)).to.deep.equal(['one'])
    expect(words.at(-1)).to.equal('threw SAGA_FAILED: SUCCEEDED,FAILED')
  })

  it('is undone after a crash before the end of a flat fan-out, though a replay meets it late', () => {
    const ledger = new Ledger()
    const virtually = (body: Member<unknown>) => childContext(undefined, body, { virtual: true })
    const items: (() => Routine<unknown>)[] = [
      refused,
      function* () {
        yield* virtually(virtually(virtually(booked('one'))))
        yield* wait('1h')
      },
    ]
    function* workflow() {
      yield* map(items, (item) => item(), { nesting: 'flat' })
      yield* wait('1s')
      throw new Error('too late')
    }
    const options = { ledger, retry: retry.none }
    new Stage(workflow, options).run('1-2-1-1-1-1').acknowledge().run('1-1-1').acknowledge(1)
    expect(ledger.statuses).to.include({ '1': 'STARTED', '1-1-1': 'FAILED', '1-2-2': 'STARTED' })
    new Stage(workflow, options).finish()
    ledger.happen('2', { status: 'SUCCEEDED' })

    expect(undone(new Stage(workflow, options).finish().take())).to.deep.equal(['one'])
  })

  it('is undone once, where a saga that succeeded was in one that failed', () => {
    const ledger = new Ledger()
    function* workflow() {
      yield* saga(function* () {
        yield* saga(() => booked('one'))
        yield* refused()
      })
    }
    const stage = new Stage(workflow, { ledger, retry: retry.none })
    stage.acknowledge().run().acknowledge().run().acknowledge()
    expect(ledger.statuses).to.include({ '1-1': 'SUCCEEDED', 'c-1-1-1': 'STARTED' })
    const words = new Stage(workflow, { ledger, retry: retry.none }).finish().take()

    expect(undone(words)).to.deep.equal(['one'])
    expect(words.at(-1)).to.equal('threw SAGA_FAILED: refused')
  })

  it('is not undone a second time where the saga around it has failed', () => {
    const { first, second } = runTwice(function* () {
      try {
        yield* saga(bookedAndRefused)
      } catch {
        // It has given back what it had.
      }
      yield* wait('1s')
      throw new Error('too late')
    })

    expect(undone(first)).to.deep.equal(['one'])
    expect(undone(second)).to.deep.equal([])
  })

  it('is undone in the order in which the steps had ended, whatever order a replay meets them in', () => {
    const ledger = new Ledger()
    function* workflow() {
      yield* all([booked('late'), booked('early')])
      yield* wait('1s')
      throw new Error('too late')
    }
    new Stage(workflow, { ledger }).run('1-2-1').acknowledge().run('1-1-1').finish()
    ledger.happen('2', { status: 'SUCCEEDED' })

    expect(undone(new Stage(workflow, { ledger }).finish().take())).to.deep.equal(['late', 'early'])
  })
})

describe('the undoing of what was cancelled', () => {
  /** Sets back the clock: all that has ended so far has ended in one millisecond. */
  function atOnce(ledger: Ledger): void {
    for (const record of ledger.records) {
      if (record.EndTimestamp !== undefined) ledger.put({ ...record, EndTimestamp: 0 })
    }
  }

  const loser = saga('trip', function* () {
    yield* booked('flight')
    yield* booked('hotel')
    yield* wait('1h')
  })

  it('goes on after a crash in the middle with the winner that was, though another had ended with it', () => {
    const ledger = new Ledger()
    function* workflow() {
      return yield* race([step('one', () => 1), step('two', () => 2), loser])
    }
    const stage = new Stage(workflow, { ledger })
    stage.run('1-3-1-1').acknowledge().run('1-3-1-2').acknowledge().run('1-2-1').acknowledge()
    // It ended in the same turn, after the race was decided and before it was cancelled.
    ledger.happen('1-1-1', { status: 'SUCCEEDED', result: '1' })
    atOnce(ledger)
    const words = new Stage(workflow, { ledger }).finish().take()

    expect(undone(words)).to.deep.equal(['hotel', 'flight'])
    expect(words.at(-1)).to.equal('returned 2')
  })

  it('goes on after a crash in a map that the failure of another item has ended', () => {
    const ledger = new Ledger()
    function* workflow() {
      const { failureCount } = yield* map([loser, refused()], (item) => item)
      return failureCount
    }
    const options = { ledger, retry: retry.none }
    const stage = new Stage(workflow, options).run('1-1-1-1').acknowledge().run('1-1-1-2')
    stage.acknowledge().run('1-2-1').acknowledge()
    expect(ledger.statuses).to.include({ 'c-1-1-1-2': 'STARTED', '1-1-1-3': 'CANCELLED' })
    atOnce(ledger)
    const words = new Stage(workflow, options).finish().take()

    expect(undone(words)).to.deep.equal(['hotel', 'flight'])
    expect(words.at(-1)).to.equal('returned 1')
  })

  it('goes on after a crash in a task that was cancelled', () => {
    const ledger = new Ledger()
    function* workflow() {
      const task = yield* fork(loser)
      yield* step('body', () => 1)
      yield* task.cancel()
      return 'done'
    }
    const stage = new Stage(workflow, { ledger }).run('1-1-1').acknowledge().run('1-1-2')
    stage.acknowledge().run('2').acknowledge()
    expect(ledger.statuses).to.include({ '1-1-3': 'CANCELLED', 'c-1-1-2': 'STARTED' })
    const words = new Stage(workflow, { ledger }).finish().take()

    expect(undone(words)).to.deep.equal(['hotel', 'flight'])
    expect(words.at(-1)).to.equal('returned "done"')
  })

  it('has the loser begin nothing after a crash, while the result of the winner is still being read', () => {
    const ledger = new Ledger()
    const slow = {
      serialize: (value: unknown) => JSON.stringify(value),
      deserialize: (text: string) => Promise.resolve(JSON.parse(text) as unknown),
    }
    function* workflow() {
      return yield* race([
        saga(function* () {
          yield* booked('one')
          yield* step('open', () => 1)
        }),
        step('quick', () => 1, { serdes: slow }),
      ])
    }
    const stage = new Stage(workflow, { ledger }).run('1-1-1-1').run('1-2-1')
    stage.succeed(1).acknowledge()
    expect(ledger.statuses).to.include({ '1-1-1-2': 'STARTED', 'c-1-1-1-1': 'STARTED' })

    expect(new Stage(workflow, { ledger }).take()).to.not.include('run 1-1-1-2')
  })

  it('goes on where the wait at which the loser was cancelled went off all the same', () => {
    const ledger = new Ledger()
    function* workflow() {
      return yield* race([
        saga(function* () {
          yield* booked('one')
          yield* wait('1h')
          return 'waited'
        }),
        step('quick', () => 'quick'),
      ])
    }
    const stage = new Stage(workflow, { ledger }).run('1-1-1-1').acknowledge()
    stage.run('1-2-1').acknowledge()
    expect(ledger.statuses).to.include({ 'c-1-1-1-1': 'STARTED' })
    ledger.happen('1-1-1-2', { status: 'SUCCEEDED' })
    const words = new Stage(workflow, { ledger }).finish().take()

    expect(undone(words)).to.deep.equal(['one'])
    expect(words.at(-1)).to.equal('returned "quick"')
  })

  it('says that a saga has succeeded which ended in the turn in which it was to be cancelled', () => {
    const stage = new Stage(function* () {
      return yield* race([
        saga(() => now()),
        function* () {
          yield* now()
          return 'first'
        },
      ])
    })

    expect(stage.finish().take()).to.deep.equal([
      'START 1-1-1',
      `SUCCEED 1-1-1 ${Date.UTC(2026, 0, 1)}`,
      'START 1',
      'SUCCEED 1 "first"',
      'returned "first"',
    ])
  })

  it('writes nothing of what had ended first where nothing is to be undone', () => {
    const stage = new Stage(function* () {
      return yield* race([saga(() => wait('1h')), step('quick', () => 1)])
    })

    expect(stage.finish().take().join()).not.to.contain(' d-')
  })

  it('begins only when what ended it is durable', () => {
    const stage = new Stage(function* () {
      return yield* race([loser, step('quick', () => 1)])
    })
    stage.run('1-1-1-1').acknowledge().run('1-1-1-2').acknowledge().take()
    const words = stage.run('1-2-1').take()

    expect(words).to.deep.equal([
      'SUCCEED 1-2-1 1',
      'CANCEL 1-1-1-3',
      'START d-1',
      'SUCCEED d-1 {"order":[1],"started":2}',
      'START c-1-1-1-2',
    ])
    expect(stage.acknowledge().take()).to.deep.equal(['run c-1-1-1-2'])
  })

  it('is not itself cancelled, when a saga that undoes its steps comes to lose a race', () => {
    const stage = new Stage(
      function* () {
        return yield* race([saga(bookedAndRefused), step('quick', () => 1)])
      },
      { retry: retry.none },
    )
    stage.run('1-1-1-1').acknowledge().run('1-1-1-2').acknowledge()
    stage.take()
    stage.run('1-2-1')

    expect(stage.finish().take()).to.include.members(['SUCCEED c-1-1-1-1 "no one"', 'returned 1'])
  })

  it('takes in what a task does that was started beside the code that fails', () => {
    const stage = new Stage(
      function* () {
        yield* fork(function* () {
          yield* booked('beside')
          yield* wait('1h')
        })
        yield* step('body', () => 1)
        yield* refused()
      },
      { retry: retry.none },
    )
    const words = stage.finish().take()

    expect(undone(words)).to.deep.equal(['beside'])
    expect(words.indexOf('CANCEL 1-2')).to.be.below(words.indexOf('START c-1-1'))
  })
})

describe('a saga that loses a race in the invocation in which it would have ended', () => {
  it('undoes its steps, and has not succeeded', () => {
    const ledger = new Ledger()
    function* workflow() {
      return yield* race([
        saga(function* () {
          yield* booked('one')
          return yield* step('slow', () => 'slow')
        }),
        wait('1s'),
      ])
    }
    new Stage(workflow, { ledger }).run('1-1-1-1').acknowledge()
    // Both are over by the time of the next invocation, the wait first.
    ledger.happen('1-2-1', { status: 'SUCCEEDED' })
    ledger.happen('1-1-1-2', { status: 'SUCCEEDED', result: '"slow"' })
    const stage = new Stage(workflow, { ledger }).finish()

    expect(undone(stage.take())).to.deep.equal(['one'])
    expect(ledger.statuses).to.include({ '1': 'SUCCEEDED', '1-1-1': 'STARTED' })
  })
})
