import { expect } from 'chai'
import {
  any,
  childContext,
  createCallback,
  fork,
  now,
  saga,
  step,
  wait,
  type Coroutine,
} from '../../lib/index.ts'
import { Ledger } from '../support/ledger.ts'
import { Stage } from '../support/stage.ts'

/** Waits for the outside world, which answers when nobody listens any more. */
function* asked(): Coroutine<unknown> {
  const { result } = yield* createCallback('asked')
  return yield* result
}

/** What a workflow returns that goes on when the callback `asked` has been answered meanwhile. */
function returnedAfterwards(workflow: () => Coroutine<number>, callback: string) {
  const ledger = new Ledger()
  const first: number[] = []
  function* timed() {
    const time = yield* workflow()
    first.push(time)
    yield* wait('last', '1s')
    return time
  }
  new Stage(timed, { ledger }).finish()
  ledger.happen(callback, { status: 'SUCCEEDED', result: '1' })
  const last = ledger.records.find(({ Name }) => Name === 'last')?.Id ?? ''
  ledger.happen(last, { status: 'SUCCEEDED' })
  const returned = new Stage(timed, { ledger }).finish().take().at(-1)
  return { expected: `returned ${first[0]}`, returned }
}

describe('the time of what has been seen', () => {
  it('leaves out what a cancelled task was waiting for', () => {
    const { expected, returned } = returnedAfterwards(function* () {
      const task = yield* fork(asked)
      yield* step('one', () => 1)
      yield* step('two', () => 2)
      yield* task.cancel()
      return yield* now()
    }, '1-1')

    expect(returned).to.equal(expected)
  })

  it('leaves out what the loser was waiting for, where a replay walks it again', () => {
    const { expected, returned } = returnedAfterwards(function* () {
      const undone = { compensate: () => undefined }
      yield* any([asked, step('quick', () => 1, undone)])
      return yield* now()
    }, '1-1-1')

    expect(returned).to.equal(expected)
  })
})

describe('a task that a saga has started and not waited for', () => {
  it('begins nothing in an invocation in which the saga comes to its end', () => {
    const ledger = new Ledger()
    function* workflow() {
      return yield* saga(function* () {
        yield* fork(
          childContext(
            'beside',
            step('late', () => 1),
          ),
        )
        yield* step('book', () => 1, { compensate: () => undefined })
        return 'booked'
      })
    }
    new Stage(workflow, { ledger }).run('1-2').acknowledge(4)
    expect(Object.keys(ledger.statuses)).to.deep.equal(['1', '1-1-1', '1-2', '1-1-1-1'])
    const records = ledger.records.filter(({ Id }) => Id !== '1-1-1-1')
    const crashed = new Ledger()
    for (const record of records) crashed.put(record)
    crashed.happen('1-2', { status: 'SUCCEEDED', result: '1' })

    expect(new Stage(workflow, { ledger: crashed }).take()).to.deep.equal([
      'SUCCEED 1 "booked"',
      'returned "booked"',
    ])
  })
})
