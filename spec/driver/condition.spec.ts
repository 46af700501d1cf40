import { expect } from 'chai'
import { poll, waitForCondition, type ConditionOptions } from '../../lib/index.ts'
import { errorWords, Stage } from '../support/stage.ts'

interface Job {
  done: number
}

function polling(options: Partial<ConditionOptions<Job>> = {}) {
  return function* () {
    try {
      return yield* waitForCondition('job', (state: Job) => ({ done: state.done + 1 }), {
        initialState: { done: 0 },
        strategy: poll.fixed({ until: ({ done }) => done === 3, delay: '10s' }),
        ...options,
      })
    } catch (error) {
      return `caught ${errorWords(error)}`
    }
  }
}

describe('a condition', () => {
  it('is checked again and again, on the state that the last check left', () => {
    const stage = new Stage(polling())
    const words = [stage.take(), stage.run().take()]
    for (let check = 2; check <= 3; check++) {
      stage.acknowledge().happen('1', { status: 'READY' })
      words.push(stage.run().take())
    }

    expect(words).to.deep.equal([
      ['START 1', 'run 1'],
      ['RETRY 1 {"done":1} +10s'],
      ['START 1', 'run 1', 'RETRY 1 {"done":2} +10s'],
      ['START 1', 'run 1', 'SUCCEED 1 {"done":3}', 'returned {"done":3}'],
    ])
  })

  it('goes on in the next invocation where the last one left it', () => {
    const stage = new Stage(polling()).run().acknowledge()
    stage.ledger.happen('1', { status: 'READY' })
    const next = new Stage(polling(), { ledger: stage.ledger })

    expect([stage.machine.isParked, next.take(), next.run().take()]).to.deep.equal([
      true,
      ['START 1', 'run 1'],
      ['RETRY 1 {"done":2} +10s'],
    ])
  })

  it('shows its strategy the state as it will be read back, and the number of the check', () => {
    const shown: unknown[] = []
    const strategy = (state: unknown, attempt: number) => {
      shown.push(state, attempt)
      return false as const
    }
    new Stage(function* () {
      yield* waitForCondition(() => new Date(0) as unknown, { initialState: null, strategy })
    }).finish()

    expect(shown).to.deep.equal(['1970-01-01T00:00:00.000Z', 1])
  })

  const failures: { when: string; options: Partial<ConditionOptions<Job>>; error: string }[] = [
    {
      when: 'its strategy throws',
      options: {
        strategy: () => {
          throw new Error('no idea')
        },
      },
      error: 'CONDITION_FAILED: no idea',
    },
    {
      when: 'its checks are used up',
      options: { strategy: poll.fixed({ until: () => false, delay: '1s', maxAttempts: 1 }) },
      error:
        'CONDITION_EXHAUSTED: The condition was still false after 1 checks, the most that its strategy allows.',
    },
    {
      when: 'its strategy answers no duration',
      options: { strategy: () => 'soon' as '1s' },
      error:
        "CONDITION_FAILED: Expected `strategy` to be a duration such as '30s', '5m', '2h', '7d' or { hours: 2 }, got \\\"soon\\\" (string).",
    },
    {
      when: 'the next check would come after its time',
      options: { timeout: '9s' },
      error:
        'CONDITION_EXHAUSTED: waitForCondition \\"job\\" was still unmet after 1 checks, and the next ' +
        'would come after its time, 9 seconds, is over.',
    },
  ]
  for (const { when, options, error } of failures) {
    it(`fails, and is not retried, when ${when}`, () => {
      const stage = new Stage(polling(options)).run()
      const words = stage.take().slice(2)
      const replayed = new Stage(polling(options), { ledger: stage.acknowledge().ledger }).take()
      const outcome = `returned "caught ${error}"`.replace('\\\\"', '\\"')

      expect(words).to.deep.equal(['FAIL 1', outcome])
      expect(replayed).to.deep.equal([outcome])
    })
  }

  it('fails, and is not retried, when its check throws', () => {
    const stage = new Stage(polling()).fail(new Error('unreachable'))

    expect(stage.take()).to.deep.equal([
      'START 1',
      'run 1',
      'FAIL 1',
      'returned "caught CONDITION_FAILED: unreachable"',
    ])
  })

  it('has its time counted from its first check, over all invocations', () => {
    const code = polling({ timeout: '25s' })
    const first = new Stage(code).run().acknowledge()
    first.ledger.happen('1', { status: 'READY' })
    const second = new Stage(code, { ledger: first.ledger }).pass(11).run().acknowledge()
    second.ledger.happen('1', { status: 'READY' })
    const third = new Stage(code, { ledger: second.ledger })
    third.take()

    expect(second.take()).to.deep.equal(['START 1', 'run 1', 'RETRY 1 {"done":2} +10s'])
    expect(third.pass(22).run().take()).to.deep.equal([
      'SUCCEED 1 {"done":3}',
      'returned {"done":3}',
    ])
  })
})
