import { expect } from 'chai'
import {
  all,
  allSettled,
  any,
  childContext,
  completion,
  context,
  createCallback,
  fork,
  invoke,
  map,
  now,
  parallel,
  race,
  random,
  saga,
  status,
  step,
  uuid,
  version,
  wait,
  waitForCallback,
  waitForCondition,
  type Operation,
} from '../../lib/index.ts'
import { isMember } from '../../lib/operations/member.ts'
import {
  Descriptor,
  isDescriptor,
  watchBuilds,
  type BuildWatch,
} from '../../lib/operations/operation.ts'

const fn = () => 1
const check = (state: number) => state
const condition = { initialState: 0, strategy: () => false as const }
function* body() {
  yield* step(fn)
}

/** Each builder: named, named `undefined`, unnamed, and one that asks for something else. */
const builders: {
  word: string
  named: () => Operation<unknown>
  undefinedName: () => Operation<unknown>
  unnamed: () => Operation<unknown>
  other: () => Operation<unknown>
}[] = [
  {
    word: 'step',
    named: () => step('n', fn, { timeout: '5s' }),
    undefinedName: () => step(undefined, fn, { timeout: '5s' }),
    unnamed: () => step(fn, { timeout: '5s' }),
    other: () => step('n', fn, { timeout: '6s' }),
  },
  {
    word: 'wait',
    named: () => wait('n', '5m'),
    undefinedName: () => wait(undefined, { minutes: 5 }),
    unnamed: () => wait('300s'),
    other: () => wait('n', '6m'),
  },
  {
    word: 'createCallback',
    named: () => createCallback('n', { timeout: '1d' }),
    undefinedName: () => createCallback(undefined, { timeout: '1d' }),
    unnamed: () => createCallback({ timeout: '1d' }),
    other: () => createCallback('n'),
  },
  {
    word: 'waitForCallback',
    named: () => waitForCallback('n', fn, { timeout: '1d' }),
    undefinedName: () => waitForCallback(undefined, fn, { timeout: '1d' }),
    unnamed: () => waitForCallback(fn, { timeout: '1d' }),
    other: () => waitForCallback('n', () => 1, { timeout: '1d' }),
  },
  {
    word: 'invoke',
    named: () => invoke('f:1', { a: 1 }, { name: 'n' }),
    undefinedName: () => invoke('f:1', { a: 1 }, { name: undefined }),
    unnamed: () => invoke('f:1', { a: 1 }, {}),
    other: () => invoke('f:2', { a: 1 }, { name: 'n' }),
  },
  {
    word: 'waitForCondition',
    named: () => waitForCondition('n', check, condition),
    undefinedName: () => waitForCondition(undefined, check, condition),
    unnamed: () => waitForCondition(check, condition),
    other: () => waitForCondition('n', check, { ...condition, initialState: 1 }),
  },
  {
    word: 'childContext',
    named: () => childContext('n', body, { virtual: true }),
    undefinedName: () => childContext(undefined, body, { virtual: true }),
    unnamed: () => childContext(body, { virtual: true }),
    other: () => childContext('n', body),
  },
  {
    word: 'map',
    named: () => map('n', [1, 2], body, { maxConcurrency: 2 }),
    undefinedName: () => map(undefined, [1, 2], body, { maxConcurrency: 2 }),
    unnamed: () => map([1, 2], body, { maxConcurrency: 2 }),
    other: () => map('n', [1, 3], body, { maxConcurrency: 2 }),
  },
  {
    word: 'parallel',
    named: () => parallel('n', { a: body }, { completion: completion.allCompleted }),
    undefinedName: () => parallel(undefined, { a: body }, { completion: completion.allCompleted }),
    unnamed: () => parallel({ a: body }, { completion: completion.allCompleted }),
    other: () => parallel('n', [body], { completion: completion.allCompleted }),
  },
  {
    word: 'all',
    named: () => all('n', [body]),
    undefinedName: () => all(undefined, [body]),
    unnamed: () => all([body]),
    other: () => all('n', { 0: body }),
  },
  {
    word: 'allSettled',
    named: () => allSettled('n', [body]),
    undefinedName: () => allSettled(undefined, [body]),
    unnamed: () => allSettled([body]),
    other: () => all('n', [body]),
  },
  {
    word: 'any',
    named: () => any('n', [body]),
    undefinedName: () => any(undefined, [body]),
    unnamed: () => any([body]),
    other: () => any('n', []),
  },
  {
    word: 'race',
    named: () => race('n', [body]),
    undefinedName: () => race(undefined, [body]),
    unnamed: () => race([body]),
    other: () => any('n', [body]),
  },
  {
    word: 'fork',
    named: () => fork('n', body),
    undefinedName: () => fork(undefined, body),
    unnamed: () => fork(body),
    other: () => fork('n', fn as never),
  },
  {
    word: 'saga',
    named: () => saga('n', body),
    undefinedName: () => saga(undefined, body),
    unnamed: () => saga(body),
    other: () => saga('n', fn as never),
  },
]

const nameOf = (operation: Operation<unknown>) =>
  isDescriptor(operation) ? operation.name : 'no descriptor'

for (const { word, named, undefinedName, unnamed, other } of builders) {
  describe(`what ${word} builds`, () => {
    it('is a frozen value, its options too', () => {
      const built = named() as { options?: object; members?: object; branches?: object }
      const parts = [built, built.options, built.members, built.branches]

      expect(parts.map((part) => Object.isFrozen(part))).to.deep.equal([true, true, true, true])
    })

    it('is equal to what it builds of equal arguments, and to nothing else', () => {
      expect(named()).to.deep.equal(named())
      expect(named()).to.not.deep.equal(other())
      expect(named()).to.not.deep.equal(unnamed())
    })

    it('has its name first, or none', () => {
      expect([nameOf(named()), nameOf(undefinedName()), nameOf(unnamed())]).to.deep.equal([
        'n',
        undefined,
        undefined,
      ])
    })

    it('is told from what only looks like one', () => {
      expect([
        isDescriptor(named()),
        isDescriptor(Object.assign({}, named())),
        isMember(named()),
      ]).to.deep.equal([true, false, true])
    })
  })
}

describe('what now, uuid, random and context build', () => {
  it('is frozen, equal by what it asks, and nameless', () => {
    for (const build of [now, uuid, random, context] as (() => Operation<unknown>)[]) {
      expect(Object.isFrozen(build())).to.equal(true)
      expect(build()).to.deep.equal(build())
      expect(nameOf(build())).to.equal(undefined)
    }
    expect(now()).to.not.deep.equal(random())
  })
})

describe('what version and status build', () => {
  it('is frozen, and equal by what it asks', () => {
    const pairs = [
      [() => version('v', { min: 1, max: 2 }), () => version('v', { min: 1, max: 3 })],
      [() => status({ done: 1 }), () => status({ done: 2 })],
    ] as const
    for (const [build, other] of pairs) {
      expect(Object.isFrozen(build())).to.equal(true)
      expect(build()).to.deep.equal(build())
      expect(build()).to.not.deep.equal(other())
    }
  })

  it('goes by the id of the version, and by no name for a status', () => {
    expect([nameOf(version('v', { min: 1, max: 2 })), nameOf(status(1))]).to.deep.equal([
      'v',
      undefined,
    ])
  })
})

describe('what an operation is made of others with', () => {
  it('is what it was when the operation was built', () => {
    const items = [1, 2]
    const branches: Record<string, () => Operation<number>> = { a: () => step(fn) }
    const members = [step(fn)]
    const mapped = map(items, body)
    const parted = parallel(branches)
    const joined = all(members)
    items.push(3)
    branches['b'] = () => step(fn)
    members.push(step(fn))

    expect((mapped as unknown as { items: unknown }).items).to.deep.equal([1, 2])
    expect((parted as unknown as { branches: unknown[] }).branches).to.have.length(1)
    expect((joined as unknown as { members: unknown[] }).members).to.have.length(1)
  })

  it('names its branches: by what they say, by their keys, or by their places', () => {
    const named = (operation: unknown) =>
      (operation as { branches: { name: string }[] }).branches.map(({ name }) => name)

    expect([
      named(parallel([body, { name: 'two', run: body }, () => body()])),
      named(parallel({ a: body, b: { name: 'two', run: step(fn) } })),
    ]).to.deep.equal([
      ['parallel-branch-0', 'two', 'parallel-branch-2'],
      ['a', 'two'],
    ])
  })
})

describe('ready-made completions', () => {
  it('are frozen limits', () => {
    expect(completion).to.deep.equal({
      allCompleted: { toleratedFailurePercentage: 100 },
      allSuccessful: { toleratedFailureCount: 0 },
      firstSuccessful: { minSuccessful: 1 },
    })
    expect(
      [completion, ...Object.values(completion)].every((one) => Object.isFrozen(one)),
    ).to.equal(true)
  })
})

describe('the options of an operation', () => {
  it('are what they were when it was built', () => {
    const options = { timeout: '5s' as const, retry: () => '1s' as const }
    const built = step('n', fn, options)
    Object.assign(options, { timeout: '9s' })

    expect(built).to.have.nested.property('options.timeout', '5s')
  })

  it('may hold `undefined` for what is not meant', () => {
    expect(() =>
      step('n', fn, {
        semantics: undefined,
        retry: undefined,
        timeout: undefined,
        serdes: undefined,
        errors: undefined,
      }),
    ).to.not.throw()
  })
})

describe('the iterator of an operation', () => {
  const operation = step('n', fn)

  it('yields the operation once, and returns what came back', () => {
    const asking = operation[Symbol.iterator]()

    expect([asking.next(), asking.next('came back')]).to.deep.equal([
      { done: false, value: operation },
      { done: true, value: 'came back' },
    ])
  })

  it('throws the very error that is thrown into it', () => {
    const error = new Error('thrown in')
    const words: unknown[] = []
    function* careful() {
      try {
        yield* operation
      } catch (caught) {
        words.push(caught)
      } finally {
        words.push('finally')
      }
      return 'went on'
    }
    const walk = careful()
    walk.next()

    expect(walk.throw(error)).to.deep.equal({ done: true, value: 'went on' })
    expect(words).to.deep.equal([error, 'finally'])
    expect(words[0]).to.equal(error)
  })

  it('passes on what is no error as it is', () => {
    const asking = operation[Symbol.iterator]()
    asking.next()
    let thrown: unknown = 'nothing'
    try {
      asking.throw?.(undefined)
    } catch (caught) {
      thrown = caught
    }

    expect(thrown).to.equal(undefined)
  })

  it('ends where the generator around it is ended', () => {
    const words: string[] = []
    function* careful() {
      try {
        yield* operation
      } finally {
        words.push('finally')
      }
    }
    const walk = careful()
    walk.next()

    expect([walk.return('over' as never), words]).to.deep.equal([
      { done: true, value: 'over' },
      ['finally'],
    ])
  })

  it('is a new one each time', () => {
    expect(operation[Symbol.iterator]()).to.not.equal(operation[Symbol.iterator]())
  })
})

describe('a watch over builds', () => {
  const watching = (built: unknown[]): BuildWatch => ({
    built: (descriptor) => void built.push(descriptor),
    used: () => undefined,
  })

  it('is told of what is built while it is on, and of nothing else', () => {
    const built: unknown[] = []
    const before = step('before', fn)
    const previous = watchBuilds(watching(built))
    const during = step('during', fn)
    watchBuilds(previous)
    const after = step('after', fn)

    expect(built).to.deep.equal([during])
    expect([before, after]).to.not.include(built[0])
  })

  it('is relieved by the next, who gets to know whom', () => {
    const [first, second] = [watching([]), watching([])]
    const before = watchBuilds(first)
    const relieved = [watchBuilds(second), watchBuilds(before)]

    expect(relieved).to.deep.equal([first, second])
    expect(relieved[0]).to.equal(first)
  })

  it('leaves an operation equal to one built unwatched', () => {
    const previous = watchBuilds(watching([]))
    const watched = step('n', fn)
    watchBuilds(previous)
    if (isDescriptor(watched)) Descriptor.meet(watched)

    expect(watched).to.deep.equal(step('n', fn))
  })
})
