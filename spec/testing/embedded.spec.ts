import { expect } from 'chai'
import { driver, isPerdureError, now, step, wait } from 'perdure'
import { Embedded } from '../../lib/testing/embedded.ts'
import { InvocationFailure } from '../../lib/service/invoker.ts'

const timers = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'Date',
  'queueMicrotask',
] as const

const dayOff = driver.lambdaHandler(function* (days: number) {
  const began = yield* step('begin', () => 'began')
  yield* wait({ days })
  return { began, at: yield* now() }
})

describe('an embedded service', () => {
  it('hosts a durable function and answers its result', async () => {
    const embedded = new Embedded()
    embedded.register('day-off', dayOff)

    expect(await resultOf(embedded, 'day-off', 2)).to.have.property('began', 'began')
  })

  it('hosts a plain function, without an execution', async () => {
    const embedded = new Embedded()
    embedded.register('double', (input) => (input as number) * 2, { durable: false })
    const { Payload, DurableExecutionArn } = await embedded.service.invoke({
      FunctionName: 'double',
      Payload: '21',
    })

    expect({ Payload, DurableExecutionArn }).to.deep.equal({
      Payload: '42',
      DurableExecutionArn: undefined,
    })
  })

  it('refuses what is no handler', () => {
    const register = () => new Embedded().register('f', 42 as never)

    expect(register).to.throw('Expected `f` to be a handler, got 42 (number).')
    try {
      register()
    } catch (error) {
      expect(isPerdureError(error, 'INVALID_OPTION')).to.equal(true)
    }
  })

  it('hands a function the context that Lambda does', async () => {
    const embedded = new Embedded()
    const contexts: Record<string, unknown>[] = []
    embedded.register(
      'look',
      (_event, context) => {
        const its = context as { getRemainingTimeInMillis(): number }
        contexts.push({ ...its, remaining: its.getRemainingTimeInMillis() })
      },
      { durable: false, timeoutSeconds: 30, version: '7' },
    )
    await embedded.service.invoke({ FunctionName: 'look', Qualifier: '7', Payload: '{}' })

    expect(contexts).to.have.length(1)
    expect(contexts[0]).to.include({
      functionName: 'look',
      functionVersion: '7',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:look:7',
      memoryLimitInMB: '128',
    })
    expect(contexts[0]?.['remaining']).to.be.within(29_000, 30_000)
    expect(contexts[0]?.['awsRequestId']).to.be.a('string')
  })

  it('tells of every invocation that is over, and what it died of', async () => {
    const words: string[] = []
    const embedded = new Embedded({
      onEnd: ({ functionName, attempt }, failure) => {
        const died = failure instanceof InvocationFailure ? failure.errorType : String(failure)
        words.push(`${functionName} ${attempt}: ${died}`)
      },
    })
    let calls = 0
    embedded.register('shaky', async (...args) => {
      calls += 1
      if (calls === 1) process.exit(1)
      if (calls === 2) throw new RangeError('off')
      return dayOff(...args)
    })
    await resultOf(embedded, 'shaky', 1)

    expect(words).to.deep.equal([
      'shaky 1: Runtime.ExitError',
      'shaky 2: RangeError: off',
      'shaky 3: undefined',
      'shaky 1: undefined',
    ])
  })

  it('sees an invocation die that its observer ends', async () => {
    let toEnd = 1
    const embedded = new Embedded({
      observe: (invocation) => ({
        observer: {
          attempting: () => {
            if (toEnd-- > 0) invocation.crash('killed by a spec')
          },
        },
      }),
    })
    embedded.register('day-off', dayOff)
    const arn = await start(embedded, 'day-off', 1)
    await embedded.service.ended(arn)
    const { Events } = await embedded.service.getDurableExecutionHistory({
      DurableExecutionArn: arn,
    })

    const deaths = Events.flatMap(({ InvocationCompletedDetails: it }) => it?.Error?.Payload ?? [])
    expect(deaths.map(({ ErrorType }) => ErrorType)).to.deep.equal(['Runtime.ExitError'])
    expect(deaths[0]?.ErrorMessage).to.match(/Error: killed by a spec$/)
  })

  it('lets somebody stand between the engine and the service', async () => {
    const calls: number[] = []
    const embedded = new Embedded({
      between: (service) => ({
        ...service,
        checkpoint: (request) => {
          calls.push(request.Updates?.length ?? 0)
          return service.checkpoint(request)
        },
      }),
    })
    embedded.register('day-off', dayOff)
    await resultOf(embedded, 'day-off', 1)

    expect(calls.reduce((sum, count) => sum + count, 0)).to.equal(3)
  })
})

describe('many embedded services at once', () => {
  it('do not disturb each other: each has its own time', async () => {
    const lengths = Array.from({ length: 20 }, (_, i) => i * 3 + 1)
    const results = await Promise.all(
      lengths.map(async (days) => {
        const embedded = new Embedded()
        embedded.register('day-off', dayOff)
        const { at } = await resultOf(embedded, 'day-off', days)
        return Math.floor((at - Date.UTC(2026, 0, 1)) / 86_400_000)
      }),
    )

    expect(results).to.deep.equal(lengths)
  })

  it('do not disturb each other: one that exits ends nothing else', async () => {
    const services = [true, false, true, false].map((isLeaving) => {
      const embedded = new Embedded()
      const leaving = driver.lambdaHandler(function* () {
        yield* step('leave', async () => {
          await new Promise((resolve) => setImmediate(resolve))
          process.exit(1)
        })
      })
      embedded.register('f', isLeaving ? leaving : dayOff)
      return embedded
    })
    const statuses = await Promise.all(
      services.map(async (embedded) => {
        const arn = await start(embedded, 'f', 1)
        await embedded.service.ended(arn)
        return (await embedded.service.getDurableExecution({ DurableExecutionArn: arn })).Status
      }),
    )

    expect(statuses).to.deep.equal(['FAILED', 'SUCCEEDED', 'FAILED', 'SUCCEEDED'])
  })

  it('touch no global timer and no global clock', async () => {
    const before = timers.map((name) => globalThis[name])
    let during: unknown[] = []
    const embedded = new Embedded()
    embedded.register(
      'look',
      driver.lambdaHandler(function* () {
        yield* wait('30d')
        yield* step(() => void (during = timers.map((name) => globalThis[name])))
        return yield* step(() => Date.now())
      }),
    )
    const realTime = Date.now()
    const seen = await resultOf<number>(embedded, 'look', null)

    expect(during).to.deep.equal(before)
    expect(timers.map((name) => globalThis[name])).to.deep.equal(before)
    expect(seen).to.be.within(realTime, realTime + 60_000)
  })
})

async function start(embedded: Embedded, name: string, input: unknown): Promise<string> {
  const { DurableExecutionArn } = await embedded.service.invoke({
    FunctionName: name,
    Qualifier: '$LATEST',
    InvocationType: 'Event',
    Payload: JSON.stringify(input),
  })
  return DurableExecutionArn ?? ''
}

/** What an execution ends with. */
async function resultOf<T = { began: string; at: number }>(
  embedded: Embedded,
  name: string,
  input: unknown,
): Promise<T> {
  const arn = await start(embedded, name, input)
  await embedded.service.ended(arn)
  const { Status, Result, Error } = await embedded.service.getDurableExecution({
    DurableExecutionArn: arn,
  })
  expect(Status, Error?.ErrorMessage).to.equal('SUCCEEDED')
  return JSON.parse(Result ?? 'null') as T
}
