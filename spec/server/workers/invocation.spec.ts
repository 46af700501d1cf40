import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { isAlive, Stand } from './stand.ts'

interface Told {
  readonly calls: number
  readonly pid: number
  readonly left: number
  readonly event: unknown
  readonly context: Record<string, unknown>
}

describe('a function in a process of its own', () => {
  const stand = new Stand()
  before(() => stand.host('acts', { timeoutSeconds: 60, memoryMegabytes: 300, concurrency: 1 }))
  after(() => stand.close())

  it('is given the event and a context', async () => {
    const requestId = randomUUID()
    const event = { do: 'tell', text: 'tea ☕' }
    const told = (await stand.invoke('acts', event, { requestId, tenantId: 'blue' })) as Told
    const { logStreamName, ...context } = told.context
    expect(told.event).to.deep.equal(event)
    expect(context).to.deep.equal({
      callbackWaitsForEmptyEventLoop: true,
      awsRequestId: requestId,
      functionName: 'acts',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:acts:$LATEST',
      memoryLimitInMB: '300',
      logGroupName: '/aws/lambda/acts',
      tenantId: 'blue',
    })
    expect(logStreamName).to.match(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/)
    expect(told.left).to.be.within(1, 60_000)
  })

  it('stays warm for the next invocation', async () => {
    const first = (await stand.invoke('acts', { do: 'tell' })) as Told
    const second = (await stand.invoke('acts', { do: 'tell' })) as Told
    expect([second.pid, second.calls]).to.deep.equal([first.pid, first.calls + 1])
  })

  it('that returns nothing has answered null', async () => {
    expect(await stand.invoke('acts', { do: 'nothing' })).to.equal(null)
  })

  for (const { act, type, message } of [
    { act: 'fail', type: 'OutOfStock', message: 'no tea' },
    { act: 'failWithText', type: 'string', message: 'no tea' },
    { act: 'circle', type: 'Runtime.MarshalError', message: 'cannot be written as JSON' },
    { act: 'never', type: 'Runtime.NodeJsExit', message: 'nothing can settle' },
    { act: 'big', type: 'Function.ResponseSizeTooLarge', message: '(6291556 bytes)' },
  ]) {
    it(`fails with ${type} and goes on after that: ${act}`, async () => {
      const { pid } = (await stand.invoke('acts', { do: 'tell' })) as Told
      const [errorType, text] = await stand.failure('acts', { do: act, bytes: 7e6 })
      expect(errorType).to.equal(type)
      expect(text).to.contain(message)
      expect(((await stand.invoke('acts', { do: 'tell' })) as Told).pid).to.equal(pid)
    })
  }

  for (const { act, type, message } of [
    {
      act: 'forget',
      type: 'Runtime.UnhandledPromiseRejection',
      message: 'TypeError: nobody listens',
    },
    { act: 'uncaught', type: 'RangeError', message: 'out of nowhere' },
    { act: 'exit', type: 'Runtime.ExitError', message: 'Runtime exited with error: exit status 3' },
  ]) {
    it(`fails with ${type} and is gone after that: ${act}`, async () => {
      const { pid } = (await stand.invoke('acts', { do: 'tell' })) as Told
      const [errorType, text] = await stand.failure('acts', { do: act, status: 3 })
      expect([errorType, text.replace(/^RequestId: \S+ Error: /, '')]).to.deep.equal([
        type,
        message,
      ])
      const next = (await stand.invoke('acts', { do: 'tell' })) as Told
      expect([next.calls, next.pid === pid, isAlive(pid)]).to.deep.equal([1, false, false])
    })
  }
})

describe('what a function writes', () => {
  const stand = new Stand()
  before(() => stand.host('acts', { concurrency: 1 }))
  after(() => stand.close())

  it('is filed under its invocation, all of it, between START and END', async () => {
    const [first, second] = [randomUUID(), randomUUID()]
    const executionArn = 'arn:execution'
    const event = { do: 'log', lines: ['one', 'two\nthree'], rest: 'no line end' }
    await stand.invoke('acts', event, { requestId: first, executionArn })
    await stand.invoke('acts', { do: 'log', lines: ['four'] }, { requestId: second })
    expect(stand.written(first).sort()).to.deep.equal([
      `platform END RequestId: ${first}`,
      `platform REPORT RequestId: ${first}`,
      `platform START RequestId: ${first} Version: $LATEST`,
      'stderr no line end',
      'stdout one',
      'stdout three',
      'stdout two',
    ])
    expect(stand.written(second)).to.deep.equal([
      `platform START RequestId: ${second} Version: $LATEST`,
      'stdout four',
      `platform END RequestId: ${second}`,
      `platform REPORT RequestId: ${second}`,
    ])
    const arns = stand.lines.filter(({ requestId }) => requestId === first)
    expect(new Set(arns.map((line) => line.executionArn))).to.deep.equal(new Set([executionArn]))
  })

  it('is bounded, and what was cut is said', async () => {
    const requestId = randomUUID()
    await stand.invoke('acts', { do: 'flood', megabytes: 10 }, { requestId })
    const lines = stand.written(requestId)
    expect(lines.filter((line) => line.startsWith('stdout'))).to.have.lengthOf(1024)
    expect(lines.slice(-3)).to.deep.equal([
      `platform The output of this invocation was cut after 1048576 characters: ${9 * 2 ** 20} bytes were dropped.`,
      `platform END RequestId: ${requestId}`,
      `platform REPORT RequestId: ${requestId}`,
    ])
  })
})

describe('a handler with a callback', () => {
  const stand = new Stand()
  before(() => stand.host('legacy', { concurrency: 1 }, 'acts.mjs', 'legacy'))
  after(() => stand.close())

  it('answers when nothing is left to do', async () => {
    expect(await stand.invoke('legacy', { style: 'late' })).to.deep.equal([null])
  })

  it('that never calls back answers null', async () => {
    expect(await stand.invoke('legacy', { style: 'silence' })).to.equal(null)
  })

  it('fails with what it calls back with', async () => {
    const failure = await stand.failure('legacy', { style: 'error' })
    expect(failure).to.deep.equal(['Error', 'by callback'])
  })

  it('answers at once where it asks for that', async () => {
    expect(await stand.invoke('legacy', { style: 'at once' })).to.equal('answered')
  })
})

describe('a function', () => {
  const stand = new Stand()
  after(() => stand.close())

  it('may be CommonJS', async () => {
    stand.host('common', {}, 'common.cjs', 'handler')
    expect(await stand.invoke('common', { a: 1, b: 2 })).to.deep.equal({ sum: 3 })
  })

  it('may be TypeScript that imports perdure', async () => {
    stand.host('typed', {}, 'typed.ts', 'handler')
    const sum = await stand.invoke('typed', { a: 1, b: 2 })
    expect(sum).to.deep.equal({ sum: 3, perdure: 'function' })
  })
})
