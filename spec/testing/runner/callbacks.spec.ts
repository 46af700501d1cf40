import { expect } from 'chai'
import { createCallback, isPerdureError, text, waitForCallback } from 'perdure'
import { run, start } from 'perdure/testing'

const hour = 3_600_000

function* ask(name: string) {
  return yield* waitForCallback<{ ok: boolean }>(name, () => undefined, {
    timeout: '3d',
    heartbeatTimeout: '6h',
  })
}

/** How a wait for a callback ended: its value, or the code that it failed with. */
function* outcomeOf(name: string) {
  try {
    return yield* ask(name)
  } catch (error) {
    if (isPerdureError(error)) return { code: error.code, message: error.message }
    throw error
  }
}

/** When the last event was, in hours since the first. */
function hours({ events }: { events: readonly { EventTimestamp: Date }[] }): number {
  const times = events.map(({ EventTimestamp }) => EventTimestamp.getTime())
  return ((times.at(-1) ?? 0) - (times[0] ?? 0)) / hour
}

describe('callbacks scripted beforehand', () => {
  it('are answered after the time that was said', async () => {
    const result = await run(ask, {
      input: 'approve',
      callbacks: { approve: { succeed: { ok: true }, after: '5h' } },
    })

    expect(result.value).to.deep.equal({ ok: true })
    expect(hours(result)).to.equal(5)
  })

  it('fail with an error, or with a type and a message', async () => {
    const fail = (error: Error | { type?: string; message: string }) =>
      run(outcomeOf, { input: 'a', callbacks: { a: { fail: error } } })
    const results = [
      await fail(new RangeError('too much')),
      await fail({ type: 'Denied', message: 'no' }),
    ]

    expect(results.map(({ value }) => value)).to.deep.equal([
      { code: 'CALLBACK_FAILED', message: 'too much' },
      { code: 'CALLBACK_FAILED', message: 'no' },
    ])
    expect(results[0]?.operations({ status: 'FAILED' }).at(-1)?.error).to.include({
      name: 'RangeError',
    })
  })

  it('time out, by the heartbeat first where none comes', async () => {
    const result = await run(outcomeOf, { input: 'a', callbacks: { a: 'timeout' } })

    expect(result.value).to.include({ code: 'CALLBACK_HEARTBEAT_TIMED_OUT' })
    expect(hours(result)).to.equal(6)
    expect(result.unanswered).to.deep.equal([])
  })

  it('are kept alive by heartbeats until the answer comes', async () => {
    const result = await run(outcomeOf, {
      input: 'a',
      callbacks: { a: { heartbeat: '5h', after: '48h', succeed: { ok: true } } },
    })

    expect(result.value).to.deep.equal({ ok: true })
    expect(hours(result)).to.equal(48)
  })

  it('time out on their heartbeat when it stops', async () => {
    const result = await run(outcomeOf, {
      input: 'a',
      callbacks: { a: { heartbeat: '5h', after: '11h', timeout: true } },
    })

    expect(result.value).to.include({ code: 'CALLBACK_HEARTBEAT_TIMED_OUT' })
    expect(hours(result)).to.equal(16)
  })

  it('time out for good, heartbeats or not', async () => {
    const result = await run(outcomeOf, {
      input: 'a',
      callbacks: { a: { heartbeat: '5h', after: '30d', timeout: true } },
    })

    expect(result.value).to.include({ code: 'CALLBACK_TIMED_OUT' })
    expect(hours(result)).to.equal(72)
  })

  it('come too late, and change nothing', async () => {
    const result = await run(outcomeOf, {
      input: 'a',
      callbacks: { a: { succeed: 1, after: '9h' } },
    })

    expect(result.value).to.include({ code: 'CALLBACK_HEARTBEAT_TIMED_OUT' })
  })

  it('take their answers in turn, the last one for all that follow', async () => {
    const result = await run(
      function* () {
        const answers: unknown[] = []
        for (let i = 0; i < 3; i++) answers.push(yield* outcomeOf('again'))
        return answers
      },
      { callbacks: { again: [{ fail: { message: 'not yet' } }, { succeed: { ok: true } }] } },
    )

    expect(result.value).to.deep.equal([
      { code: 'CALLBACK_FAILED', message: 'not yet' },
      { ok: true },
      { ok: true },
    ])
  })

  it('are written by a serdes where one is given', async () => {
    const result = await run(
      function* () {
        const { result: answer } = yield* createCallback('raw', { serdes: text })
        return yield* answer
      },
      { callbacks: { raw: { succeed: 'not JSON', serdes: text } } },
    )

    expect(result.value).to.equal('not JSON')
  })

  it('are answered in the executions of invoked functions, too', async () => {
    const { invoke } = await import('perdure')
    const result = await run(
      function* () {
        return yield* invoke('clerk', 'sign')
      },
      { functions: { clerk: ask }, callbacks: { sign: { succeed: { ok: true } } } },
    )

    expect(result.value).to.deep.equal({ ok: true })
  })

  it('end the run with what could not be sent', async () => {
    const broken = { serialize: () => Promise.reject(new Error('cannot be written')) }
    const error = await run(ask, {
      input: 'a',
      callbacks: { a: { succeed: 1, serdes: broken } },
    }).catch((thrown: unknown) => thrown)

    expect(error).to.have.property('message', 'cannot be written')
  })
})

describe('callbacks driven live', () => {
  it('are answered when the spec says so', async () => {
    const execution = start(ask, { input: 'approve' })
    const approval = execution.callback('approve')
    expect(approval.status).to.equal(undefined)

    await approval.waitFor()
    expect(approval.status).to.equal('STARTED')
    expect(approval.details).to.include({ timeoutSeconds: 259_200, heartbeatSeconds: 21_600 })
    await approval.succeed({ ok: true })
    const result = await execution.result

    expect(result.value).to.deep.equal({ ok: true })
    expect(approval.result).to.deep.equal({ ok: true })
    expect(hours(result)).to.equal(0)
  })

  it('wait, while the spec is at work, however long that takes', async () => {
    const execution = start(outcomeOf, { input: 'approve' })
    const approval = await execution.callback('approve').waitFor()
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
    expect(approval.status).to.equal('STARTED')
    await approval.succeed({ ok: true })

    expect((await execution.result).value).to.deep.equal({ ok: true })
  })

  it('are submitted when the submitter has succeeded, and not when it has begun', async () => {
    const execution = start(function* () {
      return yield* waitForCallback('approve', (_id, { attempt }) => {
        if (attempt === 1) throw new Error('no mail')
      })
    })
    const approval = execution.callback('approve')
    await approval.waitFor('started')
    expect(execution.operation({ id: '1-2' }).status).not.to.equal('SUCCEEDED')
    await approval.waitFor()

    expect(execution.operation({ id: '1-2' })).to.include({ status: 'SUCCEEDED', attempts: 2 })
    expect(approval.status).to.equal('STARTED')
  })

  it('can be answered before there is a callback', async () => {
    const execution = start(ask, { input: 'approve' })
    const answered = execution.callback('approve').succeed({ ok: false })
    const result = await execution.result
    await answered

    expect(result.value).to.deep.equal({ ok: false })
  })

  it('fail', async () => {
    const execution = start(outcomeOf, { input: 'approve' })
    await execution.callback('approve').fail({ message: 'no' })

    expect((await execution.result).value).to.deep.equal({
      code: 'CALLBACK_FAILED',
      message: 'no',
    })
  })

  it('go on with a heartbeat, and time out when nothing more comes', async () => {
    const execution = start(outcomeOf, { input: 'approve' })
    const approval = execution.callback('approve')
    await approval.heartbeat()
    const result = await execution.result

    expect(approval.status).to.equal('TIMED_OUT')
    expect(result.value).to.include({ code: 'CALLBACK_HEARTBEAT_TIMED_OUT' })
  })

  it('say so when they are answered too late', async () => {
    const execution = start(outcomeOf, { input: 'approve' })
    const approval = execution.callback('approve')
    await approval.waitFor('completed')
    const error = await approval.succeed(1).catch((thrown: unknown) => thrown)

    expect(error).to.have.property('name', 'CallbackTimeoutException')
  })

  it('say so when there never was one', async () => {
    const execution = start(
      function* () {
        yield* ask('approve')
      },
      { callbacks: { approve: { succeed: 1 } } },
    )
    const error = await execution
      .callback('aprove')
      .waitFor()
      .catch((thrown: unknown) => thrown)

    expect(isPerdureError(error, 'NEVER_HAPPENED')).to.equal(true)
    expect(error)
      .to.have.property('message')
      .that.equals(
        'The execution ended as SUCCEEDED without callback "aprove" submitted.\n' +
          'It had 1 waitForCallback "approve", 1-1 callback, 1-2 step.',
      )
  })

  it('are told apart by their index, in branches that run at once', async () => {
    const { all } = await import('perdure')
    const execution = start(function* () {
      return yield* all([ask('same'), ask('same')].map((one) => () => one))
    })
    await execution.callback('same', 1).succeed({ ok: false })
    await execution.callback({ name: 'same', index: 0 }).succeed({ ok: true })

    expect((await execution.result).value).to.deep.equal([{ ok: true }, { ok: false }])
  })
})
