import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { startLocal, type Local } from '../../lib/local.ts'

const file = fileURLToPath(new URL('isolation-functions.mjs', import.meta.url))
const hosted = (name: string, more: object = {}) => ({
  handler: `${file}#${name}`,
  durable: false as const,
  ...more,
})

describe('functions that loop, exit, take all memory or never stop talking', () => {
  let local: Local
  let logged = 0

  before(async function () {
    if (process.platform === 'win32') this.skip()
    local = await startLocal({
      functions: {
        loops: hosted('loops', { timeoutSeconds: 2 }),
        exits: hosted('exits'),
        hogs: hosted('hogs', { memoryMegabytes: 192 }),
        chatters: hosted('chatters'),
        works: hosted('works', { concurrency: 2 }),
      },
      onLog: ({ text }) => void (logged += text.length),
    })
  })
  after(() => (local as Local | undefined)?.close())

  async function invoke(name: string, payload: unknown = {}): Promise<unknown> {
    const url = `${local.url}/2015-03-31/functions/${name}/invocations`
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(payload) })
    const body = (await answer.json()) as { errorType?: string }
    return answer.headers.has('x-amz-function-error') ? body.errorType : body
  }

  it('fail by themselves, each for its own reason, and harm no other', async () => {
    const numbers = Array.from({ length: 40 }, (_, i) => i)
    const [bad, good] = await Promise.all([
      Promise.all(['loops', 'exits', 'hogs', 'chatters', 'exits'].map((name) => invoke(name))),
      Promise.all(numbers.map((number) => invoke('works', number))),
    ])

    expect(bad).to.deep.equal([
      'Sandbox.Timedout',
      'Runtime.ExitError',
      'Runtime.ExitError',
      'said',
      'Runtime.ExitError',
    ])
    expect(good).to.deep.equal(numbers)
    expect(logged).to.be.below(2 * 2 ** 20)
  })

  it('can be invoked again', async () => {
    expect(await invoke('chatters')).to.equal('said')
    expect(await invoke('exits')).to.equal('Runtime.ExitError')
  })
})
