import { expect } from 'chai'
import {
  all,
  invoke,
  isPerdureError,
  map,
  race,
  retry,
  step,
  wait,
  waitForCallback,
  type Duration,
} from 'perdure'
import { exploreOrders, OrderMatters, type CallbackScripts } from 'perdure/testing'
import type { Operation } from '../../../lib/operations/operation.ts'
import { foundBy, lineIn } from '../faulty/index.ts'

describe('exploring orders', () => {
  for (const faulty of foundBy('order explorer')) {
    it(`finds ${faulty.file} with its line`, async () => {
      const thrown = await exploreOrders(faulty.workflow, faulty.input as never).catch(
        (error: unknown) => error,
      )

      expect(thrown).to.be.instanceOf(OrderMatters)
      const { message, report, expected, actual } = thrown as OrderMatters
      const [first, ...lines] = message.split('\n')
      expect(first).to.match(/^The outcome depends on the order: step "ask \w+" or step "ask \w+"/)
      expect(first).to.match(lineIn(faulty))
      expect(lines.slice(0, 5)).to.deep.equal([
        '> 1-1-1 step "ask Ada"   1-2-1 step "ask Bo"',
        '  1-2-1 step "ask Bo"    1-1-1 step "ask Ada"',
        '  1-3-1 step "ask Cleo"  1-3-1 step "ask Cleo"',
        '  2 step "sell"          2 step "sell"',
        "= SUCCEEDED 'Ada'        SUCCEEDED 'Bo'",
      ])
      expect(report).to.include({ orders: 6, isExhaustive: true })
      expect(report.outcomes.map(({ outcome, orders }) => [outcome.result, orders])).to.deep.equal([
        ['Ada', 2],
        ['Bo', 2],
        ['Cleo', 2],
      ])
      expect([expected?.result, actual?.result]).to.deep.equal(['Ada', 'Bo'])
    })
  }

  it('runs every order of what goes on side by side, steps within branches included', async () => {
    const heard = new Set<string>()
    function* workflow() {
      const order: string[] = []
      const branch = (name: string) =>
        function* () {
          for (const turn of [1, 2]) {
            yield* step(`${name}${turn}`, async () => turn)
            order.push(`${name}${turn}`)
          }
        }
      yield* all([branch('a'), branch('b')])
      heard.add(order.join(' '))
    }

    const report = await exploreOrders(workflow, undefined)

    expect(report).to.include({ ok: true, orders: 6, isExhaustive: true })
    expect([...heard].sort()).to.deep.equal([
      'a1 a2 b1 b2',
      'a1 b1 a2 b2',
      'a1 b1 b2 a2',
      'b1 a1 a2 b2',
      'b1 a1 b2 a2',
      'b1 b2 a1 a2',
    ])
  })

  it('takes for no mistake what a race has decided', async () => {
    function* workflow() {
      const { winner } = yield* race({
        cab: step('cab', async () => 'cab'),
        bus: step('bus', async () => 'bus'),
      })
      return winner
    }

    const report = await exploreOrders(workflow, undefined)

    expect(report.ok).to.equal(true)
    expect(report.outcomes.map(({ outcome }) => outcome.result)).to.deep.equal(['cab', 'bus'])
  })

  it('finds a mistake beside a race', async () => {
    function* workflow() {
      let last = ''
      yield* race({ never: step('x', async () => 'x'), both: all([note('a'), note('b')]) })
      return last
      function note(name: string) {
        return function* () {
          yield* step(name, async () => name)
          last = name
        }
      }
    }

    const { failure } = await exploreOrders(workflow, undefined, { throws: false })

    expect(failure?.parting.map(({ words }) => words)).to.deep.equal(['step "x"', 'step "a"'])
    expect([failure?.left.outcome.result, failure?.right.outcome.result]).to.deep.equal(['', 'a'])
  })

  it('has callbacks answered, and functions answer, in every order, too', async () => {
    function* workflow(_input: unknown) {
      const order: string[] = []
      const then = (name: string, operation: Operation<unknown>) =>
        function* () {
          yield* operation
          order.push(name)
        }
      yield* all([
        then(
          'manager',
          waitForCallback('manager', () => undefined),
        ),
        then(
          'director',
          waitForCallback('director', () => undefined),
        ),
        then('audit', invoke('audit', null)),
        then('tax', invoke('tax', null)),
      ])
      return order.join(' ')
    }
    const callbacks = {
      manager: { after: '1h', succeed: 1 },
      director: { after: '1h', succeed: 2 },
    } as const
    const functions = { audit: { plain: () => 'fine' }, tax: { plain: () => 'fine' } }

    const { outcomes, isExhaustive, orders } = await exploreOrders(workflow, undefined, {
      callbacks,
      functions,
      throws: false,
    })

    expect({ isExhaustive, orders }).to.deep.equal({ isExhaustive: true, orders: 8 })
    // Two orders each of the submitters, the functions and the answers.
    expect(outcomes.map(({ outcome }) => outcome.result)).to.deep.equal([
      'audit tax manager director',
      'audit tax director manager',
    ])
  })

  describe('what falls due at the same moment', () => {
    const noting = (order: string[], name: string, operation: Operation<unknown>) =>
      function* () {
        try {
          yield* operation
        } catch (error) {
          if (!isPerdureError(error) || !/TIMED_OUT$/.test(error.code)) throw error
        }
        order.push(name)
      }
    const cases: Record<string, (name: string) => Operation<unknown>> = {
      'waits, those of other lengths, too': (name) =>
        name === 'c' ? wait(name, '2h') : wait(name, '1h'),
      retries: (name) =>
        step(
          name,
          ({ attempt }) => {
            if (attempt === 1) throw new Error('once more')
          },
          { retry: retry.fixed({ delay: '1h', maxAttempts: 2 }) },
        ),
      'callbacks that time out': (name) =>
        waitForCallback(name, () => undefined, { timeout: '1h' }),
      'callbacks without a heartbeat': (name) =>
        waitForCallback(name, () => undefined, { heartbeatTimeout: '1h' }),
    }
    for (const [what, operation] of Object.entries(cases)) {
      it(`happens in every order: ${what}`, async () => {
        const heard = new Set<string>()
        function* workflow() {
          const order: string[] = []
          yield* all(['a', 'b'].map((name) => noting(order, name, operation(name))))
          heard.add(order.join(' '))
          return order[0]
        }

        const report = await exploreOrders(workflow, undefined, { throws: false })

        expect([...heard].sort()).to.deep.equal(['a b', 'b a'])
        expect(report.isExhaustive).to.equal(true)
        expect(report.failure?.parting.map(({ line }) => line)).to.satisfy((lines: string[]) =>
          lines.every((line) => /explore-orders\.spec\.ts:\d+/.test(line)),
        )
      })
    }

    it('is three waits, or a wait and a callback that is answered then', async () => {
      function* workflow(names: string[]) {
        const order: string[] = []
        const answered = waitForCallback('answered', () => undefined)
        yield* all([
          ...names.map((name) => noting(order, name, wait(name, '1h'))),
          noting(order, 'answered', answered),
        ])
        return order.join(' ')
      }
      const outcomes = async (names: string[], after: string) => {
        const callbacks = { answered: { succeed: true, after } } as CallbackScripts
        const report = await exploreOrders(workflow, names, { callbacks, throws: false })
        return report.outcomes.map(({ outcome }) => outcome.result as string).sort()
      }

      expect(await outcomes(['a', 'b', 'c'], '2h')).to.deep.equal([
        'a b c answered',
        'a c b answered',
        'b a c answered',
        'b c a answered',
        'c a b answered',
        'c b a answered',
      ])
      expect(await outcomes(['a'], '1h')).to.deep.equal(['a answered', 'answered a'])
    })

    it('is no mistake where a race decides, and none at different moments', async () => {
      function* workflow(lengths: [Duration, Duration]) {
        const [a, b] = lengths
        const { winner } = yield* race({ a: wait('a', a), b: wait('b', b) })
        return winner
      }

      const same = await exploreOrders(workflow, ['1h', '60m'])
      expect(same.outcomes.map(({ outcome }) => outcome.result)).to.deep.equal(['a', 'b'])
      const others = await exploreOrders(workflow, ['2h', '1h'])
      expect(others.outcomes.map(({ outcome }) => outcome.result)).to.deep.equal(['b'])
    })
  })

  it('answers a sample, the same for the same seed, where there are too many', async () => {
    function* workflow() {
      const order: string[] = []
      yield* map(['a', 'b', 'c', 'd', 'e'], function* (letter) {
        yield* step(letter, async () => letter)
        order.push(letter)
      })
      return order.join('')
    }
    const sample = async (seed: number) => {
      const report = await exploreOrders(workflow, undefined, { bound: 20, seed, throws: false })
      expect(report.isExhaustive).to.equal(false)
      expect(report.orders).to.be.within(10, 20)
      return report.outcomes.map(({ outcome }) => outcome.result)
    }

    const [one, again, other] = [await sample(1), await sample(1), await sample(2)]

    expect(again).to.deep.equal(one)
    expect(other).not.to.deep.equal(one)
    expect(await exploreOrders(workflow, undefined, { bound: 120, throws: false })).to.include({
      orders: 120,
      isExhaustive: true,
    })
  })

  it('leaves the judgement to `check` where there is one', async () => {
    function* workflow() {
      const order: string[] = []
      yield* all(
        ['a', 'b'].map(
          (name) =>
            function* () {
              yield* step(name, async () => name)
              order.push(name)
            },
        ),
      )
      return order
    }
    const check = ({ result }: { result: unknown }) => expect(result).to.have.members(['a', 'b'])
    expect(await exploreOrders(workflow, undefined, { check })).to.include({ ok: true, orders: 2 })

    const { failure } = await exploreOrders(workflow, undefined, {
      check: ({ result }) => (result as string[])[0] === 'a',
      throws: false,
    })
    expect(failure?.left.outcome.result).to.deep.equal(['a', 'b'])
    expect(failure?.right.outcome.result).to.deep.equal(['b', 'a'])
  })

  it('refuses a bound that cannot be meant', async () => {
    function* any() {}
    expect(await exploreOrders(any, 1, { bound: 0 }).catch(String)).to.include('Expected `bound`')
  })
})
