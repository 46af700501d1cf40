import { connect, type Socket } from 'node:net'

import { expect } from 'chai'

import type { PerdureError } from '../../../lib/index.ts'
import { lambdaApi } from '../../../lib/server/http/lambda-api.ts'
import { listen, type ListenOptions } from '../../../lib/server/http/listen.ts'
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts'
import { ByHand, rest } from '../../service/by-hand.ts'
import { RawClient } from './raw-request.ts'
import { serve, type Served } from './served.ts'

const functions = '/2015-03-31/functions'
const invocations = `${functions}/orders/invocations`

describe('the door of the local service', () => {
  let served: Served
  let raw: RawClient
  beforeEach(async () => {
    served = await serve({ allowedHosts: ['perdure.test'] })
    raw = new RawClient(served.url)
  })
  afterEach(() => {
    raw.close()
    return served.close()
  })

  describe('lets in', () => {
    for (const headers of [
      { host: 'localhost' },
      { host: 'LOCALHOST:8080' },
      { host: '127.0.0.1:9' },
      { host: '[::1]:3000' },
      { host: 'perdure.test:80' },
      { host: 'localhost:3000', origin: 'http://localhost:3000' },
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
    ]) {
      it(JSON.stringify(headers), async () => {
        const { status } = await raw.send({ method: 'GET', path: functions, headers })
        expect(status).to.equal(200)
      })
    }
  })

  describe('keeps out', () => {
    for (const headers of [
      { host: 'evil.example' },
      { host: 'localhost.evil.example' },
      { host: 'evil.example:127' },
      { host: '127.0.0.2' },
      { host: '0.0.0.0' },
      { host: 'localhost:3000', origin: 'http://localhost:4000' },
      { host: 'localhost:3000', origin: 'https://localhost:3000' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      it(JSON.stringify(headers), async () => {
        const { status, errorType, text } = await raw.send({
          method: 'POST',
          path: invocations,
          headers,
          body: '{}',
        })

        expect([status, errorType]).to.deep.equal([403, 'AccessDeniedException'])
        expect(JSON.parse(text)).to.have.property('Message')
        expect(served.byHand.invocations).to.deep.equal([])
      })
    }
  })

  it('tells a known path with another verb from an unknown one', async () => {
    const known = await raw.send({ method: 'DELETE', path: `${functions}/orders` })
    const unknown = await raw.send({ method: 'GET', path: '/2015-03-31/layers' })

    expect([known.status, known.headers['allow']]).to.deep.equal([405, 'GET'])
    expect(unknown.status).to.equal(404)
    expect([known.errorType, unknown.errorType]).to.deep.equal(
      Array(2).fill('UnknownOperationException'),
    )
  })

  describe('takes no more than it must', () => {
    const head = `POST ${invocations} HTTP/1.1\r\nHost: localhost\r\n`

    it('refuses a body by its announced length, before it comes', async () => {
      const answer = await said(served.url, `${head}Content-Length: 10000000000\r\n\r\n`)

      expect(answer).to.match(/^HTTP\/1\.1 413 /)
      expect(answer).to.match(/x-amzn-errortype: RequestTooLargeException/i)
    })

    it('refuses a body that turns out too long on the way', async () => {
      const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`
      const answer = await said(
        served.url,
        `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(7)}`,
      )

      expect(answer).to.match(/^HTTP\/1\.1 413 /)
    })

    it('takes a body in chunks', async () => {
      const answer = await said(
        served.url,
        `${head}X-Amz-Invocation-Type: Event\r\nConnection: close\r\n` +
          'Transfer-Encoding: chunked\r\n\r\n2\r\n"g\r\n2\r\nr"\r\n0\r\n\r\n',
      )

      expect(answer).to.match(/^HTTP\/1\.1 202 /)
      const [input] = (await served.byHand.latest()).envelope.InitialExecutionState.Operations
      expect(input).to.deep.include({ ExecutionDetails: { InputPayload: '"gr"' } })
    })

    it('starts nothing for a body that breaks off', async () => {
      const socket = await connected(served.url)
      socket.end(`${head}Content-Length: 10\r\n\r\n"half`)
      await ended(socket)
      await raw.send({ method: 'GET', path: functions })

      expect(served.byHand.invocations).to.deep.equal([])
    })

    it('refuses headers that are too long, in the shape of the API', async () => {
      const answer = await said(served.url, `${head}X-Long: ${'x'.repeat(20_000)}\r\n\r\n`)

      expect(answer).to.match(/^HTTP\/1\.1 431 /)
      expect(answer).to.contain('"Type":"User"')
    })

    it('refuses what is not HTTP', async () => {
      expect(await said(served.url, 'hello\r\n\r\n')).to.match(
        /^HTTP\/1\.1 400 .*BadRequestException/s,
      )
    })
  })

  it('lets an execution go on whose caller has hung up', async () => {
    const socket = await connected(served.url)
    socket.write(`POST ${invocations} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`)
    while (served.byHand.invocations.length === 0) await rest()
    socket.destroy()
    await ended(socket)
    const invocation = await served.byHand.latest()
    await invocation.succeed('1')

    expect(await served.byHand.status(invocation.arn)).to.equal('SUCCEEDED')
  })
})

describe('an answer', () => {
  it('waits until what it rests on is durable, a refusal too', async () => {
    const said: string[] = []
    const waiting: (() => void)[] = []
    const committed = () => new Promise<void>((resolve) => waiting.push(resolve))
    const [served, other] = await Promise.all([serve({ durability: { committed } }), serve()])
    const [raw, beside] = [new RawClient(served.url), new RawClient(other.url)]
    for (const path of [functions, '/2025-12-01/durable-executions/none']) {
      const answer = raw.send({ method: 'GET', path }).then(({ status }) => said.push(`${status}`))
      while (waiting.length === 0) await rest()
      // An answer that did not wait would be here by the time that this one is.
      await beside.send({ method: 'GET', path })
      said.push('committed')
      waiting.pop()?.()
      await answer
    }
    raw.close()
    beside.close()
    await Promise.all([served.close(), other.close()])

    expect(said).to.deep.equal(['committed', '200', 'committed', '400'])
  })
})

describe('listening', () => {
  const { service } = new ByHand()
  const app = lambdaApi({ service, functions: () => [] })
  const open = (options: Partial<ListenOptions> = {}) => listen({ app, ...options })

  it('is refused with a code where the port is taken', async () => {
    const first = await open()
    const error = await open({ port: first.port }).catch((thrown: unknown) => thrown)
    await first.close()

    expect((error as PerdureError).code).to.equal('CANNOT_LISTEN')
    expect((error as PerdureError).message).to.equal(
      `Cannot listen on 127.0.0.1:${first.port}. ` +
        'Another program listens there: end it, or choose another port.',
    )
  })

  it('leaves the globals of the process alone', async () => {
    const before = [globalThis.Request, globalThis.Response]
    await (await open()).close()

    expect([globalThis.Request, globalThis.Response]).to.deep.equal(before)
  })

  it('ends with the last answer, if that comes in time', async () => {
    const served = await serve()
    const raw = new RawClient(served.url)
    const answered = raw.send({ method: 'POST', path: invocations })
    while (served.byHand.invocations.length === 0) await rest()
    const closed = served.listening.close(60_000)
    await (await served.byHand.latest()).succeed('1')

    expect((await answered).text).to.equal('1')
    await closed
    raw.close()
  })

  it('cuts off what takes longer', async () => {
    const clock = new VirtualClock({ auto: false })
    const served = await serve({}, new ByHand(), clock)
    const raw = new RawClient(served.url)
    const answered = raw.send({ method: 'POST', path: invocations }).catch(() => 'cut off')
    while (served.byHand.invocations.length === 0) await rest()
    const closed = served.listening.close(1000)
    clock.advance(1000)

    expect(await answered).to.equal('cut off')
    await closed
    raw.close()
  })
})

function connected(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

function ended(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) return resolve()
    socket.on('error', () => undefined).resume()
    socket.once('close', () => {
      resolve()
    })
  })
}

/** What the server says to `bytes` until it hangs up. */
async function said(url: string, bytes: string): Promise<string> {
  const socket = await connected(url)
  let answer = ''
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text))
  socket.write(bytes)
  await ended(socket)
  return answer
}
