// @ts-check
import { childContext, step, wait } from '../../dist/index.js'
import { crashEverywhere, run, verify } from '../../dist/testing.js'

function* one() {
  return yield* step('one', async () => 1)
}

function* waiting() {
  for (let i = 0; i < 100; i++) yield* wait({ hours: 1 })
}

function* longRun() {
  for (let i = 0; i < 60; i++) yield* step(`step ${i}`, () => i)
  for (let i = 0; i < 18; i++) yield* childContext(`context ${i}`, () => step('inside', () => i))
  for (let i = 0; i < 4; i++) yield* wait('1h')
}

/** @type {Map<number, string>} */
const written = new Map()

function* writing() {
  for (let i = 0; i < 200; i++) {
    yield* step(`write ${i}`, async () => void written.set(i, 'written'))
  }
}

/** @type {import('../kit-rig.mjs').Kit} */
export const kit = {
  async oneStep() {
    return (await run(one)).value === 1
  },

  async waits() {
    const execution = await run(waiting)
    return execution.status === 'SUCCEEDED' && execution.operations().length === 100
  },

  async verify() {
    const { events } = await run(longRun)
    const histories = Array.from({ length: 1000 }, () => JSON.stringify({ Events: events }))
    return async () => (await verify(longRun, histories)).counts.identical === 1000
  },

  async crashes() {
    const { ok, tried } = await crashEverywhere(writing, undefined, { world: written })
    return ok && tried.points > 1200
  },
}
