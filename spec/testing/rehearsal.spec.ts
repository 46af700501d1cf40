import { expect } from 'chai'
import {
  createCallback,
  driver,
  invoke,
  isPerdureError,
  now,
  race,
  retry,
  step,
  wait,
  waitForCallback,
  type WorkflowContext,
} from 'perdure'
import { rehearse, type Rehearsed } from 'perdure/testing'
import { times, told } from '../samples/told.ts'

const day = 86_400

describe('a rehearsal', () => {
  it('runs a workflow to its end and shows every invocation', async () => {
    const run = await rehearse(handlerOf(greeting), { input: 'Ada' })

    expect(told(run)).to.deep.equal([
      'invocation 1',
      'ran 1 step "greet"',
      'said greeted',
      'started 2 wait',
      'suspended for 2 wait',
      'invocation 2',
      'replayed 1 step "greet", 2 wait',
    ])
    expect(run).to.include({ status: 'SUCCEEDED', result: '"hello Ada"', error: undefined })
    expect(run.executionArn).to.match(/^arn:aws:lambda:.*:function:workflow:/)
  })

  it('hands each transcript over as its invocation ends, and none before', async () => {
    const words: string[] = []
    const handler = handlerOf(function* () {
      yield* step('slow', async () => {
        await realTurns(20)
        words.push('body')
      })
      yield* wait('1h')
    })
    const run = await rehearse(handler, {}, ({ number, entries }) => {
      words.push(`told ${number}: ${entries.map(({ what }) => what).join(' ')}`)
    })

    expect(words).to.deep.equal([
      'body',
      'told 1: attempt started suspended',
      'told 2: replayed replayed',
    ])
    expect(run.status).to.equal('SUCCEEDED')
  })

  it('shows what a race has cancelled, be it a wait or a body', async () => {
    const run = await rehearse(
      handlerOf(function* () {
        yield* race('quick', { done: step('done', () => 1), late: wait('late', '1h') })
        const slow = step('slow', () => new Promise(() => undefined))
        yield* race('patient', { slow, first: () => step('first', () => realTurns(2)) })
      }),
      {},
    )

    expect(told(run)).to.deep.equal([
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

  it('goes through thirty virtual days in no time, day by day', async () => {
    const began = performance.now()
    const run = await rehearse(
      handlerOf(function* () {
        for (let i = 0; i < 30; i++) yield* wait('1d')
        return yield* now()
      }),
      {},
    )

    expect(times(run, day)).to.deep.equal([...Array(31).keys()])
    expect(Number(run.result)).to.be.within(Date.UTC(2026, 0, 31), Date.UTC(2026, 0, 31) + 60_000)
    expect(performance.now() - began).to.be.below(2_000)
  })

  it('gives up on an execution that outlasts a year, and says that nothing is unanswered', async () => {
    const run = await rehearse(
      handlerOf(function* () {
        for (;;) yield* wait('100d')
      }),
      {},
    )

    expect(run).to.deep.include({ status: 'RUNNING', unanswered: [] })
    expect(times(run, day)).to.deep.equal([0, 100, 200, 300])
  })
})

describe('a rehearsal with a crash', () => {
  function* twoSteps() {
    const first = yield* step('a', () => 'a')
    return first + (yield* step('b', () => 'b'))
  }

  it('kills the invocation when the step is done, once, and goes on with another', async () => {
    const run = await rehearse(handlerOf(twoSteps), { crashes: ['a', 'b'] })

    expect(told(run)).to.deep.equal([
      'invocation 1',
      'ran 1 step "a"',
      'crashed when 1 step "a" was done and not yet recorded',
      'invocation 2',
      'went on 1 step "a"',
      'ran 1 step "a"',
      'ran 2 step "b"',
      'crashed when 2 step "b" was done and not yet recorded',
      'invocation 3',
      'replayed 1 step "a"',
      'went on 2 step "b"',
      'ran 2 step "b"',
    ])
    expect(run.result).to.equal('"ab"')
    expect(run.unused.crashes).to.deep.equal([])
  })

  it('names the crashes that nothing came of', async () => {
    const run = await rehearse(handlerOf(twoSteps), { crashes: ['b', 'c'] })

    expect(run.unused.crashes).to.deep.equal(['c'])
  })

  it('hears nothing more of the dead invocation, neither a log nor a result', async () => {
    const bodies: string[] = []
    const run = await rehearse(
      handlerOf(function* (_: unknown, { log }: WorkflowContext) {
        const result = yield* step('work', async ({ log: own }) => {
          const number = bodies.push('began')
          own.info(`body ${number}`)
          if (number === 1) crash()
          await realTurns(5)
          own.info(`body ${number} is done`)
          return number
        })
        log.info(`result ${result}`)
        return result
      }),
      {},
    )

    // The first body was cut off; it went on to its end all the same, as nobody can stop it.
    expect(bodies).to.deep.equal(['began', 'began'])
    expect(run.invocations.map(({ entries }) => entries.filter(({ what }) => what === 'said')))
      .to.have.nested.property('[0]')
      .that.deep.equals([{ what: 'said', level: 'info', message: 'body 1' }])
    expect(told(run).filter((line) => line.startsWith('said'))).to.deep.equal([
      'said body 1',
      'said body 2',
      'said body 2 is done',
      'said result 2',
    ])
    expect(run.result).to.equal('2')
  })
})

describe('a rehearsal in which a body calls process.exit', () => {
  const died = 'died in 1 step "leave": Runtime exited with error: exit status 3'

  it('has that invocation die, and another take the step up', async () => {
    let left = 2
    const run = await rehearse(
      handlerOf(function* () {
        return yield* step('leave', () => (left-- > 0 ? process.exit(3) : 'stayed'))
      }),
      {},
    )

    expect(told(run).filter((line) => line.startsWith('died'))).to.deep.equal([died, died])
    expect(run.result).to.equal('"stayed"')
  })

  it('does the same for one that exits later', async () => {
    let left = 1
    const run = await rehearse(
      handlerOf(function* () {
        return yield* step('leave', async () => {
          await realTurns(5)
          return left-- > 0 ? process.exit(3) : 'stayed'
        })
      }),
      {},
    )

    expect(told(run)).to.deep.equal([
      'invocation 1',
      died,
      'invocation 2',
      'went on 1 step "leave"',
      'ran 1 step "leave"',
    ])
    expect(run.result).to.equal('"stayed"')
  })

  it('fails the execution when every invocation exits', async () => {
    const run = await rehearse(
      handlerOf(function* () {
        yield* step('leave', () => process.exit())
      }),
      {},
    )

    expect(run.invocations).to.have.length(4)
    expect(run.status).to.equal('FAILED')
    expect(run.error?.ErrorType).to.equal('Runtime.ExitError')
  })

  it('begins an at-most-once body once', async () => {
    let begun = 0
    const run = await rehearse(
      handlerOf(function* () {
        const body = () => {
          begun += 1
          process.exit(3)
        }
        yield* step('leave', body, { semantics: 'at-most-once', retry: retry.none })
      }),
      {},
    )

    expect(begun).to.equal(1)
    expect(run.error?.ErrorType).to.equal('StepInterruptedError')
  })
})

describe('a rehearsal with callbacks', () => {
  function* ask() {
    try {
      return yield* waitForCallback('answer', () => undefined, { timeout: '1d' })
    } catch (error) {
      if (!isPerdureError(error)) throw error
      return { code: error.code, type: error.errorType, message: error.message }
    }
  }

  it('answers when the scenario says so', async () => {
    const run = await rehearse(handlerOf(ask), {
      callbacks: { answer: { after: '5h', succeed: { ok: true } } },
    })

    expect(run.result).to.equal('{"ok":true}')
    expect(times(run, 3600)).to.deep.equal([0, 5])
  })

  it('answers after a second, and with nothing, where the scenario says no more', async () => {
    const run = await rehearse(handlerOf(ask), { callbacks: { answer: { succeed: undefined } } })

    expect(run).to.include({ status: 'SUCCEEDED', result: undefined })
    expect(times(run, 1)).to.deep.equal([0, 1])
  })

  it('answers with a failure', async () => {
    const run = await rehearse(handlerOf(ask), {
      callbacks: { answer: { fail: { type: 'Busy', message: 'not now' } } },
    })

    expect(JSON.parse(run.result ?? '')).to.deep.equal({
      code: 'CALLBACK_FAILED',
      type: 'Busy',
      message: 'not now',
    })
  })

  it('lets one that nobody answers time out', async () => {
    const run = await rehearse(handlerOf(ask), {})

    expect(JSON.parse(run.result ?? '')).to.include({ code: 'CALLBACK_TIMED_OUT' })
    expect(run.unanswered).to.deep.equal([])
  })

  it('names those that stay without an answer, and the answers that nothing came of', async () => {
    const run = await rehearse(
      handlerOf(function* () {
        yield* createCallback('first')
        const second = yield* createCallback('second')
        const unnamed = yield* createCallback()
        yield* unnamed.result
        yield* second.result
      }),
      { callbacks: { 3: { succeed: 1 }, third: { succeed: 1 } } },
    )

    expect(run).to.deep.include({
      status: 'RUNNING',
      unanswered: ['first', 'second'],
      unused: { callbacks: ['third'], crashes: [] },
    })
  })

  it('calls an unnamed one within a waitForCallback by the name around it, or its id', async () => {
    const run = await rehearse(
      handlerOf(function* () {
        const named = yield* waitForCallback('named', () => undefined)
        return [named, yield* waitForCallback(() => undefined)]
      }),
      { callbacks: { named: { succeed: 'one' }, 2: { succeed: 'two' } } },
    )

    expect(run.result).to.equal('["one","two"]')
  })
})

describe('a rehearsal with functions', () => {
  function* call(functionName: string) {
    try {
      return yield* invoke(functionName, 20)
    } catch (error) {
      if (!isPerdureError(error, 'INVOKE_FAILED')) throw error
      return { type: error.errorType, message: error.message }
    }
  }
  const functions = {
    plain: { plain: (input: number) => input + 1 },
    durable: {
      durable: handlerOf(function* (input: number) {
        yield* wait('2d')
        return input + 2
      }),
    },
    broken: {
      plain: () => {
        throw new TypeError('broken')
      },
    },
    leaving: { plain: () => process.exit(1) },
  }
  const run = (name: string): Promise<Rehearsed> =>
    rehearse(handlerOf(call), { input: name, functions })

  it('calls a plain one with what the workflow hands it', async () => {
    expect((await run('plain')).result).to.equal('21')
  })

  it('runs a durable one as an execution of its own, whose waits take their time', async () => {
    const { result, ...rest } = await run('durable')

    expect(result).to.equal('22')
    expect(times({ result, ...rest }, day)).to.deep.equal([0, 2])
  })

  it('fails the call of one that throws', async () => {
    expect(JSON.parse((await run('broken')).result ?? '')).to.deep.equal({
      type: 'TypeError',
      message: 'broken',
    })
  })

  it('fails the call of one that exits, and outlives it', async () => {
    const { result } = await run('leaving')

    expect(result).to.include('exit status 1')
  })

  it('fails the call of one that the scenario has not', async () => {
    const { result } = await run('nobody')

    expect(result).to.include('Function not found')
  })
})

function* greeting(name: string, { log }: WorkflowContext) {
  const greeted = yield* step('greet', () => `hello ${name}`)
  log.info('greeted')
  yield* wait('1m')
  return greeted
}

function handlerOf<I, O>(workflow: Parameters<typeof driver.lambdaHandler<I, O>>[0]) {
  return driver.lambdaHandler(workflow)
}

/** Ends the invocation as `process.exit` does, without unwinding the body that calls it. */
function crash(): void {
  try {
    process.exit(9)
  } catch {
    // It throws, so that nothing below it runs; here something is to go on.
  }
}

/** Real turns of the event loop. */
async function realTurns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}
