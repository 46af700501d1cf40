import { expect } from 'chai'
import { all, childContext, fork, map, parallel, race, step, wait, waitForCallback } from 'perdure'
import { stepThrough, type Stepper } from 'perdure/testing'
import { deliver } from '../../../samples/deadline.ts'
import { publish } from '../../../samples/fan-out.ts'

const never = (): never => {
  throw new Error('no body runs in a stepper')
}

const open = (run: Stepper) => run.open.map(({ words, path }) => [...path, words].join(' > '))

describe('branches that are stepped through', () => {
  it('are all open, in the order in which they began to wait', () => {
    const run = stepThrough(function* () {
      return yield* all('both', { left: step('a', never), right: step('b', never) })
    })

    expect(open(run)).to.deep.equal(['both > left > step "a"', 'both > right > step "b"'])
    run.at('b').succeed(2).at('a').succeed(1)
    expect(run.outcome).to.deep.equal({ status: 'returned', value: { left: 1, right: 2 } })
  })

  it('are told apart by the contexts they are in', () => {
    const input = { title: 'T', languages: ['de', 'fr'] }
    const run = stepThrough(publish, { input })

    expect(open(run)).to.deep.equal([
      'editions > de > step "translate"',
      'editions > fr > step "translate"',
    ])
    run.at({ name: 'translate', in: 'fr' }).succeed('Bonjour')
    run.at({ id: '1-1-1' }).fail(new Error('nobody speaks it'))
    expect(run.outcome).to.deep.equal({
      status: 'returned',
      value: { sent: [], why: 'too many failures' },
    })
  })

  it('take turns when nobody says which', () => {
    const run = stepThrough(function* () {
      yield* parallel({ left: () => twice('l'), right: () => twice('r') })
    })

    const names: (string | undefined)[] = []
    for (; run.operation; run.succeed()) names.push(run.name)
    expect(names).to.deep.equal(['l1', 'r1', 'l2', 'r2'])
  })

  it('end when the race that they are in is decided', () => {
    const run = stepThrough(deliver, { input: { id: 'p', neighbours: ['Ada', 'Bo'] } })

    run.at('evening').next()
    expect(open(run)).to.deep.equal([
      'ask Bo > answer > waitForCallback "Bo"',
      'ask Bo > evening > wait "evening"',
    ])
    run.at('Bo').succeed({ takes: true })
    expect(open(run)).to.deep.equal(['step "hand over"'])
  })

  it('cannot be answered after what was due before', () => {
    const run = stepThrough(deliver, { input: { id: 'p', neighbours: ['Ada'] } })
    const answer = () => run.at('Ada').succeed({ takes: true }, { after: '7h' })

    expect(answer).to.throw('wait "evening" had ended').with.property('code', 'OVERTAKEN')
    expect([run.name, run.now]).to.deep.equal(['Ada', Date.UTC(2026, 0, 1)])
  })

  it('let shorter waits end before longer ones', () => {
    const run = stepThrough(function* () {
      const first = yield* race({ day: wait('a day', '1d'), hour: wait('an hour', '1h') })
      return first.winner
    })

    expect(() => run.at('a day').next())
      .to.throw()
      .with.property('code', 'OVERTAKEN')
    expect(run.at('an hour').next().outcome).to.deep.equal({ status: 'returned', value: 'hour' })
  })

  it('let a callback run out of time while a longer wait passes', () => {
    const run = stepThrough(function* () {
      return yield* all([
        function* () {
          try {
            return yield* waitForCallback('short', never, { timeout: '1h' })
          } catch {
            return 'late'
          }
        },
        wait('long', '1d'),
      ])
    })

    run.at('long').next()
    expect(run.outcome).to.deep.equal({ status: 'returned', value: ['late', null] })
    expect(run.transcript.lines[0]).to.match(/waitForCallback "short".* timed out/)
  })

  it('are found in contexts, tasks and items without a name, too', () => {
    const run = stepThrough(function* () {
      const task = yield* fork('task', step('in task', never))
      yield* childContext(function* () {
        yield* map(['x'], () => step('in item', never))
      })
      yield* task
    })

    expect(open(run)).to.deep.equal([
      'task > step "in task"',
      '2 > 2-1 > map-item-0 > step "in item"',
    ])
  })

  it('are run to by name', () => {
    const run = stepThrough(function* () {
      yield* all([step('a', never), step('b', never)])
    })

    expect(run.runTo('b').name).to.equal('b')
    expect(run.succeed().name).to.equal('a')
  })
})

function* twice(name: string) {
  yield* step(`${name}1`, never)
  yield* step(`${name}2`, never)
}
