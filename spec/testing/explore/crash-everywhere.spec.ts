import { expect } from 'chai'
import { all, childContext, invoke, map, retry, step, wait, waitForCallback } from 'perdure'
import {
  crashEverywhere,
  CrashesMatter,
  type CrashFailure,
  type CrashOptions,
} from 'perdure/testing'
import type { Workflow } from '../../../lib/operations/workflow.ts'
import { foundBy, lineIn } from '../faulty/index.ts'
import { charges, reset, world } from '../faulty/non-idempotent-charge.ts'

async function failureOf<I>(
  workflow: Workflow<I>,
  input: I,
  options?: CrashOptions,
): Promise<CrashFailure | undefined> {
  return (await crashEverywhere(workflow, input, { ...options, throws: false })).failure
}

describe('crashing everywhere', () => {
  for (const faulty of foundBy('crash explorer')) {
    for (const [how, kept] of Object.entries({
      functions: { reset, snapshot: world },
      data: charges,
    })) {
      it(`finds ${faulty.file} with its line, the world kept as ${how}`, async () => {
        const failure = await failureOf(faulty.workflow, faulty.input as never, { world: kept })

        expect(failure?.mistake).to.equal('effect repeated')
        expect(failure?.line).to.match(lineIn(faulty))
        expect(failure?.operation).to.deep.equal({ id: '1', words: 'step "charge"' })
        expect(failure?.points.map(({ kind }) => kind)).to.deep.equal(['body-middle'])
        expect(failure?.expected.world).to.deep.equal([40])
        expect(failure?.found.world).to.deep.equal([40, 40])
      })
    }
  }

  it('throws what it has found, with what a test runner shows', async () => {
    const [faulty] = foundBy('crash explorer')
    const thrown = await crashEverywhere(
      faulty?.workflow as Workflow<never>,
      { amount: 40 } as never,
      {
        world: charges,
      },
    ).catch((error: unknown) => error)

    expect(thrown).to.be.instanceOf(CrashesMatter)
    const { message, expected, actual } = thrown as CrashesMatter
    expect(message).to.match(/^Effect repeated: step "charge" \(operation 1\), yielded at \S+:\d+/)
    expect(message).to.include('world: expected [ 40 ], found [ 40, 40 ]')
    expect(message).to.include('idempotencyKey')
    expect([expected?.world, actual?.world]).to.deep.equal([[40], [40, 40]])
  })

  it('finds nothing where the effect carries its key, at no point at all', async () => {
    const charged = new Map<string, number>()
    function* pay({ amounts }: { amounts: number[] }) {
      for (const amount of amounts) {
        yield* step(
          'charge',
          async ({ idempotencyKey }) => void charged.set(idempotencyKey, amount),
        )
        yield* wait('pause', '1h')
      }
      return amounts.length
    }

    const report = await crashEverywhere(pay, { amounts: [1, 2, 3] }, { world: charged })

    expect(report.ok).to.equal(true)
    expect(report.places).to.include({ bodies: 3, invocations: 4 })
    expect([...(report.undisturbed.world as Map<string, number>).values()]).to.deep.equal([1, 2, 3])
    expect(charged.size).to.equal(0)
  })

  it('finds an effect of the workflow itself', async () => {
    const mails: string[] = []
    function* remind() {
      mails.push('reminder')
      yield* step('note', () => 'noted')
      return 'done'
    }

    const failure = await failureOf(remind, undefined, { world: mails })

    expect(failure?.mistake).to.equal('effect outside a step')
    expect(failure?.points.map(({ kind }) => kind)).to.deep.equal(['body-begin'])
  })

  it('finds what is kept in a closure', async () => {
    let runs = 0
    const state = { reset: () => (runs = 0), snapshot: () => null }
    function* count() {
      runs += 1
      yield* step(`run ${runs}`, () => runs)
      return 'done'
    }

    const failure = await failureOf(count, undefined, { world: state })

    expect(failure?.mistake).to.equal('state outside the execution')
    expect(failure?.operation?.words).to.match(/^step "run \d"$/)
    expect(failure?.line).to.match(/crash-everywhere\.spec\.ts:\d+/)
  })

  it('finds an interruption that nobody handles, and none where it is handled', async () => {
    const sent: string[] = []
    const once = { semantics: 'at-most-once', retry: retry.none } as const
    function* careless() {
      return yield* step('send', () => void sent.push('parcel'), once)
    }

    const failure = await failureOf(careless, undefined, { world: sent })

    expect(failure?.mistake).to.equal('interruption not handled')
    expect(failure?.operation).to.deep.equal({ id: '1', words: 'step "send"' })
    expect(failure?.found.world).to.deep.equal([])
    expect(failure?.found.error?.ErrorType).to.equal('StepInterruptedError')
  })

  it('tells a body that still has something to do from one that is through', async () => {
    let seats = 1
    const hall = { reset: () => (seats = 1), snapshot: () => null }
    function* book() {
      return yield* step('book', async () => {
        await Promise.resolve()
        seats -= 1
        return seats < 0 ? 'none left' : 'booked'
      })
    }

    const failure = await failureOf(book, undefined, { world: hall })

    expect(failure?.points.map(({ kind }) => kind)).to.deep.equal(['body-middle'])
    const { runs } = await crashEverywhere(book, undefined, { world: hall, throws: false })
    const through = function* () {
      return yield* step('book', async () => 'booked')
    }
    expect(runs).to.equal((await crashEverywhere(through, undefined)).runs + 1)
  })

  it('says so where two undisturbed runs differ', async () => {
    let runs = 0
    function* drifting() {
      return yield* step('count', () => (runs += 1))
    }

    const failure = await failureOf(drifting, undefined)

    expect(failure?.mistake).to.equal('not repeatable')
  })

  it('leaves the judgement to `check` where there is one', async () => {
    const pings: string[] = []
    function* ping() {
      return yield* step('ping', async () => void pings.push('ping'))
    }
    const check: CrashOptions['check'] = ({ world: seen }) => (seen as string[]).length >= 1

    expect(await failureOf(ping, undefined, { world: pings, check })).to.equal(undefined)
    expect(await failureOf(ping, undefined, { world: pings })).to.include({
      mistake: 'effect repeated',
    })
    const failure = await failureOf(ping, undefined, {
      world: pings,
      check: ({ world: seen }) => expect(seen).to.have.length(1),
    })
    expect(failure?.complaint).to.match(/expected .* to have a length of 1 but got 2/)
  })

  it('begins at the beginning where bodies remember more than the world holds', async () => {
    const paid: string[] = []
    let isOpen = false
    const gate = {
      reset: () => ((isOpen = false), (paid.length = 0)),
      snapshot: () => [...paid],
      restore: (snapshot: string[]) => void paid.splice(0, paid.length, ...snapshot),
    }
    function* pay() {
      yield* step('open', () => void (isOpen = true))
      yield* step('pay', () => void (paid[0] = isOpen ? 'paid' : 'refused'))
      yield* step('close', () => void (isOpen = false))
    }

    expect(await failureOf(pay, undefined, { world: gate })).to.equal(undefined)
  })

  describe('in a world that can be put back', () => {
    const shop = { isOpen: false, paid: [] as string[] }
    const snapshot = () => structuredClone(shop)
    const put = ({ isOpen, paid }: typeof shop) =>
      void Object.assign(shop, { isOpen, paid: [...paid] })
    function* pay() {
      yield* step('open', () => void (shop.isOpen = true))
      yield* step('pay', () => void (shop.paid[0] = shop.isOpen ? 'paid' : 'refused'))
      yield* step('close', () => void (shop.isOpen = false))
    }

    it('begins each run where the crash has left it', async () => {
      const asked: unknown[] = []
      const restore = (to: typeof shop) => {
        asked.push(structuredClone(to))
        put(to)
      }

      const byData = await crashEverywhere(pay, undefined, { world: shop })
      const { runs, tried } = await crashEverywhere(pay, undefined, {
        world: { snapshot, restore },
      })

      expect([byData.runs, byData.tried]).to.deep.equal([runs, tried])
      expect(asked).to.deep.include.members([
        { isOpen: false, paid: [] },
        { isOpen: true, paid: [] },
        { isOpen: true, paid: ['paid'] },
        { isOpen: false, paid: ['paid'] },
      ])
      // Were the world any other than it was there, every run would be made from the beginning.
      expect(runs).to.equal(13)
    })

    it('sees through a `restore` that puts back too little', async () => {
      const reset = () => void put({ isOpen: false, paid: [] })
      const restore = ({ paid }: typeof shop) => void (shop.paid = [...paid])

      const report = await crashEverywhere(pay, undefined, { world: { snapshot, reset, restore } })

      expect(report.ok).to.equal(true)
      expect(report.runs).to.be.above(13)
    })
  })

  it('goes through waits, callbacks, invokes, contexts and members side by side', async () => {
    const seen = new Set<string>()
    const note = (what: string) => () => void seen.add(what)
    function* long() {
      yield* all([step('a', note('a')), step('b', note('b'))])
      yield* map('letters', ['x', 'y'], (letter) => step('write', note(letter)))
      const ok = yield* waitForCallback<boolean>('approve', note('asked'), { timeout: '1d' })
      const answer = yield* invoke<number, number>('double', 21)
      const inner = yield* childContext('inner', function* () {
        yield* wait('pause', '1h')
        return yield* step('last', () => 'through')
      })
      return { ok, answer, inner }
    }

    const report = await crashEverywhere(long, undefined, {
      world: seen,
      pairs: true,
      mostPairs: 60,
      callbacks: { approve: { after: '2h', succeed: true } },
      functions: { double: { plain: (n: number) => 2 * n } },
    })

    expect(report.undisturbed.result).to.deep.equal({ ok: true, answer: 42, inner: 'through' })
    expect(report.tried.points).to.be.above(40)
    expect(report.tried.pairs).to.be.within(20, 60)
    expect(report.isExhaustive).to.equal(false)
  })

  it('finds in pairs what one crash does not show', async () => {
    const attempts: number[] = []
    function* thrice() {
      yield* step('try', async () => {
        attempts.push(attempts.length)
      })
      return 'done'
    }
    const check: CrashOptions['check'] = ({ world: tries }) => (tries as number[]).length < 3

    expect(await failureOf(thrice, undefined, { world: attempts, check })).to.equal(undefined)
    const failure = await failureOf(thrice, undefined, { world: attempts, check, pairs: true })
    expect(failure?.points).to.have.length(2)
    expect(failure?.found.world).to.deep.equal([0, 1, 2])
  })

  it('refuses what is no world and no workflow', async () => {
    const none = null as unknown as Workflow
    expect(await crashEverywhere(none, 1).catch(String)).to.include('Expected `workflow` to be')
    function* any() {}
    for (const bad of [{ snapshot: () => 1 }, { held: () => 1 }]) {
      expect(await crashEverywhere(any, 1, { world: bad }).catch(String)).to.include(
        'Expected `world` to be plain data',
      )
    }
  })
})
