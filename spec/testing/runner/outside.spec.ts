import { expect } from 'chai'
import { createCallback, invoke, isPerdureError, wait, waitForCallback } from 'perdure'
import { run } from 'perdure/testing'
import { times } from '../../samples/told.ts'

const day = 86_400

describe('a run with callbacks', () => {
  function* ask() {
    try {
      return yield* waitForCallback('answer', () => undefined, { timeout: '1d' })
    } catch (error) {
      if (!isPerdureError(error)) throw error
      return { code: error.code, type: error.errorType, message: error.message }
    }
  }

  it('answers when it is told to', async () => {
    const result = await run(ask, {
      callbacks: { answer: { after: '5h', succeed: { ok: true } } },
    })

    expect(result.value).to.deep.equal({ ok: true })
    expect(times(result, 3600)).to.deep.equal([0, 5])
  })

  it('answers after a second, and with nothing, where no more is said', async () => {
    const result = await run(ask, { callbacks: { answer: { succeed: undefined } } })

    expect(result).to.include({ status: 'SUCCEEDED', payload: undefined })
    expect(times(result, 1)).to.deep.equal([0, 1])
  })

  it('answers with a failure', async () => {
    const result = await run(ask, {
      callbacks: { answer: { fail: { type: 'Busy', message: 'not now' } } },
    })

    expect(result.value).to.deep.equal({
      code: 'CALLBACK_FAILED',
      type: 'Busy',
      message: 'not now',
    })
  })

  it('lets one that nobody answers time out', async () => {
    const result = await run(ask)

    expect(result.value).to.include({ code: 'CALLBACK_TIMED_OUT' })
    expect(result.unanswered).to.deep.equal([])
  })

  it('names those that stay without an answer, and the answers that nothing came of', async () => {
    const result = await run(
      function* () {
        yield* createCallback('first')
        const second = yield* createCallback('second')
        const unnamed = yield* createCallback()
        yield* unnamed.result
        yield* second.result
      },
      { callbacks: { 3: { succeed: 1 }, third: { succeed: 1 } } },
    )

    expect(result).to.deep.include({
      status: 'RUNNING',
      unanswered: ['first', 'second'],
    })
    expect(result.unused.callbacks).to.deep.equal(['third'])
    expect(result.unused.crashes).to.deep.equal([])
  })

  it('calls an unnamed one within a waitForCallback by the name around it, or its id', async () => {
    const result = await run(
      function* () {
        const named = yield* waitForCallback('named', () => undefined)
        return [named, yield* waitForCallback(() => undefined)]
      },
      { callbacks: { named: { succeed: 'one' }, 2: { succeed: 'two' } } },
    )

    expect(result.value).to.deep.equal(['one', 'two'])
  })
})

describe('a run with functions', () => {
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
      durable: function* (input: number) {
        yield* wait('2d')
        return input + 2
      },
    },
    broken: {
      plain: () => {
        throw new TypeError('broken')
      },
    },
    leaving: { plain: () => process.exit(1) },
  }
  const calling = (name: string) => run(call, { input: name, functions })

  it('calls a plain one with what the workflow hands it', async () => {
    expect((await calling('plain')).value).to.equal(21)
  })

  it('runs a durable one as an execution of its own, whose waits take their time', async () => {
    const result = await calling('durable')

    expect(result.value).to.equal(22)
    expect(times(result, day)).to.deep.equal([0, 2])
  })

  it('fails the call of one that throws', async () => {
    expect((await calling('broken')).value).to.deep.equal({
      type: 'TypeError',
      message: 'broken',
    })
  })

  it('fails the call of one that exits, and outlives it', async () => {
    const { payload } = await calling('leaving')

    expect(payload).to.include('exit status 1')
  })

  it('fails the call of one that nobody has given', async () => {
    const { payload } = await calling('nobody')

    expect(payload).to.include('Function not found')
  })
})
