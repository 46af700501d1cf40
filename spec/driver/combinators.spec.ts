import { expect } from 'chai'
import {
  all,
  allSettled,
  any,
  childContext,
  createDriver,
  map,
  race,
  retry,
  step,
  wait,
} from '../../lib/index.ts'
import { Embedded } from '../../lib/testing/embedded.ts'
import { errorWords, Stage } from '../support/stage.ts'

const one = <T>(value: T) => step(() => value)
const bad = (message: string) => () =>
  step(
    (): never => {
      throw new Error(message)
    },
    { retry: retry.none },
  )

/** The workflow, with its failure in words. */
const careful = (work: () => Generator<never, unknown> | object) =>
  function* () {
    try {
      return yield* work() as Generator<never, unknown>
    } catch (error) {
      return `caught ${errorWords(error)}`
    }
  }

/** What is said on a stage, and what a replay of it says: one word, the last of the first run. */
function ended(work: () => Generator<never, unknown> | object): string[] {
  const stage = new Stage(careful(work)).finish()
  const words = stage.take()
  expect(new Stage(careful(work), { ledger: stage.ledger }).take()).to.deep.equal(words.slice(-1))
  return words
}

describe('all', () => {
  it('starts its members together, and costs no record of its own', () => {
    expect(ended(() => all([one(1), () => one('b')]))).to.deep.equal([
      'START 1-1-1',
      'START 1-2-1',
      'run 1-1-1',
      'run 1-2-1',
      'SUCCEED 1-1-1 1',
      'SUCCEED 1-2-1 "b"',
      'returned [1,"b"]',
    ])
  })

  it('gives results under the names of its members', () => {
    expect(ended(() => all('n', { a: one(1), b: () => one(2) })).at(-1)).to.equal(
      'returned {"a":1,"b":2}',
    )
  })

  it('gives nothing for nothing, without a word', () => {
    expect(ended(() => all([]))).to.deep.equal(['returned []'])
    expect(ended(() => all({}))).to.deep.equal(['returned {}'])
  })

  it('takes one number, however many members it has', () => {
    const words = ended(function* () {
      yield* all([one(1), one(2), one(3)])
      return yield* one('after')
    })

    expect(words).to.include('START 2')
  })

  it('fails with the first failure, recorded once, and ends the others', () => {
    const words = ended(() => all([wait('1h'), bad('boom')]))

    expect(words.slice(-5)).to.deep.equal([
      'FAIL 1-2-1',
      'CANCEL 1-1-1',
      'START 1',
      'FAIL 1',
      'returned "caught STEP_FAILED: boom"',
    ])
  })

  it('gives its members no parent of their own', () => {
    const stage = new Stage(function* () {
      yield* childContext(() => all([one(1)]))
    }).finish()

    expect(stage.ledger.records.slice(1).map(({ Id, ParentId }) => [Id, ParentId])).to.deep.equal([
      ['1', undefined],
      ['1-1-1-1', '1'],
    ])
  })
})

describe('allSettled', () => {
  it('gives how each member ended, and costs no record of its own', () => {
    const words = ended(function* () {
      const { a, b } = yield* allSettled({ a: bad('boom'), b: one(2) })
      return [a.status === 'rejected' && errorWords(a.reason), b]
    })

    expect(words.slice(-3)).to.deep.equal([
      'FAIL 1-1-1',
      'SUCCEED 1-2-1 2',
      'returned ["STEP_FAILED: boom",{"status":"fulfilled","value":2}]',
    ])
  })

  it('gives nothing for nothing', () => {
    expect(ended(() => allSettled([]))).to.deep.equal(['returned []'])
  })
})

describe('any', () => {
  it('gives the first success, recorded once, and ends the others', () => {
    const words = ended(() => any([bad('boom'), one(2), wait('1h')]))

    expect(words.slice(-6)).to.deep.equal([
      'FAIL 1-1-1',
      'SUCCEED 1-2-1 2',
      'CANCEL 1-3-1',
      'START 1',
      'SUCCEED 1 2',
      'returned 2',
    ])
  })

  it('says whose success it was, of members under names', () => {
    expect(ended(() => any({ a: bad('boom'), b: one(2) })).at(-1)).to.equal(
      'returned {"winner":"b","value":2}',
    )
  })

  it('fails with all reasons in their order, where no member succeeds', () => {
    const words = ended(function* () {
      try {
        return yield* any([bad('first'), bad('second')])
      } catch (error) {
        const { code, data, cause } = error as { code: string; data: unknown[]; cause: unknown }
        return [code, data.length, errorWords(cause)]
      }
    })

    expect(words.at(-1)).to.equal('returned ["ALL_FAILED",2,"STEP_FAILED: first"]')
    expect(words.filter((word) => word.startsWith('START 1 '))).to.deep.equal([])
  })

  it('fails where it has no members', () => {
    expect(ended(() => any([])).at(-1)).to.match(/^returned "caught ALL_FAILED: .* has no members/)
  })
})

describe('race', () => {
  it('gives the first end, recorded once with its winner, and ends the others', () => {
    const words = ended(() => race({ work: one('done'), late: wait('1h') }))

    expect(words.slice(-5)).to.deep.equal([
      'SUCCEED 1-1-1 "done"',
      'CANCEL 1-2-1',
      'START 1',
      'SUCCEED 1 {"winner":"work","value":"done"}',
      'returned {"winner":"work","value":"done"}',
    ])
  })

  it('fails where the first end is a failure', () => {
    expect(ended(() => race([bad('boom'), wait('1h')])).slice(-3)).to.deep.equal([
      'START 1',
      'FAIL 1',
      'returned "caught STEP_FAILED: boom"',
    ])
  })

  it('asks its members nothing once it is decided', () => {
    const entered: string[] = []
    const member = (name: string) =>
      function* () {
        entered.push(name)
        return yield* one(name)
      }
    const words = ended(() => race([member('a'), member('b')]))

    expect([words.at(-1), entered]).to.deep.equal(['returned "a"', ['a', 'b']])
  })

  it('is won by whoever ends first, wherever it stands', () => {
    const stage = new Stage(careful(() => race([one('slow'), one('fast')])))
    stage.acknowledge().take()

    expect(stage.run('1-2-1').take().at(-1)).to.equal('returned "fast"')
    expect(stage.run('1-1-1').take()).to.deep.equal([])
  })

  it('is won on replay by whoever is recorded first, if the end itself was lost', () => {
    const work = careful(() => race([one('slow'), one('fast')]))
    const stage = new Stage(work).acknowledge().run('1-2-1')
    // The step's own end is all that arrived before the crash.
    stage.acknowledge(1)
    const { ledger } = stage
    expect(ledger.statuses).to.deep.equal({ '1-1-1': 'STARTED', '1-2-1': 'SUCCEEDED' })
    const again = new Stage(work, { ledger })

    expect(again.take().at(-1)).to.equal('returned "fast"')
  })

  it('goes by the time of the record where several members have ended meanwhile', () => {
    const work = careful(() => race({ a: wait('2h'), b: wait('1h') }))
    for (const [first, second, winner] of [
      ['1-1-1', '1-2-1', 'a'],
      ['1-2-1', '1-1-1', 'b'],
    ] as const) {
      const { ledger } = new Stage(work).finish()
      ledger.happen(first, { status: 'SUCCEEDED' })
      ledger.happen(second, { status: 'SUCCEEDED' })

      expect(new Stage(work, { ledger }).take().at(-1)).to.equal(
        `returned ${JSON.stringify({ winner })}`,
      )
    }
  })

  it('suspends while no member has ended', () => {
    const stage = new Stage(careful(() => race([wait('1h'), wait('2h')]))).finish()

    expect([stage.take(), stage.machine.isParked]).to.deep.equal([
      ['START 1-1-1', 'START 1-2-1'],
      true,
    ])
  })

  it('may have combinators and fan-outs for members', () => {
    const words = ended(() =>
      race({
        both: all([one(1), any([bad('boom'), one(2)])]),
        batch: function* () {
          yield* wait('1h')
          return (yield* map([1], one)).results()
        },
      }),
    )

    expect(words.at(-1)).to.equal('returned {"winner":"both","value":[1,2]}')
    expect(words).to.include('CANCEL 1-2-1')
  })

  it('of a step with a long wait is over in its first invocation', async () => {
    let invocations = 0
    const embedded = new Embedded({ onEnd: () => void (invocations += 1) })
    const work = function* () {
      return yield* race({ work: () => one('done'), late: wait('1h') })
    }
    embedded.register('f', createDriver().lambdaHandler(work))
    const { DurableExecutionArn = '' } = await embedded.service.invoke({
      FunctionName: 'f',
      Qualifier: '$LATEST',
      InvocationType: 'Event',
      Payload: 'null',
    })
    await embedded.service.ended(DurableExecutionArn)
    const { Status, Result } = await embedded.service.getDurableExecution({ DurableExecutionArn })

    expect([Status, Result, invocations]).to.deep.equal([
      'SUCCEEDED',
      '{"winner":"work","value":"done"}',
      1,
    ])
  })
})
