import { expect } from 'chai'
import { invoke, isPerdureError, saga, step, waitForCallback } from 'perdure'
import {
  crashEverywhere,
  exploreOrders,
  type CrashOptions,
  type OrderOptions,
} from 'perdure/testing'

const away = async (): Promise<never> => {
  throw new Error('not here')
}

describe('what an explored workflow has around it', () => {
  const done: string[] = []
  const surroundings = {
    world: done,
    steps: {
      charge: async (): Promise<string> => {
        done[0] = 'charged'
        return 'ch_1'
      },
      'ask for it': async (): Promise<void> => undefined,
    },
    compensations: { charge: (id: string) => void (done[1] = `refunded ${id}`) },
    callbacks: { 'ask for it': { succeed: 'no', after: '2h' } },
    functions: { 'audit:live': (note: string) => `${note}, seen`, workflow: () => 'the other one' },
  } satisfies CrashOptions & OrderOptions

  function* order(name: string) {
    try {
      return yield* saga('order', function* () {
        yield* step('charge', away, { compensate: away })
        const answer = yield* waitForCallback<string>('ask for it', away)
        if (answer === 'no') throw new Error(yield* invoke<string, string>('audit:live', name))
        return 'sold'
      })
    } catch (error) {
      if (!isPerdureError(error, 'SAGA_FAILED')) throw error
      return [error.message, yield* invoke<string, string>('workflow', name)]
    }
  }

  it('is that of a run: bodies by name, callbacks, functions by qualifier', async () => {
    const crashes = await crashEverywhere(order, 'chair', surroundings)
    const orders = await exploreOrders(order, 'chair', surroundings)

    expect(crashes.undisturbed.result).to.deep.equal(['chair, seen', 'the other one'])
    expect(crashes.undisturbed.world).to.deep.equal(['charged', 'refunded ch_1'])
    expect(orders.outcomes.map(({ outcome }) => outcome.result)).to.deep.equal([
      ['chair, seen', 'the other one'],
    ])
    const none = { steps: [], compensations: [], callbacks: [], functions: [] }
    expect([crashes.unused, orders.unused]).to.deep.equal([none, none])
  })

  it('tells which names nothing came of', async () => {
    const slips = {
      steps: { chrage: away },
      compensations: { chrage: away },
      callbacks: { aks: 'timeout' },
      functions: { adit: away },
    } satisfies CrashOptions & OrderOptions
    function* nothing() {
      return yield* step('charge', async () => 'ch_1')
    }
    const unused = {
      steps: ['chrage'],
      compensations: ['chrage'],
      callbacks: ['aks'],
      functions: ['adit'],
    }

    expect((await crashEverywhere(nothing, undefined, slips)).unused).to.deep.equal(unused)
    expect((await exploreOrders(nothing, undefined, slips)).unused).to.deep.equal(unused)
  })

  it('refuses what is no body', async () => {
    const steps = { charge: 'ch_1' } as never
    expect(await crashEverywhere(order, '', { steps }).catch(String)).to.include('`steps.charge`')
    expect(await exploreOrders(order, '', { steps }).catch(String)).to.include('`steps.charge`')
  })

  it('writes the input and reads the result by the serdes of its driver', async () => {
    const serdes = {
      serialize: (value: unknown) => JSON.stringify({ kept: value }),
      deserialize: (text: string) => (JSON.parse(text) as { kept: unknown }).kept,
    }
    function* echo(input: string) {
      return yield* step('echo', async () => input.toUpperCase())
    }

    const { undisturbed } = await crashEverywhere(echo, 'hello', { driver: { serdes } })
    const { outcomes } = await exploreOrders(echo, 'hello', { driver: { serdes } })

    expect([undisturbed.result, outcomes[0]?.outcome.result]).to.deep.equal(['HELLO', 'HELLO'])
  })
})
