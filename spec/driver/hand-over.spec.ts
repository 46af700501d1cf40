import { expect } from 'chai'
import { step } from '../../lib/index.ts'
import { Deadline } from '../../lib/driver/deadline.ts'
import { VirtualClock } from '../../lib/testing/virtual-clock.ts'
import { Hosted } from '../support/hosted.ts'

/** A loop of steps that take ten milliseconds each. */
function looping(times: number, clock: VirtualClock) {
  return function* () {
    let sum = 0
    for (let i = 0; i < times; i++) {
      sum += yield* step(() => {
        clock.advance(10)
        return 1
      })
    }
    return sum
  }
}

describe('a loop that takes longer than its function may', () => {
  it('crosses as many invocations as it needs, and runs each step once', async function () {
    this.timeout(60_000)
    const clock = new VirtualClock()
    const hosted = new Hosted(looping(5_000, clock), { clock, function: { timeoutSeconds: 3 } })

    expect(await hosted.run()).to.deep.equal({ Status: 'SUCCEEDED', Result: '5000' })
    // Fifty seconds of work, in invocations that end a fifth of three seconds before their time.
    expect(hosted.invocations).to.be.within(20, 30)
    const started = hosted.calls.join(', ').match(/START \d+/g)
    expect(new Set(started).size).to.equal(started?.length)
  })

  it('arranges for each next invocation by a wait of a second, beside its own numbers', async () => {
    const clock = new VirtualClock()
    const hosted = new Hosted(looping(500, clock), { clock, function: { timeoutSeconds: 3 } })
    await hosted.run()
    const { statuses } = hosted

    expect(hosted.invocations).to.be.within(2, 4)
    for (let h = 1; h < hosted.invocations; h++) {
      expect(statuses).to.include({ [`h-${h}`]: 'SUCCEEDED' })
    }
    expect(Object.keys(statuses)).to.have.length(500 + hosted.invocations - 1)
  })

  it('hands over earlier where a larger margin is asked for', async () => {
    const counts: number[] = []
    for (const deadlineMargin of [undefined, '2s'] as const) {
      const clock = new VirtualClock()
      const hosted = new Hosted(looping(200, clock), {
        clock,
        function: { timeoutSeconds: 3 },
        driver: { deadlineMargin },
      })
      await hosted.run()
      counts.push(hosted.invocations)
    }

    expect(counts[0]).to.equal(1)
    expect(counts[1]).to.be.within(2, 3)
  })
})

describe('a deadline', () => {
  const rows = [
    { remaining: 3_000, margin: undefined, nearAt: 600 },
    { remaining: 900_000, margin: undefined, nearAt: 5_000 },
    { remaining: 3_000, margin: 2_000, nearAt: 2_000 },
  ]
  for (const { remaining, margin, nearAt } of rows) {
    const words = margin === undefined ? 'by default' : `with a margin of ${margin}`
    it(`is near with ${nearAt} of ${remaining} ms left, ${words}`, () => {
      let left = remaining
      const deadline = new Deadline(() => left, margin)
      const before = deadline.isNear
      left = nearAt + 1
      const justBefore = deadline.isNear
      left = nearAt

      expect([before, justBefore, deadline.isNear]).to.deep.equal([false, false, true])
    })
  }

  it('stays near once it is, and never comes where there is no end to the time', () => {
    let left = 0
    const deadline = new Deadline(() => left, 10)
    const first = deadline.isNear
    left = 1_000

    expect([first, deadline.isNear]).to.deep.equal([true, true])
    expect(new Deadline(() => Infinity).isNear).to.equal(false)
  })
})
