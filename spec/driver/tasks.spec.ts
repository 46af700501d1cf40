import { expect } from 'chai'
import {
  all,
  childContext,
  createCallback,
  fork,
  isPerdureError,
  retry,
  step,
  wait,
  type Coroutine,
  type Task,
} from '../../lib/index.ts'
import { Ledger } from '../support/ledger.ts'
import { Stage } from '../support/stage.ts'

/** What joining it comes to: its value, or the code of what it throws. */
function* outcomeOf(task: Task<unknown>): Coroutine<unknown> {
  try {
    return yield* task
  } catch (error) {
    return isPerdureError(error) ? error.code : error
  }
}

describe('a forked task', () => {
  it('runs beside the code that goes on, under numbers of its own', () => {
    const stage = new Stage(function* () {
      yield* fork(step('aside', () => 1))
      yield* step('main', () => 2)
    })

    expect(stage.take()).to.deep.equal(['START 1-1', 'START 2', 'run 1-1', 'run 2'])
  })

  it('is joined any number of times, before and after its end', () => {
    const stage = new Stage(function* () {
      const task = yield* fork(
        'five',
        step(() => 5),
      )
      const early = yield* all([task, task])
      return [...early, yield* task]
    })

    expect(stage.finish().take().at(-1)).to.equal('returned [5,5,5]')
  })

  it('costs no record and takes no number for a join', () => {
    const stage = new Stage(function* () {
      const task = yield* fork(step(() => 5))
      yield* task
      yield* step('next', () => 6)
    })

    expect(stage.finish().ledger.statuses).to.have.all.keys('1-1', '2')
  })

  it('hands its failure to those who join it, each time', () => {
    const stage = new Stage(
      function* () {
        const task = yield* fork(
          step(() => {
            throw new Error('no')
          }),
        )
        return [yield* outcomeOf(task), yield* outcomeOf(task)]
      },
      { retry: retry.none },
    )

    expect(stage.finish().take().at(-1)).to.equal('returned ["STEP_FAILED","STEP_FAILED"]')
  })

  it('fails with a warning where nobody joins it', () => {
    const stage = new Stage(function* () {
      yield* fork('nightly', function* (): Coroutine<never> {
        throw new Error('unheard')
      })
      return yield* step(() => 'fine')
    })

    expect(stage.finish().take().slice(-3)).to.deep.equal([
      'warn The task "nightly" failed, and nobody joined it, so its failure is lost: unheard. Join it by ' +
        '`yield* task`, or catch what it throws inside the task.',
      'SUCCEED 2 "fine"',
      'returned "fine"',
    ])
  })

  it('fails without a warning where it was joined, or cancelled', () => {
    const stage = new Stage(function* () {
      const failing = function* (): Coroutine<never> {
        throw new Error('heard')
      }
      yield* outcomeOf(yield* fork(failing))
      const other = yield* fork(failing)
      yield* step(() => 1)
      yield* other.cancel()
    })

    expect(stage.finish().take().join()).not.to.contain('warn')
  })

  it('ends when it is cancelled, and whoever joins it catches CANCELLED', () => {
    const stage = new Stage(function* () {
      const task = yield* fork(wait('1h'))
      yield* task.cancel()
      yield* task.cancel()
      return [yield* outcomeOf(task), yield* outcomeOf(task)]
    })

    expect(stage.take()).to.deep.equal([
      'START 1-1',
      'CANCEL 1-1',
      'returned ["CANCELLED","CANCELLED"]',
    ])
  })

  it('wakes those who wait for it when it is cancelled by another', () => {
    const stage = new Stage(function* () {
      const task = yield* fork(wait('1h'))
      const other = yield* fork(() => outcomeOf(task))
      yield* step('first', () => 1)
      yield* task.cancel()
      return yield* other
    })

    expect(stage.finish().take().at(-1)).to.equal('returned "CANCELLED"')
  })

  it('has cleaned up before the code that cancels it goes on', () => {
    const words: string[] = []
    new Stage(function* () {
      const task = yield* fork(function* () {
        try {
          yield* wait('1h')
        } finally {
          words.push('cleaned up')
        }
      })
      yield* step('first', () => 1)
      yield* task.cancel()
      words.push('went on')
    }).finish()

    expect(words).to.deep.equal(['cleaned up', 'went on'])
  })

  it('says so to code in it that joins or cancels it', () => {
    const messages: string[] = []
    const stage = new Stage(function* () {
      const task: Task<string> = yield* fork('own', function* (): Coroutine<string> {
        yield* wait('1s')
        for (const routine of [task, task.cancel()]) {
          try {
            yield* childContext<unknown>(() => routine)
          } catch (error) {
            messages.push((error as Error).message)
          }
        }
        return 'done'
      })
      return yield* task
    })
    stage.finish().happen('1-1', { status: 'SUCCEEDED' }).finish()

    expect(messages).to.deep.equal([
      'The task "own" was joined from inside itself, which would wait for its own end.',
      'The task "own" was cancelled from inside itself: return or throw to end it.',
    ])
    expect(stage.take().at(-1)).to.equal('returned "done"')
  })

  it('is cancelled for those who join it afterwards, even if it had come to its end', () => {
    const stage = new Stage(function* () {
      const task = yield* fork(step(() => 5))
      yield* step(() => 1)
      yield* step(() => 2)
      yield* task.cancel()
      return yield* task
    })

    expect(stage.finish().take().at(-1)).to.match(/^threw CANCELLED/)
  })

  it('is none the worse for being cancelled by those who have joined it', () => {
    const stage = new Stage(function* () {
      const task = yield* fork(step(() => 5))
      yield* task
      yield* task.cancel()
      return yield* task
    })

    expect(stage.finish().take().at(-1)).to.equal('returned 5')
  })
})

describe('a scope that ends', () => {
  it('cancels the tasks that nobody joined, before its own end is said', () => {
    const stage = new Stage(function* () {
      yield* childContext('scope', function* () {
        yield* fork(wait('1h'))
        yield* step('body', () => 1)
      })
      yield* wait('1s')
    })

    expect(stage.finish().take()).to.deep.equal([
      'START 1',
      'START 1-1-1',
      'START 1-2',
      'run 1-2',
      'SUCCEED 1-2 1',
      'CANCEL 1-1-1',
      'SUCCEED 1',
      'START 2',
    ])
  })

  it('does so when its body throws, and the failure is what it was', () => {
    const stage = new Stage(function* () {
      yield* fork(wait('1h'))
      yield* step('body', () => 1)
      throw new Error('boom')
    })

    expect(stage.finish().take().slice(-2)).to.deep.equal(['CANCEL 1-1', 'threw Error: boom'])
  })

  it('cancels at the end of the workflow itself too', () => {
    const stage = new Stage(function* () {
      yield* fork(wait('1h'))
      return yield* step('body', () => 1)
    })

    expect(stage.finish().take().slice(-2)).to.deep.equal(['CANCEL 1-1', 'returned 1'])
  })

  it('ends tasks of tasks, the innermost first', () => {
    const words: string[] = []
    function* nested(depth: number): Coroutine<void> {
      try {
        if (depth > 0) yield* fork(() => nested(depth - 1))
        yield* wait('1h')
      } finally {
        words.push(`depth ${depth}`)
      }
    }
    new Stage(function* () {
      yield* fork(() => nested(2))
      yield* step('body', () => 1)
    }).finish()

    expect(words).to.deep.equal(['depth 0', 'depth 1', 'depth 2'])
  })
})

describe('a replay of a cancelled task', () => {
  it('stands where it had been cancelled, and says nothing of it again', () => {
    const ledger = new Ledger()
    function* workflow() {
      const task = yield* fork(function* () {
        yield* wait('1h')
        yield* step('never', () => 1)
        return 'went on'
      })
      yield* step('first', () => 1)
      yield* task.cancel()
      yield* wait('1s')
      return yield* outcomeOf(task)
    }
    new Stage(workflow, { ledger }).finish()
    ledger.happen('3', { status: 'SUCCEEDED' })

    expect(new Stage(workflow, { ledger }).finish().take()).to.deep.equal(['returned "CANCELLED"'])
  })

  it('goes no further for what has come since', () => {
    const ledger = new Ledger()
    function* workflow() {
      const task = yield* fork(function* () {
        const { result } = yield* createCallback('asked')
        yield* result
        return yield* step('charge', () => 'charged')
      })
      yield* step('first', () => 1)
      yield* task.cancel()
      yield* wait('1s')
      return yield* outcomeOf(task)
    }
    new Stage(workflow, { ledger }).finish()
    ledger.happen('1-1', { status: 'SUCCEEDED', result: '1' })
    ledger.happen('3', { status: 'SUCCEEDED' })

    expect(new Stage(workflow, { ledger }).finish().take()).to.deep.equal(['returned "CANCELLED"'])
  })

  it('goes no further in a context that is replayed for its result', () => {
    const ledger = new Ledger()
    const much = 'much '.repeat(60_000)
    function* workflow() {
      const text = yield* childContext('large', function* () {
        yield* fork(function* () {
          const { result } = yield* createCallback('asked')
          yield* result
          return yield* step('charge', () => 'charged')
        })
        yield* step('first', () => 1)
        return much
      })
      yield* wait('1s')
      return text.length
    }
    new Stage(workflow, { ledger }).finish()
    ledger.happen('1-1-1', { status: 'SUCCEEDED', result: '1' })
    ledger.happen('2', { status: 'SUCCEEDED' })

    expect(new Stage(workflow, { ledger }).finish().take()).to.deep.equal(['returned 300000'])
  })
})
