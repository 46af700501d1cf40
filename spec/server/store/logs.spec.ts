import { expect } from 'chai'
import type { LogLine } from '../../../lib/server/ports.ts'
import { openStore, type OpenStore } from '../../../lib/server/store/open-store.ts'
import type { LogLimits } from '../../../lib/server/store/sqlite-logs.ts'
import { ByHand } from '../../service/by-hand.ts'

const open: OpenStore[] = []

function opened(logs: Partial<LogLimits> = {}): OpenStore {
  const one = openStore({ file: ':memory:', logs })
  open.push(one)
  return one
}

const line = (text: string, facts: Partial<LogLine> = {}): LogLine => ({
  at: 1.5,
  functionName: 'orders',
  stream: 'stdout',
  text,
  ...facts,
})

const texts = (lines: readonly LogLine[]) => lines.map(({ text }) => text)

describe('the logs of functions', () => {
  afterEach(() => {
    for (const one of open.splice(0)) one.close()
  })

  it('are read by execution, request and function, oldest first', async () => {
    const { store, logs } = opened()
    const stage = new ByHand({ store })
    const { arn: executionArn } = await stage.start()
    const { arn: other } = await stage.start()
    const lines = [
      line('START', { executionArn, requestId: 'r-1', stream: 'platform' }),
      line('NUL \0 and half a pair \ud800', { executionArn, requestId: 'r-1', stream: 'stderr' }),
      line('again', { executionArn, requestId: 'r-2' }),
      line('another execution', { executionArn: other }),
      line('a plain function', { functionName: 'price', requestId: 'r-3' }),
    ]
    for (const one of lines) logs.write(one)
    expect(logs.read({}).lines).to.deep.equal(lines)
    expect(logs.read({ executionArn }).lines).to.deep.equal(lines.slice(0, 3))
    expect(logs.read({ executionArn, requestId: 'r-2' }).lines).to.deep.equal([lines[2]])
    expect(logs.read({ requestId: 'r-3' }).lines).to.deep.equal([lines[4]])
    expect(logs.read({ functionName: 'price' }).lines).to.deep.equal([lines[4]])
    expect(logs.read({ executionArn: 'arn:nobody' }).lines).to.deep.equal([])
  })

  it('come in pages', () => {
    const { logs } = opened()
    for (let i = 0; i < 5; i += 1) logs.write(line(`${i}`))
    const pages: string[][] = []
    let after: number | undefined
    do {
      const { lines, next } = logs.read({ functionName: 'orders', maxLines: 2, after })
      pages.push(texts(lines))
      after = next
    } while (after !== undefined)
    expect(pages).to.deep.equal([['0', '1'], ['2', '3'], ['4']])
  })

  it('lose the oldest lines of an execution that writes too much, and of no other', async () => {
    const { store, logs } = opened({ ofExecution: 10_000 })
    const stage = new ByHand({ store })
    const { arn: quiet } = await stage.start()
    const { arn: loud } = await stage.start()
    logs.write(line('quiet', { executionArn: quiet }))
    for (let i = 0; i < 500; i += 1) {
      logs.write(line(`${i} ${'x'.repeat(100)}`, { executionArn: loud }))
    }
    const kept = logs.read({ executionArn: loud }).lines
    expect(kept.length).to.be.within(20, 40)
    expect(kept.at(-1)?.text).to.match(/^499 /)
    expect(texts(logs.read({ executionArn: quiet }).lines)).to.deep.equal(['quiet'])
  })

  it('lose the oldest of all when they are too much together', () => {
    const { logs } = opened({ inTotal: 10_000 })
    for (let i = 0; i < 500; i += 1) logs.write(line(`${i} ${'x'.repeat(100)}`))
    const kept = logs.read({}).lines
    expect(kept.length).to.be.within(20, 40)
    expect(kept.at(-1)?.text).to.match(/^499 /)
  })

  it('have no line that is longer than is good', () => {
    const { logs } = opened({ ofLine: 10 })
    logs.write(line('0123456789abc'))
    expect(texts(logs.read({}).lines)).to.deep.equal([
      '0123456789… (3 more characters were cut off)',
    ])
  })

  it('go with their execution', async () => {
    const { store, logs } = opened()
    const { arn: executionArn } = await new ByHand({ store }).start()
    logs.write(line('gone', { executionArn }))
    logs.write(line('kept'))
    store.remove(executionArn)
    expect(texts(logs.read({}).lines)).to.deep.equal(['kept'])
  })
})
