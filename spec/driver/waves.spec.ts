import { expect } from 'chai'
import {
  completion,
  createDriver,
  map,
  step,
  type BatchOptions,
  type BatchResult,
} from '../../lib/index.ts'
import { Embedded } from '../../lib/testing/embedded.ts'

const items = Array.from({ length: 1_000 }, (_, index) => index)

/** Maps the items, and answers what came of it, with the words of bodies and items in their order. */
async function run(body: (item: number) => unknown, options?: BatchOptions<unknown>) {
  const words: string[] = []
  let batch: BatchResult<unknown> | undefined
  const item = function* (index: number) {
    const attempt = () => {
      words.push('began')
      return body(index)
    }
    const value = yield* step(attempt, { retry: () => false })
    words.push('ended')
    return value
  }
  const embedded = new Embedded()
  const workflow = function* () {
    batch = yield* map(items, item, options)
  }
  embedded.register('f', createDriver().lambdaHandler(workflow))
  const { DurableExecutionArn = '' } = await embedded.service.invoke({
    FunctionName: 'f',
    Qualifier: '$LATEST',
    InvocationType: 'Event',
    Payload: 'null',
  })
  await embedded.service.ended(DurableExecutionArn)
  const begun = words.filter((word) => word === 'began').length
  return { batch, words, begun }
}

describe('a wide fan-out', () => {
  it('has all bodies under way at once, where they take their time', async () => {
    let begun = 0
    let open = (): void => undefined
    const allBegun = new Promise<void>((resolve) => (open = resolve))
    const { batch } = await run(() => {
      begun += 1
      if (begun === items.length) open()
      return allBegun
    })

    expect(batch?.successCount).to.equal(items.length)
  })

  it('is done with the first items before it begins the last, where bodies end as they begin', async () => {
    const { batch, words } = await run((item) => Promise.resolve(item))

    const lastBegun = words.lastIndexOf('began')
    const endedBefore = words.slice(0, lastBegun).filter((word) => word === 'ended').length
    expect(endedBefore).to.be.at.least(items.length / 2)
    expect(batch?.results()).to.deep.equal(items)
  })

  it('begins no more items once it is decided', async () => {
    const { batch, begun } = await run((item) => {
      if (item === 3) throw new Error('boom')
      return item
    })

    expect(batch?.completionReason).to.equal('FAILURE_TOLERANCE_EXCEEDED')
    expect([batch?.totalCount, begun < items.length]).to.deep.equal([begun, true])
  })

  it('begins all before it goes on with any, where the order of their ends decides', async () => {
    const { words } = await run((item) => item, { completion: completion.allCompleted })

    expect(words.indexOf('ended')).to.equal(items.length)
  })
})
