import { AssertionError } from 'node:assert'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { createCallback, invoke, now, step, uuid, wait, waitForCallback } from 'perdure'
import { expectGolden, run, VirtualClock } from 'perdure/testing'
import { stable } from '../../../lib/testing/golden/stable.ts'

const desk = { env: {} }
const ci = { env: { CI: 'true' } }
const update = { env: { PERDURE_UPDATE_GOLDEN: '1' } }

function* order(id: string) {
  const ids: unknown[] = [yield* uuid(), yield* now()]
  const approved = yield* waitForCallback('approve', (callbackId) => callbackId)
  const other = yield* createCallback('other')
  const sent = yield* step('send', ({ executionArn }) => ({ to: other.id, executionArn }))
  yield* wait('1h')
  yield* invoke('ship', sent)
  return { id, approved, ids }
}

const world = {
  callbacks: { approve: { succeed: true } },
  functions: {
    *ship() {
      return yield* step('label', () => 'l-1')
    },
  },
}

const runs = (input: string, start?: number) =>
  run(order, { ...world, input, ...(start ? { clock: new VirtualClock({ start }) } : {}) })

describe('a golden history', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'golden-'))
    file = join(folder, 'deep', 'order.json')
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  it('is written the first time, and compared from then on', async () => {
    expectGolden(await runs('o-1'), file, desk)
    const written = readFileSync(file, 'utf8')
    expectGolden(await runs('o-1'), file, desk)
    expectGolden(await runs('o-1'), pathToFileURL(file), ci)

    expect(readFileSync(file, 'utf8')).to.equal(written)
  })

  it('is the same whatever the ids and the time', async () => {
    expectGolden(await runs('o-1'), file, desk)
    expectGolden(await runs('o-1', Date.UTC(2031, 6, 5, 4, 3, 2, 1)), file, ci)

    const text = readFileSync(file, 'utf8')
    expect(text).not.to.match(/\d{4}-\d\d-\d\dT|arn:aws|[0-9a-f]{8}-[0-9a-f]{4}-/)
    expect(text).to.include('<callback 2>').and.include('<arn 1>').and.include('<callee 1>')
  })

  it('has one event a line, payloads and durations included', async () => {
    const result = await run(
      function* (name: string) {
        yield* wait('tea', '5m')
        return yield* step('greet', () => `hello ${name}`)
      },
      { input: 'Ada' },
    )
    expectGolden(result, file, desk)

    const lines = readFileSync(file, 'utf8').split('\n')
    expect(lines.slice(0, 3)).to.deep.equal([
      '[',
      '  {"EventType":"ExecutionStarted","Id":"<execution 1>","ExecutionStartedDetails":' +
        '{"Input":{"Payload":"\\"Ada\\"","Truncated":false},"ExecutionTimeout":31622400}},',
      '  {"EventType":"WaitStarted","Id":"1","Name":"tea","SubType":"Wait",' +
        '"WaitStartedDetails":{"Duration":300}},',
    ])
    expect(() => JSON.parse(readFileSync(file, 'utf8')) as unknown).not.to.throw()
  })

  it('fails on another one with what differs, as a diff', async () => {
    expectGolden(await runs('o-1'), file, desk)
    const other = await runs('o-2')
    const error = thrownBy(() => void expectGolden(other, file, desk))

    if (!(error instanceof AssertionError)) throw error
    expect(error.actual).to.include('\\"o-2\\"')
    expect(error.expected).to.include('\\"o-1\\"')
    const lines = error.message.split('\n')
    expect(lines[0]).to.equal(`The history is not the golden one of ${file}:`)
    expect(lines.filter((line) => line.startsWith('-'))).to.have.lengthOf(2)
    expect(lines.filter((line) => line.startsWith('+'))).to.have.lengthOf(2)
    expect(lines).to.include('  …')
    expect(lines.at(-1)).to.include('PERDURE_UPDATE_GOLDEN=1')
  })

  it('is written anew where that is asked for', async () => {
    expectGolden(await runs('o-1'), file, desk)
    expectGolden(await runs('o-2'), file, update)
    expectGolden(await runs('o-2'), file, ci)
  })

  it('is never written in CI', async () => {
    const result = await runs('o-1')
    const missing = thrownBy(() => void expectGolden(result, file, ci))
    expect(missing.message).to.include('none is written in CI')
    expect(existsSync(file)).to.equal(false)

    expectGolden(result, file, desk)
    const changed = await runs('o-2')
    const both = { env: { ...ci.env, ...update.env } }
    expect(thrownBy(() => void expectGolden(changed, file, both))).to.be.an.instanceOf(
      AssertionError,
    )
  })

  it('takes no offence at how the file is formatted', async () => {
    expectGolden(await runs('o-1'), file, desk)
    const events = JSON.parse(readFileSync(file, 'utf8')) as unknown
    writeFileSync(file, JSON.stringify(events, null, 4).replaceAll('\n', '\r\n'))
    expectGolden(await runs('o-1'), file, ci)

    writeFileSync(file, 'no JSON')
    const result = await runs('o-1')
    expect(thrownBy(() => void expectGolden(result, file, ci)).message).to.include('is no JSON')
  })

  it('leaves out what it is told to', async () => {
    let count = 0
    const counting = () =>
      run(function* () {
        return yield* step('count', () => `ticket ${(count += 1)}`)
      })
    const redact = [/ticket \d+/g]
    expectGolden(await counting(), file, { ...desk, redact })
    expectGolden(await counting(), file, { ...ci, redact })

    expect(readFileSync(file, 'utf8')).to.include('<redacted>')
  })
})

describe('a history made stable', () => {
  it('keeps times in payloads that are not of the run', async () => {
    const { events } = await run(function* () {
      return yield* step('birthday', () => ['1985-10-26T01:21:00Z', 499137660000, 1767225600000])
    })
    const shown = JSON.stringify(stable(events))

    expect(shown).to.include('1985-10-26T01:21:00Z').and.not.include('1767225600000')
  })

  it('has its events by operation, where that is asked for', async () => {
    const { events } = await runs('o-1')
    const ids = stable(events, { order: 'by-operation' }).map((event) => {
      const { EventType, Id = '' } = event as { EventType: string; Id?: string }
      return EventType === 'InvocationCompleted' ? 'invocation' : Id
    })

    expect(ids.filter((id, index) => id !== ids[index - 1])).to.deep.equal([
      '<execution 1>',
      '1',
      '1-1',
      '1-2',
      '2',
      '3',
      '4',
      '5',
      'invocation',
      '<execution 1>',
    ])
  })
})

function thrownBy(act: () => void): Error {
  try {
    act()
  } catch (error) {
    return error as Error
  }
  return expect.fail('nothing was thrown')
}
