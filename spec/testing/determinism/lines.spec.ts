import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import {
  childContext,
  createDriver,
  race,
  step,
  wait,
  type Coroutine,
  type Serdes,
  type Workflow,
} from 'perdure'
import { run } from 'perdure/testing'

/** How an execution ends whose determinism is checked, and what was warned of. */
async function checked(workflow: Workflow<never>) {
  const warnings: string[] = []
  const warn = (message: string) => void warnings.push(message)
  const log = { debug() {}, info() {}, warn, error() {} }
  const handler = createDriver({ determinism: 'check', log }).lambdaHandler(workflow)
  const { errorRecord, payload } = await run(handler)
  return { mistake: errorRecord?.ErrorMessage ?? '', result: payload, warnings }
}

/** The number of the line of this file that ends so. */
function lineOf(end: string): string {
  const lines = readFileSync(import.meta.filename, 'utf8').split('\n')
  return String(1 + lines.findIndex((line) => line.endsWith(end)))
}

function lineIn(text: string): string | undefined {
  return /lines\.spec\.ts:(\d+):\d+/.exec(text)?.[1]
}

let outside = 0

describe('the line of two runs that are not the same', () => {
  it('is that of the yield, wherever the operation was built', async () => {
    const { mistake } = await checked(function* () {
      const built = step(`number ${++outside}`, () => undefined)
      yield* wait('1h')
      yield* built // the yield
    })

    expect(mistake).to.include('yielded step "number ')
    expect(lineIn(mistake)).to.equal(lineOf('// the yield'))
  })

  it('is that on which an operation of several lines begins', async () => {
    const { mistake } = await checked(function* () {
      yield* step(`number ${++outside}`, () => undefined, {
        semantics: 'at-most-once',
        retry: () => false,
      })
    })

    expect(lineIn(mistake)).to.equal(lineOf('() => undefined, {'))
  })

  it('is that of a plain function which builds the operation', async () => {
    const { mistake } = await checked(function* () {
      yield* childContext(() => step(`number ${++outside}`, () => undefined)) // a plain function
    })

    expect(mistake).to.include('yielded step "number ')
    expect(lineIn(mistake)).to.equal(lineOf('// a plain function'))
  })

  it('is found where only a replay is another run', async () => {
    let invocations = 0
    const { mistake } = await checked(function* () {
      const nth = ++invocations
      yield* step('same', () => undefined)
      yield* step(nth < 3 ? 'one' : `number ${++outside}`, () => undefined) // only a replay
      yield* wait('1h')
    })

    expect(mistake).to.include('the first time the code yielded step "number ')
    expect(lineIn(mistake)).to.equal(lineOf('// only a replay'))
  })

  it('is that of the second run, where the first has ended', async () => {
    let runs = 0
    const { mistake } = await checked(function* () {
      if (++runs % 2 === 0) yield* step('second', () => undefined) // the second run
    })

    expect(mistake).to.include('the second time it yielded step "second"')
    expect(lineIn(mistake)).to.equal(lineOf('// the second run'))
  })

  it('is left out at a bare yield, and no code runs to find it', async () => {
    const cleanedUp: string[] = []
    const { mistake } = await checked(function* (): Coroutine<void> {
      try {
        yield* wait('1h')
        yield step(`number ${++outside}`, () => undefined)
      } finally {
        cleanedUp.push('by the workflow')
      }
    })

    expect(mistake).to.include('yielded step "number ')
    expect(mistake).not.to.include('Yielded at')
    expect(cleanedUp).to.deep.equal([])
  })
})

describe('cancelled code that is asked where it stands', () => {
  it('goes on from there as if it had not been', async () => {
    const seen: string[] = []
    const { result, warnings } = await checked(function* () {
      const late = function* () {
        try {
          yield* wait('1h')
        } catch {
          for (const name of ['one', 'two']) {
            try {
              yield* step(name, () => name) // refused
            } catch {
              seen.push(name)
            }
          }
        }
        return 'late'
      }
      return yield* race([wait('1s'), late])
    })

    expect(result).to.equal(undefined)
    expect(warnings).to.have.lengthOf(2)
    expect(warnings.map(lineIn)).to.deep.equal([lineOf('// refused'), lineOf('// refused')])
    expect(seen.slice(0, 4)).to.deep.equal(['one', 'one', 'two', 'two'])
  })
})

describe('what is called between two yields by others than the workflow', () => {
  it('is let through, a serdes with a clock for instance', async () => {
    const dated: Serdes<number> = {
      serialize: (value) => JSON.stringify({ value, at: Date.now() }),
      deserialize: (text) => {
        const { value } = JSON.parse(text) as { value: number }
        return Date.now() > 0 ? value : NaN
      },
    }
    const { mistake, result } = await checked(function* () {
      const first = yield* step('first', () => 1, { serdes: dated })
      yield* wait('1h')
      return first + (yield* step('second', () => 2, { serdes: dated }))
    })

    expect(mistake).to.equal('')
    expect(result).to.equal('3')
  })
})
