import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import {
  all,
  any,
  childContext,
  createDriver,
  fork,
  invoke,
  map,
  parallel,
  race,
  saga,
  step,
  wait,
  type Coroutine,
  type Serdes,
  type Workflow,
} from 'perdure'
import { run } from 'perdure/testing'

const log = { debug() {}, info() {}, warn() {}, error() {} }

/** How an execution ends whose determinism is checked: what is wrong with it, or its result. */
async function end(workflow: Workflow<never>, input: unknown = null): Promise<string | undefined> {
  const handler = createDriver({ determinism: 'check', log }).lambdaHandler(workflow)
  const functions = { f: { plain: () => 'done' } }
  const { errorRecord, payload } = await run(handler, { input, functions })
  return errorRecord?.ErrorMessage ?? payload
}

let outside = 0

function* faulty(): Coroutine<string> {
  yield* step(`number ${++outside}`, () => undefined) // faulty
  return 'done'
}

const line =
  1 +
  readFileSync(import.meta.filename, 'utf8')
    .split('\n')
    .findIndex((text) => text.endsWith('// faulty'))

const bodies: Record<string, () => Coroutine<unknown>> = {
  *'a helper'() {
    yield* faulty()
  },
  *'a child context'() {
    yield* childContext(faulty)
  },
  *'a child context in a child context'() {
    yield* childContext(() => childContext('inner', faulty))
  },
  *'a child context of a generator'() {
    yield* childContext(faulty())
  },
  *'a saga'() {
    yield* saga(faulty)
  },
  *'a task'() {
    yield* yield* fork(faulty)
  },
  *'an item of a map'() {
    yield* map([1], faulty)
  },
  *'an item of a map in batches'() {
    yield* map([1, 2], faulty, { batch: { items: 2 } })
  },
  *'a branch of a parallel'() {
    yield* parallel({ one: { name: 'one', run: faulty } })
  },
  *'a member of an all'() {
    yield* all([wait('1s'), faulty])
  },
  *'a member of an any'() {
    yield* any({ one: faulty })
  },
  *'a member of a race'() {
    yield* race([faulty, wait('1h')])
  },
}

describe('state kept outside a workflow', () => {
  for (const [where, workflow] of Object.entries(bodies)) {
    it(`is found in ${where}, with the line`, async () => {
      const mistake = (await end(workflow)) ?? ''

      expect(mistake).to.match(
        /^Replay would diverge: .*, the first time the code yielded step "number \d+", the second time it yielded step "number \d+"\.\n/,
      )
      expect(/lockstep\.spec\.ts:(\d+):/.exec(mistake)?.[1]).to.equal(String(line))
    })
  }
})

describe('two runs on the same answers', () => {
  const differences: Record<string, [() => Coroutine<unknown>, RegExp]> = {
    'other arguments': [
      function* () {
        yield* invoke('f', { order: { items: [++outside] } })
      },
      /both times the code yielded invoke "f", but its `input\.order\.items\[0\]` was \d+ \(number\) the first time and \d+ \(number\) the second\.\nYielded at /,
    ],
    'another duration': [
      function* () {
        yield* wait('pause', { seconds: ++outside })
      },
      /both times the code yielded wait "pause", but its `seconds` was/,
    ],
    'another number of items': [
      function* () {
        yield* map(
          Array.from({ length: ++outside }, () => 'x'),
          () => wait('1s'),
        )
      },
      /both times the code yielded map, but its `items` was an array of \d+ the first time and an array of \d+ the second/,
    ],
    'an end in place of an operation': [
      function* () {
        if (++outside % 2 === 0) yield* step('even', () => undefined)
        if (outside % 2 === 1) return 'odd'
      },
      /the code (yielded step "even"|returned "odd" \(string\)).*, the second time it/,
    ],
    'another result': [
      function* () {
        return ++outside
      },
      /the first time the code returned \d+ \(number\), the second time it returned \d+ \(number\)\./,
    ],
    'another error': [
      function* () {
        throw new RangeError(`number ${++outside}`)
      },
      /the first time the code threw RangeError: number \d+, the second time it threw RangeError/,
    ],
  }
  for (const [what, [workflow, words]] of Object.entries(differences)) {
    it(`are told apart by ${what}`, async () => {
      expect(await end(workflow)).to.match(words)
    })
  }

  it('are told apart by what a body wrote to a variable of the workflow', async () => {
    const mistake = await end(function* () {
      let count = 0
      yield* step('count', () => void (count += 1))
      yield* step(`counted ${count}`, () => undefined)
    })

    expect(mistake).to.include(
      'yielded step "counted 1", the second time it yielded step "counted 0"',
    )
  })

  it('are the same where only functions differ', async () => {
    const result = await end(function* () {
      return yield* step('s', () => 'done', { retry: () => false })
    })

    expect(result).to.equal('"done"')
  })

  it('do the work of a step and of its submitters once', async () => {
    let times = 0
    await end(function* () {
      yield* step('s', () => void (times += 1))
    })

    expect(times).to.equal(1)
  })
})

describe('what a workflow is handed while determinism is checked', () => {
  it('is not to be changed by a step', async () => {
    const mistake = await end(
      function* (order: { items: string[] }) {
        yield* step('take', () => order.items.pop())
      },
      { items: ['pen'] },
    )

    expect(mistake).to.match(
      /^Replay might diverge: a value that is frozen was written to at \S+lockstep\.spec\.ts:\d+:\d+: Cannot delete property/,
    )
  })

  it('is not to be changed by the workflow, which shares it with its steps', async () => {
    const results: [string, Workflow<never>][] = [
      [
        'Cannot assign to read only property',
        function* () {
          const found = yield* step('s', () => ({ deep: { count: 1 } }))
          found.deep.count = 2
        },
      ],
      [
        'Cannot add property',
        function* () {
          const batch = yield* map([1], () => step('s', () => [1]))
          batch.results()[0]?.push(2)
        },
      ],
      [
        'Cannot add property',
        function* () {
          const [one] = yield* all([step('s', () => [1])])
          try {
            one.push(2)
          } finally {
            yield* wait('1h')
          }
        },
      ],
    ]
    for (const [words, workflow] of results) {
      expect(await end(workflow)).to.include(words)
    }
  })

  it('may be copied and the copy changed', async () => {
    const result = await end(
      function* ({ items }: { items: number[] }) {
        const sorted = [...items].sort()
        yield* step('s', () => sorted.length)
        return sorted
      },
      { items: [3, 1] },
    )

    expect(result).to.equal('[1,3]')
  })

  it('is another one for each run where it is a map, a set or a date', async () => {
    const kept: Serdes<Map<string, Date>> = {
      serialize: () => 'kept',
      deserialize: () => new Map([['a', new Date(0)]]),
    }
    const result = await end(function* () {
      const read = yield* step('s', () => new Map<string, Date>(), { serdes: kept })
      read.get('a')?.setUTCFullYear((read.get('a')?.getUTCFullYear() ?? 0) + 1)
      read.delete('b')
      const years = [...read.values()].map((date) => date.getUTCFullYear())
      read.clear()
      return years
    })

    expect(result).to.equal('[1971]')
  })
})
