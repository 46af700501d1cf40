import nodeCrypto, { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { context, createDriver, now, random, step, uuid, wait, type Workflow } from 'perdure'
import { run } from 'perdure/testing'

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

/** What ends an execution whose determinism is checked. */
async function mistakeIn(workflow: Workflow<never>, log = quiet): Promise<string | undefined> {
  const handler = createDriver({ determinism: 'check', log }).lambdaHandler(workflow)
  const { errorRecord } = await run(handler)
  return errorRecord?.ErrorMessage
}

/** All that a trap stands for while workflow code is on the stack. */
function globals(): unknown[] {
  const places: readonly (readonly [object, readonly string[]])[] = [
    [globalThis, ['Date', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch']],
    [Date, ['now']],
    [Math, ['random']],
    [performance, ['now']],
    [process, ['hrtime']],
    [crypto, ['randomUUID', 'getRandomValues']],
  ]
  return places.flatMap(([owner, keys]) => keys.map((key): unknown => Reflect.get(owner, key)))
}

const trapped: Record<string, () => unknown> = {
  'Date.now()': () => Date.now(),
  'new Date()': () => new Date(),
  'performance.now()': () => performance.now(),
  'process.hrtime()': () => process.hrtime(),
  'process.hrtime.bigint()': () => process.hrtime.bigint(),
  'Math.random()': () => Math.random(),
  'crypto.getRandomValues()': () => crypto.getRandomValues(new Uint8Array(1)),
  'setTimeout()': () => setTimeout(() => undefined, 1),
  'setInterval()': () => setInterval(() => undefined, 1),
  'setImmediate()': () => setImmediate(() => undefined),
  'queueMicrotask()': () => void queueMicrotask(() => undefined),
  'fetch()': () => fetch('http://localhost:1'),
  'crypto.randomBytes()': () => randomBytes(1),
  'crypto.randomInt()': () => randomInt(2),
}

describe('what answers differently each time, or has an effect', () => {
  for (const [call, make] of Object.entries(trapped)) {
    it(`is trapped in a workflow: ${call}`, async () => {
      const mistake = await mistakeIn(function* () {
        make()
        yield* wait('1h')
      })

      expect(mistake).to.include(`the workflow called ${call} at `)
      expect(mistake).to.match(/traps\.spec\.ts:\d+:\d+, outside of any step\./)
    })
  }

  it('is trapped however it is called', async () => {
    const calls = [
      () => randomUUID(),
      () => nodeCrypto.randomUUID(),
      () => crypto.randomUUID(),
      () => globalThis.crypto.randomUUID(),
      () => Reflect.construct(Date, []) as unknown,
      () => Date(),
      () => [1].map(Math.random),
    ]
    for (const call of calls) {
      const mistake = await mistakeIn(function* () {
        call()
        yield* wait('1h')
      })
      expect(mistake, String(call)).to.match(/^Replay would diverge: the workflow called /)
    }
  })

  it('is trapped though the workflow catches everything', async () => {
    const mistake = await mistakeIn(function* () {
      try {
        Math.random()
      } catch {
        yield* wait('1h')
      }
    })

    expect(mistake).to.include('Math.random()')
  })

  it('is let through in bodies, in loggers, and where it asks nothing', async () => {
    const log = { ...quiet, info: () => void Date.now() }
    const mistake = await mistakeIn(function* (_, { log }) {
      log.info('from the context')
      ;(yield* context()).log.info('from the operation')
      const day = new Date(yield* now())
      const drawn = [yield* random(), yield* uuid(), Date.UTC(2026, 0), Date.parse('2026-01-01')]
      const [read, readLater] = yield* step('clock', async () => {
        const first = Date.now()
        await Promise.resolve()
        return [first, Math.random() + Date.now() + new Date().getTime()]
      })
      return [day instanceof Date, drawn.length, typeof read, typeof readLater]
    }, log)

    expect(mistake).to.equal(undefined)
  })

  it('is what it was as soon as the workflow has yielded', async () => {
    const before = globals()
    let inBody: unknown[] = []
    let inWorkflow: unknown[] = []
    let kept: typeof Date.now = () => 0
    const mistake = await mistakeIn(function* () {
      inWorkflow = globals()
      kept = Date.now
      yield* step('look', () => {
        inBody = globals()
      })
    })

    expect(mistake).to.equal(undefined)
    expect(inBody.every((one, index) => one === before[index])).to.equal(true)
    expect(inWorkflow.some((one, index) => one === before[index])).to.equal(false)
    expect(globals().every((one, index) => one === before[index])).to.equal(true)
    expect(kept()).to.be.closeTo(Date.now(), 60_000)
  })

  it('is what it was after code that threw', async () => {
    const before = globals()
    await mistakeIn(function* () {
      throw new Error('no')
    })

    expect(globals().every((one, index) => one === before[index])).to.equal(true)
  })

  it('is trapped as the author has replaced it', async () => {
    const real = Math.random
    Math.random = () => 4
    try {
      const mistake = await mistakeIn(function* () {
        Math.random()
      })

      expect(mistake).to.include('Math.random()')
      expect(Math.random()).to.equal(4)
    } finally {
      Math.random = real
    }
  })

  it('is trapped for the one execution that calls it, of many at once', async () => {
    const workflow = (isFaulty: boolean) =>
      function* () {
        yield* wait('1h')
        yield* step('body', async () => {
          await Promise.resolve()
          return Date.now()
        })
        if (isFaulty) Date.now()
        yield* wait('1h')
      }
    const mistakes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => mistakeIn(workflow(index === 7))),
    )

    expect(mistakes.flatMap((one, index) => (one === undefined ? [] : [index]))).to.deep.equal([7])
  })
})
