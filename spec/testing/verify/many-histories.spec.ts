import { expect } from 'chai'
import { childContext, step, wait, type Coroutine } from '../../../lib/index.ts'
import { verify } from '../../../lib/testing/verify/verify.ts'
import { record } from './support.ts'

function* longRun(): Coroutine<unknown> {
  let sum = 0
  for (let i = 0; i < 60; i++) sum += yield* step(`step ${i}`, () => i)
  for (let i = 0; i < 18; i++) {
    sum += yield* childContext(`context ${i}`, () => step('inside', () => i))
  }
  for (let i = 0; i < 4; i++) yield* wait('1h')
  return sum
}

describe('verifying 1,000 histories of 100 operations', function () {
  this.timeout(60_000)

  it('finds all of them identical', async () => {
    const text = JSON.stringify(await record(longRun))
    const histories = Array.from({ length: 1000 }, () => text)
    const { counts, histories: verified } = await verify(longRun, histories)

    expect(verified[0]?.operations).to.equal(100)
    expect(counts.identical).to.equal(1000)
  })
})
