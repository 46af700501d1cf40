import { expect } from 'chai'
import { childContext, invoke, isPerdureError, retry, step, wait } from 'perdure'
import { run, start } from 'perdure/testing'

function* order(id: string) {
  yield* step('save', () => id)
  const paid = yield* childContext('payment', function* () {
    yield* step(
      'charge',
      ({ attempt }) => {
        if (attempt === 1) throw new TypeError('busy')
        return { charge: 'ch_1' }
      },
      { retry: retry.fixed({ delay: '1m', maxAttempts: 2 }) },
    )
    return 'paid'
  })
  yield* wait('cooling-off', '2d')
  yield* step('save', () => paid)
  return yield* invoke<string>('shipping', { id }, { name: 'ship' })
}

const functions = { shipping: ({ id }: { id: string }) => `shipped ${id}` }

describe('a handle to an operation', () => {
  it('has nothing before the operation has begun, and all of it afterwards', async () => {
    const execution = start(order, { input: 'o-1', functions })
    const charge = execution.operation('charge')
    expect(charge).to.include({ id: undefined, status: undefined, result: undefined, attempts: 0 })
    await execution.result

    expect(charge).to.include({ id: '2-1', type: 'STEP', subType: 'Step', status: 'SUCCEEDED' })
    expect(charge.attempts).to.equal(2)
    expect(charge.result).to.deep.equal({ charge: 'ch_1' })
    expect(charge.words).to.equal('step "charge"')
  })

  it('is found by name and index, by id, and by both', async () => {
    const execution = start(order, { input: 'o-1', functions })
    await execution.result

    expect(execution.operation('save').id).to.equal('1')
    expect(execution.operation('save', 1).id).to.equal('4')
    expect(execution.operation('save', 2).id).to.equal(undefined)
    expect(execution.operation({ id: '2-1' }).name).to.equal('charge')
    expect(execution.operation({ id: '2-1', name: 'charge' }).id).to.equal('2-1')
    expect(execution.operation({ id: '2-1', name: 'save' }).id).to.equal(undefined)
    expect(execution.operation({ index: 2 }).name).to.equal('charge')
  })

  it('follows the operation as it goes on', async () => {
    const execution = start(order, { input: 'o-1', functions })
    const charge = await execution.operation('charge').waitFor('started')
    expect(charge.status).to.equal('STARTED')
    expect(charge.attempts).to.equal(1)
    const context = await execution.operation('payment').waitFor()
    expect(context.status).to.equal('SUCCEEDED')
    expect(execution.status).to.equal('RUNNING')
    expect(execution.operation('cooling-off').status).to.equal('STARTED')
    expect(execution.operation('ship').status).to.equal(undefined)

    expect((await execution.result).value).to.equal('shipped o-1')
  })

  it('tells of the error of an attempt, and when the next one is due', async () => {
    const execution = start(order, { input: 'o-1', functions })
    await execution.operation('charge').waitFor('started')
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
    const charge = execution.operation('charge')

    expect(charge.status).to.equal('PENDING')
    expect(charge.error).to.include({ name: 'TypeError', message: 'busy' })
    expect(charge.details.until?.toISOString()).to.equal('2026-01-01T00:01:00.000Z')
  })

  it('has the details of its type', async () => {
    const result = await run(order, { input: 'o-1', functions })
    const details = Object.fromEntries(result.operations().map((one) => [one.words, one.details]))

    expect(details).to.deep.include({
      'wait "cooling-off"': { seconds: 172_800, until: new Date('2026-01-03T00:01:00Z') },
      'invoke "ship"': { functionName: 'shipping', input: '{"id":"o-1"}' },
    })
  })

  it('has the operations inside as children', async () => {
    const result = await run(order, { input: 'o-1', functions })
    const [context] = result.operations().filter(({ type }) => type === 'CONTEXT')

    expect(context?.children.map(({ words }) => words)).to.deep.equal(['step "charge"'])
  })

  it('says so when what it waits for never comes', async () => {
    const execution = start(order, { input: 'o-1', functions })
    const waiting = execution.operation('refund').waitFor('started')
    const error = await waiting.catch((thrown: unknown) => thrown)

    expect(isPerdureError(error, 'NEVER_HAPPENED')).to.equal(true)
    expect(error).to.have.property('message').that.includes('without operation "refund" started')
  })

  it('says so, too, asked only when the execution is over', async () => {
    const execution = start(order, { input: 'o-1', functions })
    await execution.result
    const error = await execution
      .operation({ id: '9' })
      .waitFor()
      .catch((thrown: unknown) => thrown)

    expect(error).to.have.property('message').that.includes('without operation with id 9 completed')
  })
})

describe('the operations of a run', () => {
  it('are told by their status', async () => {
    const result = await run(function* () {
      yield* step('fine', () => 1)
      try {
        yield* step('bad', () => Promise.reject(new Error('no')), { retry: retry.none })
      } catch {
        return 'caught'
      }
      return 'not caught'
    })

    const words = (status?: 'FAILED' | 'SUCCEEDED' | 'STOPPED') =>
      result.operations(status ? { status } : {}).map((one) => one.words)
    expect(words()).to.deep.equal(['step "fine"', 'step "bad"'])
    expect(words('FAILED')).to.deep.equal(['step "bad"'])
    expect(words('STOPPED')).to.deep.equal([])
  })

  it('are there while it is under way', async () => {
    const execution = start(order, { input: 'o-1', functions })
    await execution.operation('cooling-off').waitFor('started')

    expect(execution.operations({ status: 'STARTED' }).map(({ words }) => words)).to.deep.equal([
      'wait "cooling-off"',
    ])
    expect(execution.events.at(-1)?.EventType).to.equal('WaitStarted')
    expect(execution.executionArn).to.match(/^arn:aws:lambda:/)
  })
})

describe('the functions of a run', () => {
  const call = function* (name: string) {
    return yield* invoke<number, number>(name, 4)
  }

  it('are plain ones, workflows and handlers, told apart by themselves', async () => {
    const { driver } = await import('perdure')
    const double = function* (number: number) {
      yield* wait('1h')
      return number * 2
    }
    const all = {
      plain: (number: number) => number * 2,
      slow: async (number: number) => number * 2,
      workflow: double,
      handler: driver.lambdaHandler(double),
      named: { durable: double },
      told: { plain: (number: number) => number * 2 },
    }
    for (const name of Object.keys(all)) {
      const result = await run(call, { input: name, functions: all })
      expect(result.value, name).to.equal(8)
    }
  })

  it('are called by their name, with a qualifier or as an ARN, as production names them', async () => {
    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:pricing'
    const functions = {
      [`${arn}:live`]: () => 'live',
      [`${arn}:test`]: () => 'test',
      [`${arn}:7`]: () => 'version 7',
      other: () => 'other',
    }
    const asked = [
      `${arn}:live`,
      'pricing:test',
      'pricing:7',
      'other',
      'other:any',
      'other:$LATEST',
    ]
    const result = await run(
      function* () {
        const said: string[] = []
        for (const name of asked) said.push(yield* invoke<string>(name))
        return said
      },
      { functions: { ...functions, 'pricing:old': () => 'old' } },
    )

    expect(result.value).to.deep.equal(['live', 'test', 'version 7', 'other', 'other', 'other'])
    expect(result.unused.functions).to.deep.equal(['pricing:old'])
  })

  it('fail as they do', async () => {
    const failing = {
      plain: () => {
        throw new RangeError('too far')
      },
      *workflow(): Generator<never, never> {
        throw new RangeError('too far')
      },
    }
    for (const name of [...Object.keys(failing), 'missing']) {
      const result = await run(call, { input: name, functions: failing })
      expect(isPerdureError(result.error, 'INVOKE_FAILED'), name).to.equal(true)
    }
  })

  it('are refused where they cannot be called', async () => {
    const error = await run(call, {
      input: 'x',
      functions: { x: { plain: 7 as never } },
    }).catch((thrown: unknown) => thrown)

    expect(isPerdureError(error, 'INVALID_OPTION')).to.equal(true)
  })
})
