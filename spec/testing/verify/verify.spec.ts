import { expect } from 'chai'
import {
  all,
  childContext,
  createCallback,
  createDriver,
  driver,
  invoke,
  isPerdureError,
  map,
  random,
  step,
  uuid,
  version,
  wait,
  waitForCallback,
  type Coroutine,
  type Serdes,
  type Workflow,
} from '../../../lib/index.ts'
import { readHistory } from '../../../lib/testing/history/read-history.ts'
import { formatVerification } from '../../../lib/testing/verify/format.ts'
import { verify, type VerifiedHistory } from '../../../lib/testing/verify/verify.ts'
import type { VerifyOptions } from '../../../lib/testing/verify/verify.ts'
import { record, type Recording } from './support.ts'

const never = (): never => expect.fail('A body was run.')

function* order(): Coroutine<unknown> {
  const id = yield* step('load', () => 'o-1')
  yield* step('reserve', () => 'r-1')
  yield* step('charge', () => 'ch-1')
  yield* wait('cooling-off', '1d')
  return { id }
}

/** What new code makes of what old code has recorded. */
async function verdictOn(
  before: Workflow<never>,
  after: Workflow<never>,
  recording: Recording = {},
  options: VerifyOptions = {},
): Promise<VerifiedHistory & { text: string }> {
  const verification = await verify(after, [await record(before, recording)], options)
  const [one] = verification.histories
  return { ...(one as VerifiedHistory), text: formatVerification(verification).join('\n') }
}

describe('verify', () => {
  describe('finds a history identical', () => {
    it('where the code asks for the same and ends the same, and runs no body', async () => {
      const { verdict, differences, fresh, operations } = await verdictOn(order, function* () {
        const id = yield* step('load', never)
        yield* step('reserve', never)
        yield* step('charge', never)
        yield* wait('cooling-off', { hours: 24 })
        return { id }
      })

      expect({ verdict, differences, fresh, operations }).to.deep.equal({
        verdict: 'identical',
        differences: [],
        fresh: [],
        operations: 4,
      })
    })

    it('where the execution waits, and the code waits for the same', async () => {
      expect((await verdictOn(order, order, { until: 3000 })).verdict).to.equal('identical')
    })

    it('where an attempt was under way, which is not run again', async () => {
      const { DurableExecutionArn, Events } = await record(order)
      const open = Events.slice(0, 2)
      let runs = 0
      const { histories } = await verify(
        function* () {
          yield* step('load', () => (runs += 1))
        },
        [{ DurableExecutionArn, Events: open }],
      )

      expect(open.at(-1)?.EventType).to.equal('StepStarted')
      expect({ verdict: histories[0]?.verdict, runs }).to.deep.equal({
        verdict: 'identical',
        runs: 0,
      })
    })

    it('where it failed, and the code fails alike', async () => {
      function* fails(): Coroutine<unknown> {
        yield* step('load', () => 1)
        throw new RangeError('too far')
      }

      expect((await verdictOn(fails, fails)).verdict).to.equal('identical')
    })

    it('where members of its result come in another order', async () => {
      const { verdict } = await verdictOn(
        function* () {
          return { a: 1, b: 2 }
        },

        function* () {
          return { b: 2, a: 1 }
        },
      )

      expect(verdict).to.equal('identical')
    })

    it('where every payload goes through a serdes that takes its time', async () => {
      const slow: Serdes<unknown> = {
        serialize: (value) => Promise.resolve(`~${JSON.stringify(value)}`),
        deserialize: (text) => Promise.resolve(JSON.parse(text.replace(/^~/, '')) as unknown),
      }
      const options = { driver: { serdes: slow } }
      const nested = function* (): Coroutine<unknown> {
        return yield* all([order(), childContext('inner', order)])
      }
      const { verdict, text } = await verdictOn(nested, nested, options, options)

      expect(verdict, text).to.equal('identical')
    })
  })

  describe('finds a history compatible', () => {
    it('where the code goes on past the recorded end', async () => {
      const { verdict, fresh } = await verdictOn(order, function* () {
        const done = yield* order()
        yield* step('thank', never)
        return done
      })

      expect({ verdict, fresh }).to.deep.equal({ verdict: 'compatible', fresh: ['5 step "thank"'] })
    })

    it('where it still waits, and the code has more to do meanwhile', async () => {
      const waits = (isNew: boolean) =>
        function* (): Coroutine<unknown> {
          const members = [wait('1d'), ...(isNew ? [step('tell', never)] : [])]
          return yield* all(members)
        }
      const { verdict, fresh } = await verdictOn(waits(false), waits(true), { until: 3000 })

      expect({ verdict, fresh }).to.deep.equal({
        verdict: 'compatible',
        fresh: ['1-2-1 step "tell"'],
      })
    })

    it('where it runs, and the code has come to an end', async () => {
      const { DurableExecutionArn, Events } = await record(order)
      const { histories } = await verify(
        function* () {
          yield* step('load', never)
        },
        [{ DurableExecutionArn, Events: Events.slice(0, 3) }],
      )

      expect(histories[0]).to.deep.include({ verdict: 'compatible', fresh: [] })
    })

    it('where a context that has ended would now do more at its end', async () => {
      const before = function* (): Coroutine<unknown> {
        yield* childContext('pack', function* () {
          yield* step('wrap', () => 1)
        })
        return yield* step('ship', () => 2)
      }
      const after = function* (): Coroutine<unknown> {
        yield* childContext('pack', function* () {
          yield* step('wrap', never)
          yield* step('label', never)
        })
        return yield* step('ship', never)
      }
      const { verdict, fresh } = await verdictOn(before, after)

      expect({ verdict, fresh }).to.deep.equal({
        verdict: 'compatible',
        fresh: ['1-2 step "label"'],
      })
    })
  })

  describe('finds that the result differs', () => {
    it('where the code returns something else', async () => {
      const { verdict, differences } = await verdictOn(order, function* () {
        yield* order()
        return { id: 'o-2' }
      })

      expect(verdict).to.equal('result-differs')
      expect(differences).to.have.length(1)
      expect(differences[0]).to.deep.include({
        kind: 'end',
        what: 'result',
        journal: 'returned {"id":"o-1"}',
        code: 'returned {"id":"o-2"}',
      })
    })

    it('where the code fails now', async () => {
      const { verdict, differences } = await verdictOn(order, function* () {
        yield* order()
        throw new TypeError('no such thing')
      })

      expect(verdict).to.equal('result-differs')
      expect(differences[0]?.code).to.equal('FAILED TypeError: no such thing')
    })

    it('where a wait takes another time, with the line', async () => {
      const { verdict, differences } = await verdictOn(order, function* () {
        const id = yield* step('load', never)
        yield* step('reserve', never)
        yield* step('charge', never)
        yield* wait('cooling-off', '2d')
        return { id }
      })

      expect(verdict).to.equal('result-differs')
      expect(differences).to.have.length(1)
      expect(differences[0]).to.deep.include({
        kind: 'argument',
        id: '4',
        what: 'seconds',
        journal: '86400',
        code: '172800',
      })
      expect(differences[0]?.line).to.match(/verify\.spec\.ts:\d+:\d+$/)
    })

    it('where an invoke calls another function, or hands over another input', async () => {
      const calls = (name: string, input: unknown) =>
        function* (): Coroutine<unknown> {
          return yield* invoke(name, input, { name: 'price' })
        }
      const functions = { price: () => 7 }
      const before = calls('price', { sku: 1 })
      const other = await verdictOn(before, calls('prices', { sku: 1 }), { functions })
      const dearer = await verdictOn(before, calls('price', { sku: 2 }), { functions })
      const named = 'arn:aws:lambda:eu-west-1:123456789012:function:price'
      const same = await verdictOn(before, calls(named, { sku: 1 }), { functions })

      expect(other.differences[0]).to.include({
        what: 'function',
        journal: 'price',
        code: 'prices',
      })
      expect(dearer.differences[0]).to.include({
        what: 'input',
        journal: '{"sku":1}',
        code: '{"sku":2}',
      })
      expect([other, dearer, same].map(({ verdict }) => verdict)).to.deep.equal([
        'result-differs',
        'result-differs',
        'identical',
      ])
    })

    it('where a callback is given another time, at the line of the waitForCallback', async () => {
      const asks = (timeout: string) =>
        function* (): Coroutine<unknown> {
          return yield* waitForCallback('approve', () => undefined, { timeout: timeout as '1d' })
        }
      const { differences } = await verdictOn(asks('1d'), asks('2d'), { callbacks: ['true'] })

      expect(differences[0]).to.include({ id: '1-1', what: 'timeout', code: '172800' })
      expect(differences[0]?.line).to.match(/verify\.spec\.ts:/)
    })

    it('where a context comes to something else that nobody looks at', async () => {
      const before = (value: number) =>
        function* (): Coroutine<unknown> {
          yield* childContext('count', function* () {
            return (yield* step('one', () => 1)) + value
          })
          return 'done'
        }
      const { differences } = await verdictOn(before(1), before(2))

      expect(differences[0]).to.include({ kind: 'context', id: '1', journal: '2', code: '3' })
    })

    it('where a context that succeeded fails now', async () => {
      const before = (isOld: boolean) =>
        function* (): Coroutine<unknown> {
          return yield* childContext('check', function* () {
            yield* step('one', () => 1)
            if (!isOld) throw new Error('refused')
          })
        }
      const { verdict, differences } = await verdictOn(before(true), before(false))

      expect(verdict).to.equal('result-differs')
      expect(differences[0]).to.include({ kind: 'context', id: '1', code: 'fails: refused' })
    })

    it('where the code waits for what the old code left open', async () => {
      const asks = (isNew: boolean) =>
        function* (): Coroutine<void> {
          const { id, result } = yield* createCallback('answer')
          yield* step('tell', () => id)
          if (isNew) yield* result
        }
      const { verdict, differences } = await verdictOn(asks(false), asks(true))

      expect(verdict).to.equal('result-differs')
      expect(differences[0]).to.include({ what: 'the end', journal: 'returned nothing' })
      expect(differences[0]?.code).to.match(/^waits for 1 .*"answer"/)
    })

    it('where the input does not fit any more', async () => {
      const input = {
        create: () => {
          throw new Error('no order')
        },
      }
      const { verdict, differences } = await verdictOn(order, order, {}, { input })

      expect(verdict).to.equal('result-differs')
      expect(differences[0]?.code).to.match(/^FAILED InvalidInputError: .*no order/)
    })
  })

  describe('finds that a history diverges', () => {
    it('where a step has another name, both sides next to each other', async () => {
      const { verdict, text } = await verdictOn(order, function* () {
        const id = yield* step('load', never)
        yield* step('reserve', never)
        yield* step('charge-card', never)
        yield* wait('cooling-off', '1d')
        return { id }
      })

      expect(verdict).to.equal('diverges')
      expect(text.replace(/at .*verify\.spec\.ts:\d+:\d+/, 'at LINE').split('\n')).to.deep.equal([
        'diverges       history 1 (4 operations, SUCCEEDED)',
        '  operation 3: the name differs',
        '    journal                code',
        '    1 step "load"          step "load"',
        '    2 step "reserve"       step "reserve"',
        '  > 3 step "charge"        step "charge-card"',
        '    4 wait "cooling-off"   …',
        '  code at LINE',
        '',
        '1 diverges',
      ])
      expect(text).to.match(/at \S*verify\.spec\.ts:\d+:\d+/)
    })

    it('where the code ends before it gets to all that is on record', async () => {
      const { verdict, differences, text } = await verdictOn(order, function* () {
        yield* step('load', never)
        return yield* step('reserve', never)
      })

      expect(verdict).to.equal('diverges')
      expect(differences[0]).to.include({ id: '3', journal: 'step "charge"', code: 'the end' })
      expect(text).to.include('  > 3 step "charge"        the end')
    })

    it('where a step inside of an ended context is another, and says whom it concerns', async () => {
      const packs = (name: string) =>
        function* (): Coroutine<unknown> {
          yield* childContext('pack', () => step(name, () => 1))
          return yield* step('ship', () => 2)
        }
      const { verdict, differences } = await verdictOn(packs('wrap'), packs('box'))

      expect(verdict).to.equal('diverges')
      expect(differences[0]?.id).to.equal('1-1')
      expect(differences[0]?.notes).to.deep.equal([
        'childContext "pack" had ended, so only executions that are still inside of it meet this.',
      ])
    })

    it('where an item of a map does something else', async () => {
      const maps = (name: string) =>
        function* (): Coroutine<unknown> {
          const { results } = (yield* map('each', [1, 2], (item) =>
            step(`${name} ${item}`, () => item),
          )) as { results: unknown }
          return results
        }
      const { verdict, differences } = await verdictOn(maps('pack'), maps('wrap'))

      expect(verdict).to.equal('diverges')
      expect(differences[0]).to.include({ id: '1-1-1', journal: 'step "pack 1"' })
    })
  })

  describe('on operations that are built and never yielded', () => {
    function* order() {
      yield* childContext('pack', function* () {
        step('wrap', () => 1)
        yield* step('close', () => 2)
      })
      yield* wait('1h')
    }

    it('says so, also where that is in a context which a replay passes over', async () => {
      const { histories, isSafe } = await verify(order, [await record(order)])

      expect(histories[0]?.notes).to.have.lengthOf(1)
      expect(histories[0]?.notes[0]).to.match(
        /^step "wrap" was built at \S*verify\.spec\.ts:\d+:\d+ and never yielded/,
      )
      expect(isSafe).to.equal(true)
    })

    it('says so in the text', async () => {
      const lines = formatVerification(await verify(order, [await record(order)]))

      expect(lines.join('\n')).to.include('step "wrap" was built at')
    })
  })

  describe('on several histories', () => {
    it('names them, counts them, and says whether all is well', async () => {
      const whole = await record(order)
      const short = { Events: whole.Events.slice(0, 3) }
      const { histories, counts, isSafe } = await verify(order, {
        whole: JSON.stringify(whole),
        short: readHistory(short),
        lines: [JSON.stringify(whole), JSON.stringify(short)].join('\n'),
        bad: { Events: whole.Events, NextMarker: 'm' },
      })

      expect(histories.map(({ name, verdict }) => `${name}: ${verdict}`)).to.deep.equal([
        'whole: identical',
        'short: compatible',
        'lines #1: identical',
        'lines #2: compatible',
        'bad: unreadable',
      ])
      expect(counts).to.deep.equal({
        identical: 2,
        compatible: 2,
        'result-differs': 0,
        diverges: 0,
        unreadable: 1,
      })
      expect(isSafe).to.equal(false)
      expect(histories[4]?.notes[0]).to.match(/has a NextMarker/)
    })

    it('takes the answer of one call, or a bare list of events, as one history', async () => {
      const { Events } = await record(order)

      expect((await verify(order, { Events })).counts.identical).to.equal(1)
      expect((await verify(order, [...Events])).counts.identical).to.equal(1)
    })
  })

  describe('on version gates', () => {
    function* gated(): Coroutine<unknown> {
      yield* step('load', () => 1)
      const its = yield* version('tax', { min: 1, max: 2 })
      return yield* step(its === 1 ? 'charge' : 'charge with tax', () => 2)
    }
    function* old(): Coroutine<unknown> {
      yield* step('load', () => 1)
      yield* step('charge', () => 2)
      return yield* wait('1d')
    }

    it('tells which histories need which version', async () => {
      const after = function* (): Coroutine<unknown> {
        const done = yield* gated()
        if (done === 2) yield* wait('1d')
        return done
      }
      const { gates } = await verify(after, {
        'old.json': await record(old, { until: 3000 }),
        'new.json': await record(gated),
      })

      expect(gates).to.deep.equal([
        {
          id: 'tax',
          range: { min: 1, max: 2 },
          versions: [
            { version: 1, histories: ['old.json'], running: ['old.json'] },
            { version: 2, histories: ['new.json'], running: [] },
          ],
        },
      ])
    })

    it('says when nothing that runs needs the oldest', async () => {
      const { text } = await verdictOn(gated, gated)

      expect(text.split('\n').slice(2)).to.deep.equal([
        'version gates',
        '  "tax": 1 to 2 in the code',
        '    version 2: 1 history, all ended',
        '    of these histories none that runs needs version 1',
        '',
        '1 identical',
      ])
    })

    it('knows a gate that the code has no more', async () => {
      const { verdict, text } = await verdictOn(gated, function* () {
        yield* step('load', never)
        return yield* step('charge with tax', never)
      })

      expect(verdict).to.equal('identical')
      expect(text).to.include(
        '  "tax": not in the code any more\n    version 2: 1 history, all ended',
      )
    })

    it('diverges where the code has the version no more', async () => {
      const { verdict, differences } = await verdictOn(gated, function* () {
        yield* step('load', never)
        yield* version('tax', { min: 3, max: 4 })
        return yield* step('charge with tax', never)
      })

      expect(verdict).to.equal('diverges')
      expect(differences[0]?.notes[0]).to.match(/runs version 2 of "tax".* 3 to 4 only/)
    })
  })

  describe('on values drawn from the ARN', () => {
    function* draws(): Coroutine<unknown> {
      return [yield* uuid(), yield* random(), yield* step('load', () => 1)]
    }

    it('draws them again where the history tells the ARN', async () => {
      expect((await verdictOn(draws, draws)).verdict).to.equal('identical')
    })

    it('says what is missing where it does not', async () => {
      const { Events } = await record(draws)
      const { histories } = await verify(draws, [{ Events }])

      expect(histories[0]?.verdict).to.equal('result-differs')
      expect(histories[0]?.notes[0]).to.match(/depend on the ARN.*get-durable-execution/s)
    })
  })

  describe('handed a handler', () => {
    class Refused extends Error {}

    function* asks(): Coroutine<unknown> {
      try {
        return yield* step('ask', () => {
          throw new Refused('no')
        })
      } catch (error) {
        return error instanceof Refused ? 'refused' : 'failed'
      }
    }

    it('takes its workflow with the options of its driver', async () => {
      const options = { errors: [Refused], retry: () => false as const }
      const history = await record(asks, { driver: options })
      const handler = createDriver(options).lambdaHandler(asks)

      expect((await verify(handler, [history])).isSafe).to.equal(true)
      expect((await verify(asks, [history], { driver: options })).isSafe).to.equal(true)
      expect((await verify(asks, [history])).isSafe).to.equal(false)
    })

    it('takes its schemas, too', async () => {
      const output = { create: () => 'shaped' }
      const handler = driver.lambdaHandler(order, { output })
      const { histories } = await verify(handler, [await record(order)])

      expect(histories[0]?.differences[0]?.code).to.equal('returned "shaped"')
    })

    it('refuses what is neither', async () => {
      const promising = (): unknown => Promise.reject(new Error('a real call'))
      for (const wrong of [undefined, 7, async () => undefined, promising]) {
        let error: unknown
        await verify(wrong as never, [await record(order)]).catch(
          (thrown: unknown) => (error = thrown),
        )
        expect(isPerdureError(error, 'INVALID_OPTION')).to.equal(true)
        expect((error as Error).message).to.match(/^Expected `workflow` to be a workflow/)
      }
    })
  })
})
