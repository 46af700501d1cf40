import { expect } from 'chai'
import { now, race, step, wait, type WorkflowContext } from 'perdure'
import { run } from 'perdure/testing'
import { times, told } from '../../samples/told.ts'

const day = 86_400

describe('the transcripts of a run', () => {
  it('show every invocation to the end', async () => {
    const result = await run(greeting, { input: 'Ada' })

    expect(told(result)).to.deep.equal([
      'invocation 1',
      'ran 1 step "greet"',
      'said greeted',
      'started 2 wait',
      'suspended for 2 wait',
      'invocation 2',
      'replayed 1 step "greet", 2 wait',
    ])
    expect(result).to.include({ status: 'SUCCEEDED', payload: '"hello Ada"', error: undefined })
    expect(result.executionArn).to.match(/^arn:aws:lambda:.*:function:workflow:/)
  })

  it('are handed over as their invocation ends, and not before', async () => {
    const words: string[] = []
    const result = await run(
      function* () {
        yield* step('slow', async () => {
          await realTurns(20)
          words.push('body')
        })
        yield* wait('1h')
      },
      {
        onInvocation({ number, entries }) {
          words.push(`told ${number}: ${entries.map(({ what }) => what).join(' ')}`)
        },
      },
    )

    expect(words).to.deep.equal([
      'body',
      'told 1: attempt started suspended',
      'told 2: replayed replayed',
    ])
    expect(result.status).to.equal('SUCCEEDED')
  })

  it('show what a race has cancelled, be it a wait or a body', async () => {
    const result = await run(function* () {
      yield* race('quick', { done: step('done', () => 1), late: wait('late', '1h') })
      const slow = step('slow', () => new Promise(() => undefined))
      yield* race('patient', { slow, first: () => step('first', () => realTurns(2)) })
    })

    expect(told(result)).to.deep.equal([
      'invocation 1',
      'started 1 race "quick"',
      'started 1-2-1 wait "late"',
      'ran 1-1-1 step "done"',
      'started 2 race "patient"',
      'cancelled 1-2-1 wait "late"',
      'ran 2-2-1 step "first"',
      'cancelled 2-1-1 step "slow"',
    ])
  })

  it('have the times of thirty virtual days, which pass in no time', async () => {
    const began = performance.now()
    const result = await run(function* () {
      for (let i = 0; i < 30; i++) yield* wait('1d')
      return yield* now()
    })

    expect(times(result, day)).to.deep.equal([...Array(31).keys()])
    expect(result.value).to.be.within(Date.UTC(2026, 0, 31), Date.UTC(2026, 0, 31) + 60_000)
    expect(performance.now() - began).to.be.below(2_000)
  })

  it('end with the year, which an execution may outlast with nothing unanswered', async () => {
    const result = await run(function* () {
      for (;;) yield* wait('100d')
    })

    expect(result).to.deep.include({ status: 'RUNNING', unanswered: [] })
    expect(times(result, day)).to.deep.equal([0, 100, 200, 300])
  })
})

function* greeting(name: string, { log }: WorkflowContext) {
  const greeted = yield* step('greet', () => `hello ${name}`)
  log.info('greeted')
  yield* wait('1m')
  return greeted
}

/** Real turns of the event loop. */
async function realTurns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}
