import { expect } from 'chai'
import {
  childContext,
  createCallback,
  invoke,
  now,
  step,
  wait,
  type Operation,
} from '../../lib/index.ts'
import { Stage } from '../support/stage.ts'

function* twoSteps() {
  const one = yield* step('one', () => 1)
  const two = yield* step('two', () => one + 1)
  return two
}

function* payOnce() {
  yield* step('look', () => 'there')
  yield* step('pay', () => 'paid', { semantics: 'at-most-once' })
}

describe('law: durable first, in batches', () => {
  it('runs a first body without waiting for its START', () => {
    expect(new Stage(twoSteps).take()).to.deep.equal(['START 1', 'run 1'])
  })

  it('holds a body until the results before it are durable, with its START in their call', () => {
    const stage = new Stage(twoSteps)
    const told = [stage.take(), stage.run().take(), stage.acknowledge(1).take()]
    const later = [stage.acknowledge().take(), stage.run().take()]

    expect(told).to.deep.equal([['START 1', 'run 1'], ['SUCCEED 1 1', 'START 2'], []])
    expect(later).to.deep.equal([['run 2'], ['SUCCEED 2 2', 'returned 2']])
  })

  it('begins the body as soon as the result is durable, though its START is not', () => {
    const stage = new Stage(twoSteps).run()
    stage.take()

    expect(stage.acknowledge(2).take()).to.deep.equal(['run 2'])
    expect(stage.said.map(({ Action, Id }) => `${Action} ${Id}`)).to.deep.equal(['START 2'])
  })

  it('holds an at-most-once body until its START is durable too', () => {
    const stage = new Stage(payOnce).run()
    stage.take()
    const early = stage.acknowledge(2).take()

    expect([early, stage.acknowledge(1).take()]).to.deep.equal([[], ['run 2']])
  })

  it('holds an at-most-once body even where there is nothing before it', () => {
    const once = function* () {
      yield* step(() => 'paid', { semantics: 'at-most-once' })
    }
    const stage = new Stage(once)

    expect([stage.take(), stage.acknowledge().take()]).to.deep.equal([['START 1'], ['run 1']])
  })

  const starts: [string, () => Operation<unknown>][] = [
    ['wait', () => wait('5s')],
    ['callback', () => createCallback()],
    ['invoke', () => invoke('callee')],
  ]
  for (const [kind, build] of starts) {
    it(`lets the START of a ${kind} travel with the result before it`, () => {
      const stage = new Stage(function* () {
        yield* step('one', () => 1)
        yield* build()
      })

      expect([stage.take(), stage.run().take()]).to.deep.equal([
        ['START 1', 'run 1'],
        ['SUCCEED 1 1', 'START 2'],
      ])
    })
  }

  it('holds a body in a context for what was seen outside, and after it for what was seen inside', () => {
    const stage = new Stage(function* () {
      yield* step(() => 1)
      yield* childContext('c', () => step(() => 2))
      yield* step(() => 3)
    })
    const told = [stage.take(), stage.run().take(), stage.acknowledge().take()]
    const after = [stage.run().take(), stage.acknowledge(1).take(), stage.acknowledge().take()]

    expect(told).to.deep.equal([
      ['START 1', 'run 1'],
      ['SUCCEED 1 1', 'START 2', 'START 2-1'],
      ['run 2-1'],
    ])
    expect(after).to.deep.equal([['SUCCEED 2-1 2', 'SUCCEED 2 2', 'START 3'], [], ['run 3']])
  })

  it('carries what was seen in a virtual context out of it', () => {
    const stage = new Stage(function* () {
      yield* childContext(
        step('inner', () => 1),
        { virtual: true },
      )
      yield* step('outer', () => 2)
    })
    stage.take()

    expect([stage.run().take(), stage.acknowledge().take()]).to.deep.equal([
      ['SUCCEED 1-1 1', 'START 2'],
      ['run 2'],
    ])
  })

  it('says each update once, and hands each job out once', () => {
    const stage = new Stage(twoSteps)
    stage.take()

    expect([stage.machine.takeUpdates(), stage.machine.takeJobs()]).to.deep.equal([[], []])
  })

  it('makes no new call for a failed attempt: the RETRY follows its START', () => {
    const stage = new Stage(function* () {
      yield* step(() => 1)
    })

    expect([stage.take(), stage.fail(new Error('busy')).take()]).to.deep.equal([
      ['START 1', 'run 1'],
      ['RETRY 1 +1s'],
    ])
  })

  it('tells the time only of what is durable', () => {
    const stage = new Stage(function* () {
      yield* step(() => 1)
      return yield* now()
    })
    stage.take()
    const early = stage.run().take()

    expect([early, stage.acknowledge().take()]).to.deep.equal([
      ['SUCCEED 1 1'],
      ['returned 1767225602000'],
    ])
  })
})

describe('law: durable first, eagerly', () => {
  it('goes nowhere before all that was said is durable', () => {
    const stage = new Stage(twoSteps, { checkpointing: 'eager' })

    expect([
      stage.take(),
      stage.acknowledge().take(),
      stage.run().take(),
      stage.acknowledge().take(),
      stage.acknowledge().take(),
      stage.run().take(),
      stage.acknowledge().take(),
    ]).to.deep.equal([
      ['START 1'],
      ['run 1'],
      ['SUCCEED 1 1'],
      ['START 2'],
      ['run 2'],
      ['SUCCEED 2 2'],
      ['returned 2'],
    ])
  })
})

describe('law: durable first, optimistically', () => {
  it('lets at-least-once bodies begin before what they depend on is durable', () => {
    const stage = new Stage(twoSteps, { checkpointing: 'optimistic' })

    expect([stage.take(), stage.run().take(), stage.run().take()]).to.deep.equal([
      ['START 1', 'run 1'],
      ['SUCCEED 1 1', 'START 2', 'run 2'],
      ['SUCCEED 2 2', 'returned 2'],
    ])
  })

  it('still holds at-most-once bodies', () => {
    const stage = new Stage(payOnce, { checkpointing: 'optimistic' })
    stage.take()

    expect([
      stage.run().take(),
      stage.acknowledge(2).take(),
      stage.acknowledge().take(),
    ]).to.deep.equal([['SUCCEED 1 "there"', 'START 2'], [], ['run 2']])
  })
})
