import { expect } from 'chai'
import {
  childContext,
  isPerdureError,
  map,
  parallel,
  race,
  retry,
  saga,
  step,
  wait,
  type Coroutine,
  type Operation,
} from '../../lib/index.ts'
import { Ledger } from '../support/ledger.ts'
import { Stage } from '../support/stage.ts'

/** A step that can be undone. */
const booked = (what: string) => step(what, () => what, { compensate: (value) => `no ${value}` })

function* trip(): Coroutine<void> {
  yield* booked('flight')
  yield* booked('hotel')
  throw new Error('no car')
}

/** What undoing has said, in order. */
function undone(words: readonly string[]): string[] {
  return words.filter((word) => /^(SUCCEED|FAIL|RETRY) c-/.test(word))
}

describe('a workflow that fails', () => {
  it('undoes its completed steps, last first, each as a step of its own', () => {
    expect(new Stage(trip).finish().take().slice(-7)).to.deep.equal([
      'START c-2',
      'run c-2',
      'SUCCEED c-2 "no hotel"',
      'START c-1',
      'run c-1',
      'SUCCEED c-1 "no flight"',
      'threw SAGA_FAILED: no car',
    ])
  })

  it('fails as it is where nothing is to be undone', () => {
    const stage = new Stage(function* () {
      yield* step('look', () => 1)
      throw new Error('no car')
    })

    expect(stage.finish().take().at(-1)).to.equal('threw Error: no car')
  })

  it('undoes no step that has not been completed', () => {
    const stage = new Stage(
      function* () {
        yield* booked('flight')
        yield* step('hotel', () => Promise.reject(new Error('full')), {
          compensate: () => 'never asked',
        })
      },
      { retry: retry.none },
    )
    stage.run().acknowledge().fail(new Error('full'))

    expect(undone(stage.finish().take())).to.deep.equal(['SUCCEED c-1 "no flight"'])
  })

  it('undoes nothing where the failure was caught in time', () => {
    const stage = new Stage(function* () {
      yield* booked('flight')
      try {
        throw new Error('small')
      } catch {
        return 'fine'
      }
    })

    expect(stage.finish().take().at(-1)).to.equal('returned "fine"')
  })

  it('undoes a step with the value that was recorded', () => {
    const stage = new Stage(function* () {
      yield* step('book', () => new Date(0) as unknown, { compensate: (value) => typeof value })
      throw new Error('no')
    })

    expect(undone(stage.finish().take())).to.deep.equal(['SUCCEED c-1 "string"'])
  })
})

describe('a compensation', () => {
  it('is tried again by the rule of the driver, and the next waits for it', () => {
    const stage = new Stage(function* () {
      yield* booked('flight')
      yield* step('hotel', () => 1, {
        compensate: (_value, { attempt }) => {
          if (attempt === 1) throw new Error('line busy')
        },
      })
      throw new Error('no car')
    }).finish()
    const first = stage.take().at(-1)
    stage.happen('c-2', { status: 'READY' }).finish()

    expect([first, undone(stage.take())]).to.deep.equal([
      'RETRY c-2 +1s',
      ['SUCCEED c-2', 'SUCCEED c-1 "no flight"'],
    ])
  })

  it('that fails for good does not stop the others, and the error has the account of all', () => {
    const stage = new Stage(
      function* () {
        yield* booked('flight')
        yield* step('hotel', () => 1, {
          compensate: () => {
            throw new Error('no refund')
          },
        })
        throw new TypeError('no car')
      },
      { retry: retry.none },
    ).finish()
    const { ending } = stage.machine
    const error = ending?.how === 'threw' ? ending.error : undefined

    expect(undone(stage.take())).to.deep.equal(['FAIL c-2', 'SUCCEED c-1 "no flight"'])
    if (!isPerdureError(error, 'SAGA_FAILED')) throw new Error('Expected SAGA_FAILED.')
    expect(error.errorType).to.equal('TypeError')
    expect(error.cause).to.include({ name: 'TypeError', message: 'no car' })
    const { compensations } = error.data as { compensations: { error?: object }[] }
    expect(compensations.map(({ error: _error, ...rest }) => rest)).to.deep.equal([
      { id: '2', name: 'hotel', status: 'FAILED' },
      { id: '1', name: 'flight', status: 'SUCCEEDED' },
    ])
    expect(compensations[0]?.error).to.include({ ErrorMessage: 'no refund' })
  })

  it('goes on where it stopped when the process dies between two', () => {
    const ledger = new Ledger()
    const stage = new Stage(trip, { ledger }).run().acknowledge().run().acknowledge()
    stage.run('c-2').acknowledge()

    expect(ledger.statuses).to.include({ 'c-2': 'SUCCEEDED', 'c-1': 'STARTED' })
    expect(new Stage(trip, { ledger }).finish().take()).to.deep.equal([
      'run c-1',
      'SUCCEED c-1 "no flight"',
      'threw SAGA_FAILED: no car',
    ])
  })

  it('goes on where it stopped when the process dies in the middle of one', () => {
    const ledger = new Ledger()
    new Stage(trip, { ledger }).run().acknowledge().run().acknowledge()

    expect(ledger.statuses).to.include({ 'c-2': 'STARTED' })
    expect(undone(new Stage(trip, { ledger }).finish().take())).to.deep.equal([
      'SUCCEED c-2 "no hotel"',
      'SUCCEED c-1 "no flight"',
    ])
  })
})

describe('a saga in a workflow', () => {
  it('fails with SAGA_FAILED, which can be caught, with the reason as its message', () => {
    const stage = new Stage(function* () {
      try {
        yield* saga('trip', trip)
      } catch (error) {
        if (!isPerdureError(error, 'SAGA_FAILED')) throw error
        return [error.message, error.data]
      }
      return 'not reached'
    })

    expect(JSON.parse(stage.finish().take().at(-1)?.slice(9) ?? '')).to.deep.equal([
      'no car',
      {
        compensations: [
          { id: '1-2', name: 'hotel', status: 'SUCCEEDED' },
          { id: '1-1', name: 'flight', status: 'SUCCEEDED' },
        ],
      },
    ])
  })

  it('gives the same error on a replay, and undoes nothing again', () => {
    const ledger = new Ledger()
    function* workflow() {
      let told: unknown
      try {
        yield* saga('trip', trip)
      } catch (error) {
        told = isPerdureError(error) ? [error.code, error.message, error.data] : error
      }
      yield* wait('1s')
      return told
    }
    const first = new Stage(workflow, { ledger }).finish()
    first.take()
    ledger.happen('2', { status: 'SUCCEEDED' })
    const again = new Stage(workflow, { ledger }).take()
    first.tell(...ledger.records)

    expect(again).to.deep.equal(first.take())
  })

  it('undoes only its own, not what was done before it', () => {
    const stage = new Stage(function* () {
      yield* booked('visa')
      try {
        yield* saga(trip)
      } catch {
        return 'stayed'
      }
      return 'went'
    }).finish()

    expect(undone(stage.take())).to.deep.equal([
      'SUCCEED c-2-2 "no hotel"',
      'SUCCEED c-2-1 "no flight"',
    ])
  })

  it('hands on to the saga around it what it has done, once it has succeeded', () => {
    const stage = new Stage(function* () {
      yield* booked('visa')
      yield* saga('trip', function* () {
        yield* booked('flight')
        yield* booked('hotel')
      })
      yield* booked('guide')
      throw new Error('rain')
    }).finish()

    expect(undone(stage.take())).to.deep.equal([
      'SUCCEED c-3 "no guide"',
      'SUCCEED c-2-2 "no hotel"',
      'SUCCEED c-2-1 "no flight"',
      'SUCCEED c-1 "no visa"',
    ])
  })
})

describe('steps in groups', () => {
  const groups: Record<string, () => Operation<unknown>> = {
    'a context': () =>
      childContext('c', function* () {
        yield* booked('one')
        yield* booked('two')
      }),
    'the items of a map': () => map(['one', 'two'], (what) => booked(what)),
    'the branches of a parallel': () => parallel([booked('one'), booked('two')]),
    'a context in a context': () =>
      childContext(
        childContext(function* () {
          yield* booked('one')
          yield* booked('two')
        }),
      ),
  }
  for (const [kind, group] of Object.entries(groups)) {
    it(`are undone where they are in ${kind}, also by an invocation that only replays it`, () => {
      const ledger = new Ledger()
      function* workflow() {
        yield* group()
        yield* wait('1s')
        throw new Error('too late')
      }
      new Stage(workflow, { ledger }).finish()
      ledger.happen('2', { status: 'SUCCEEDED' })
      const words = new Stage(workflow, { ledger }).finish().take()

      expect(undone(words).map((word) => word.split(' ').slice(2).join(' '))).to.deep.equal([
        '"no two"',
        '"no one"',
      ])
      expect(words.at(-1)).to.equal('threw SAGA_FAILED: too late')
    })
  }
})

describe('a saga that loses a race', () => {
  function* workflow() {
    const value = yield* race([
      saga(function* () {
        yield* booked('flight')
        yield* wait('1h')
      }),
      step('quick', () => 'won'),
    ])
    yield* wait('1s')
    return value
  }

  it('undoes what it has done before the race is decided for all to see', () => {
    const stage = new Stage(workflow).run('1-1-1-1').acknowledge().run('1-2-1')

    expect(stage.take().slice(-4)).to.deep.equal([
      'CANCEL 1-1-1-2',
      'START d-1',
      'SUCCEED d-1 {"order":[1],"started":2}',
      'START c-1-1-1-1',
    ])
    expect(stage.finish().take()).to.deep.equal([
      'run c-1-1-1-1',
      'SUCCEED c-1-1-1-1 "no flight"',
      'START 1',
      'SUCCEED 1 "won"',
      'START 2',
    ])
  })

  it('goes on undoing when the process dies meanwhile, and the winner is the same', () => {
    const ledger = new Ledger()
    new Stage(workflow, { ledger }).run('1-1-1-1').acknowledge().run('1-2-1').acknowledge()

    expect(ledger.statuses).to.include({ '1-1-1-2': 'CANCELLED', 'c-1-1-1-1': 'STARTED' })
    expect(new Stage(workflow, { ledger }).finish().take()).to.deep.equal([
      'run c-1-1-1-1',
      'SUCCEED c-1-1-1-1 "no flight"',
      'START 1',
      'SUCCEED 1 "won"',
      'START 2',
    ])
  })
})
