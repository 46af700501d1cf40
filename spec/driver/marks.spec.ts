import { expect } from 'chai'
import { childContext, status, step, version, wait } from '../../lib/index.ts'
import { Ledger } from '../support/ledger.ts'
import { Stage } from '../support/stage.ts'

/** What a workflow that asked for versions 1 to 2 leaves behind. */
function recorded(): Ledger {
  const ledger = new Ledger()
  function* workflow() {
    yield* version('gate', { min: 1, max: 2 })
    yield* wait('1s')
  }
  new Stage(workflow, { ledger }).finish()
  return ledger
}

describe('a version gate', () => {
  it('gives the newest version to an execution that comes to it first, and records it', () => {
    const stage = new Stage(function* () {
      return yield* version('gate', { min: 1, max: 3 })
    })

    expect(stage.take()).to.deep.equal(['START v-gate', 'SUCCEED v-gate 3', 'returned 3'])
  })

  it('is asked twice and recorded once', () => {
    const stage = new Stage(function* () {
      const first = yield* version('gate', { min: 1, max: 3 })
      return [first, yield* version('gate', { min: 1, max: 3 })]
    })

    expect(stage.take()).to.deep.equal(['START v-gate', 'SUCCEED v-gate 3', 'returned [3,3]'])
  })

  it('gives the oldest version to an execution that was past it before it was there', () => {
    const ledger = new Ledger()
    new Stage(
      function* () {
        yield* step('one', () => 1)
        yield* wait('1s')
      },
      { ledger },
    ).finish()
    ledger.happen('2', { status: 'SUCCEEDED' })
    const stage = new Stage(
      function* () {
        const before = yield* version('before', { min: 1, max: 2 })
        yield* step('one', () => 1)
        const amid = yield* version('amid', { min: 1, max: 2 })
        yield* wait('1s')
        return [before, amid, yield* version('after', { min: 1, max: 2 })]
      },
      { ledger },
    )

    expect(stage.take()).to.deep.equal(['START v-after', 'SUCCEED v-after 2', 'returned [1,1,2]'])
  })

  it('gives one answer to all who ask, be it before or behind what was there', () => {
    const ledger = new Ledger()
    function* before() {
      yield* wait('1s')
    }
    new Stage(before, { ledger }).finish()
    ledger.happen('1', { status: 'SUCCEEDED' })
    const stage = new Stage(
      function* () {
        const first = yield* version('gate', { min: 1, max: 2 })
        yield* wait('1s')
        return [first, yield* version('gate', { min: 1, max: 2 })]
      },
      { ledger },
    )

    expect(stage.take()).to.deep.equal(['returned [1,1]'])
  })

  it('renumbers nothing beside it', () => {
    const stage = new Stage(function* () {
      yield* version('gate', { min: 1, max: 2 })
      yield* step('one', () => 1)
    })

    expect(stage.take()).to.include('START 1')
  })

  const ranges = [
    { min: 1, max: 2, gives: 2 },
    { min: 2, max: 2, gives: 2 },
    { min: 2, max: 7, gives: 2 },
    { min: 0, max: 1, gives: undefined },
    { min: 3, max: 4, gives: undefined },
  ]
  for (const { min, max, gives } of ranges) {
    const words = gives === undefined ? 'is refused' : `stays ${gives}`
    it(`${words} where 2 is recorded and the code has versions ${min} to ${max}`, () => {
      const stage = new Stage(
        function* () {
          const found = yield* version('gate', { min, max })
          yield* wait('1s')
          return found
        },
        { ledger: recorded() },
      )
      const told = stage.take()

      if (gives === undefined) {
        expect(told).to.deep.equal([
          'stopped REPLAY_DIVERGED: The execution runs version 2 of "gate", and this code has ' +
            `versions ${min} to ${max} only. Keep the code of a version while executions that run ` +
            'it are in flight.',
        ])
      } else {
        stage.happen('1', { status: 'SUCCEEDED' })
        expect([told, stage.take()]).to.deep.equal([[], [`returned ${gives}`]])
      }
    })
  }
})

describe('a status', () => {
  it('is recorded beside the numbers, and nobody waits for it', () => {
    const stage = new Stage(function* () {
      yield* status({ at: 'start' })
      yield* step('one', () => 1)
      yield* status('half')
    })

    expect(stage.finish().take()).to.deep.equal([
      'START s-1',
      'SUCCEED s-1 {"at":"start"}',
      'START 1',
      'run 1',
      'SUCCEED 1 1',
      'START s-2',
      'SUCCEED s-2 "half"',
      'returned undefined',
    ])
  })

  it('may be nothing', () => {
    const stage = new Stage(function* () {
      yield* status(undefined)
    })

    expect(stage.take()).to.deep.equal(['START s-1', 'SUCCEED s-1', 'returned undefined'])
  })

  it('is counted in its context', () => {
    const stage = new Stage(function* () {
      yield* status(1)
      yield* childContext('c', function* () {
        yield* status(2)
      })
    })

    expect(stage.finish().ledger.statuses).to.have.all.keys('s-1', '1', 's-1-1')
  })

  it('is not said again on a replay', () => {
    const ledger = new Ledger()
    function* workflow() {
      yield* status('waiting')
      yield* wait('1s')
      yield* status('done')
    }
    new Stage(workflow, { ledger }).finish()
    ledger.happen('1', { status: 'SUCCEEDED' })

    expect(new Stage(workflow, { ledger }).take()).to.deep.equal([
      'START s-2',
      'SUCCEED s-2 "done"',
      'returned undefined',
    ])
  })

  it('that cannot be written fails where it is said', () => {
    const stage = new Stage(function* () {
      try {
        yield* status(1n)
      } catch (error) {
        return (error as { code: string }).code
      }
      return 'said'
    })

    expect(stage.take()).to.deep.equal(['returned "SERDES_FAILED"'])
  })
})
