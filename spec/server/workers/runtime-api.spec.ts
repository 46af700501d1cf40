import { expect } from 'chai'
import { request as httpRequest } from 'node:http'
import { RuntimeApi, type Outcome, type Task } from '../../../lib/server/workers/runtime-api.ts'
import type { InvocationFailure } from '../../../lib/service/invoker.ts'

const task: Task = {
  requestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:orders:$LATEST',
  deadline: 1_542_409_706_888,
  event: '{"order":1}',
}

/** A Runtime API whose client is the spec; what it reports is written down. */
async function runtime() {
  const told: (string | Outcome | InvocationFailure)[] = []
  let hear: () => void = () => {}
  const tell = (what: string | Outcome | InvocationFailure) => {
    told.push(what)
    hear()
  }
  const api = new RuntimeApi({
    polled: () => tell('polled'),
    answered: tell,
    initFailed: tell,
  })
  const root = `http://${await api.listen()}/2018-06-01/runtime/`
  apis.push(api)
  const post = (
    path: string,
    body: string | ReadableStream,
    headers: Record<string, string> = {},
  ) => fetch(root + path, { method: 'POST', body, headers, duplex: 'half' })
  const next = () => fetch(`${root}invocation/next`)
  /** Resolves when the client has asked for an invocation. */
  const polled = async () => {
    while (told.at(-1) !== 'polled') await new Promise<void>((resolve) => (hear = resolve))
    told.length = 0
  }
  /** The client asks, and is handed the task. */
  const begin = async () => {
    const answer = next()
    await polled()
    api.hand(task)
    await answer
  }
  return { api, root, told, post, next, polled, begin }
}

const apis: RuntimeApi[] = []
afterEach(() => {
  for (const api of apis.splice(0)) api.close()
})

const response = `invocation/${task.requestId}/response`
const error = `invocation/${task.requestId}/error`

async function seen(answer: Response): Promise<[number, unknown]> {
  const { errorType, status } = (await answer.json()) as { errorType?: string; status?: string }
  return [answer.status, errorType ?? status]
}

describe('the next invocation', () => {
  it('is told with its event and what Lambda says of it in headers', async () => {
    const { api, next, polled } = await runtime()
    const asked = next()
    await polled()
    api.hand({ ...task, tenantId: 'blue' })
    const answer = await asked
    expect([answer.status, await answer.text()]).to.deep.equal([200, '{"order":1}'])
    const names = [...answer.headers].filter(([name]) => name.startsWith('lambda-runtime'))
    expect(Object.fromEntries(names)).to.deep.equal({
      'lambda-runtime-aws-request-id': task.requestId,
      'lambda-runtime-aws-tenant-id': 'blue',
      'lambda-runtime-deadline-ms': '1542409706888',
      'lambda-runtime-invoked-function-arn': task.functionArn,
      'lambda-runtime-trace-id':
        'Root=1-5bef4dea-8476a536e9f411e897392dfe;Parent=97392dfe598c3fcd;Sampled=0',
    })
  })

  it('is refused while one is asked for, and while one is under way', async () => {
    const { api, next, polled } = await runtime()
    const first = next()
    await polled()
    expect(await seen(await next())).to.deep.equal([403, 'InvalidStateTransition'])
    api.hand(task)
    await first
    expect(await seen(await next())).to.deep.equal([403, 'InvalidStateTransition'])
  })

  it('is told to the next poll where the poll before broke off', async () => {
    const { api, root, next, polled } = await runtime()
    const gone = new AbortController()
    const broken = fetch(`${root}invocation/next`, { signal: gone.signal }).catch(() => 'broken')
    await polled()
    gone.abort()
    expect(await broken).to.equal('broken')
    // By the time another request is answered, the end of that connection has been seen.
    await fetch(root)
    api.hand(task)
    expect(await (await next()).text()).to.equal('{"order":1}')
  })
})

describe('an answer', () => {
  it('is taken once', async () => {
    const { post, begin, told } = await runtime()
    await begin()
    expect(await seen(await post(response, '"done"'))).to.deep.equal([202, 'OK'])
    expect(told).to.deep.equal([{ ok: true, body: '"done"' }])
    expect(await seen(await post(response, '"again"'))).to.deep.equal([
      403,
      'InvalidStateTransition',
    ])
    expect(await seen(await post(error, '{}'))).to.deep.equal([403, 'InvalidStateTransition'])
    expect(told).to.have.lengthOf(1)
  })

  it('is refused for another request, which goes on', async () => {
    const { post, begin, told } = await runtime()
    await begin()
    expect(await seen(await post('invocation/another/response', '1'))).to.deep.equal([
      400,
      'InvalidRequestID',
    ])
    expect(told).to.deep.equal([])
    expect((await post(response, '2')).status).to.equal(202)
  })

  it('may come in chunks', async () => {
    const { begin, told, post } = await runtime()
    await begin()
    const body = new ReadableStream({
      start(controller) {
        for (const part of ['{"a"', ':', '1}']) controller.enqueue(new TextEncoder().encode(part))
        controller.close()
      },
    })
    expect((await post(response, body)).status).to.equal(202)
    expect(told).to.deep.equal([{ ok: true, body: '{"a":1}' }])
  })

  it('of a stream is an error where its trailers say so', async () => {
    const { begin, told, root } = await runtime()
    await begin()
    const status = await new Promise((resolve) => {
      const sent = httpRequest(
        root + response,
        {
          method: 'POST',
          headers: {
            'Lambda-Runtime-Function-Response-Mode': 'streaming',
            Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
          },
        },
        (answer) => resolve(answer.statusCode),
      )
      sent.write('{"half":')
      sent.addTrailers({
        'Lambda-Runtime-Function-Error-Type': 'Broken',
        'Lambda-Runtime-Function-Error-Body':
          Buffer.from('{"errorMessage":"cut"}').toString('base64'),
      })
      sent.end()
    })
    const [outcome] = told as [Outcome & { ok: false }]
    const { errorType, message } = outcome.failure
    expect([status, errorType, message]).to.deep.equal([202, 'Broken', 'cut'])
  })

  it('of 6 MB and 100 bytes is taken, and a byte more is too large', async () => {
    const most = 6 * 1024 * 1024 + 100
    const fits = await runtime()
    await fits.begin()
    expect((await fits.post(response, 'x'.repeat(most))).status).to.equal(202)

    const over = await runtime()
    await over.begin()
    expect(await seen(await over.post(response, 'x'.repeat(most + 1)))).to.deep.equal([
      413,
      'RequestEntityTooLarge',
    ])
    const [outcome] = over.told as [Outcome & { ok: false }]
    expect(outcome.failure.errorType).to.equal('Function.ResponseSizeTooLarge')
  })

  it('that is an error keeps type, message and stack', async () => {
    const { post, begin, told } = await runtime()
    await begin()
    const body = { errorType: 'OutOfStock', errorMessage: 'no tea', stackTrace: ['at shop'] }
    expect((await post(error, JSON.stringify(body))).status).to.equal(202)
    const [outcome] = told as [Outcome & { ok: false }]
    const { errorType, message, stackTrace } = outcome.failure
    expect({ errorType, errorMessage: message, stackTrace }).to.deep.equal(body)
  })

  for (const { body, header, type, text } of [
    { body: '', header: 'Runtime.Unknown', type: 'Runtime.Unknown', text: '' },
    { body: 'not JSON', header: undefined, type: 'Unhandled', text: 'not JSON' },
    { body: '{"errorType":7,"errorMessage":"m"}', header: 'H', type: 'H', text: 'm' },
    { body: '[]', header: undefined, type: 'Unhandled', text: '[]' },
  ]) {
    it(`that is an error is read from ${JSON.stringify(body)}`, async () => {
      const { post, begin, told } = await runtime()
      await begin()
      await post(error, body, header ? { 'Lambda-Runtime-Function-Error-Type': header } : {})
      const [outcome] = told as [Outcome & { ok: false }]
      expect([outcome.failure.errorType, outcome.failure.message]).to.deep.equal([type, text])
    })
  }
})

describe('an error of the start', () => {
  it('is taken before the first invocation is asked for', async () => {
    const { post, told, next } = await runtime()
    const body = JSON.stringify({ errorType: 'Runtime.ImportModuleError', errorMessage: 'no x' })
    expect(await seen(await post('init/error', body))).to.deep.equal([202, 'OK'])
    const [failure] = told as [InvocationFailure]
    expect([failure.errorType, failure.message]).to.deep.equal([
      'Runtime.ImportModuleError',
      'no x',
    ])
    expect((await next()).status).to.equal(403)
  })

  it('is refused after that', async () => {
    const { post, begin, told } = await runtime()
    await begin()
    expect((await post('init/error', '{}')).status).to.equal(403)
    expect(told).to.deep.equal([])
  })
})

describe('a request that the Runtime API does not know', () => {
  for (const { method, path, status } of [
    { method: 'POST', path: 'invocation/next', status: 405 },
    { method: 'GET', path: 'invocation/1/response', status: 405 },
    { method: 'GET', path: 'init/error', status: 405 },
    { method: 'GET', path: '', status: 404 },
    { method: 'GET', path: 'invocation', status: 404 },
    { method: 'GET', path: 'invocation/next/more', status: 404 },
    { method: 'POST', path: 'invocation/1/response/more', status: 404 },
    { method: 'POST', path: 'invocation/1/reply', status: 404 },
    { method: 'GET', path: 'restore/next', status: 404 },
    { method: 'POST', path: '../../2020-01-01/extension/register', status: 404 },
  ]) {
    it(`is answered ${status}: ${method} ${path}`, async () => {
      const { root, told } = await runtime()
      const answer = await fetch(root + path, { method })
      expect(answer.status).to.equal(status)
      expect(Object.keys((await answer.json()) as object)).to.deep.equal([
        'errorMessage',
        'errorType',
      ])
      expect(told).to.deep.equal([])
    })
  }
})
