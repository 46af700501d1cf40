import { expect } from 'chai'
import type { Clock } from '../../lib/kernel/clock.ts'
import { InvocationClock } from '../../lib/testing/invocation-clock.ts'
import { VirtualClock } from '../../lib/testing/virtual-clock.ts'

/** A clock moved by hand that counts who holds it. */
class HeldClock implements Clock {
  readonly hand = new VirtualClock({ start: 0, auto: false })
  holds = 0

  now = () => this.hand.now()
  startTimer = (milliseconds: number, fire: () => void) => this.hand.startTimer(milliseconds, fire)

  hold(): () => void {
    this.holds += 1
    return () => (this.holds -= 1)
  }
}

function setUp() {
  const below = new HeldClock()
  return { below, clock: new InvocationClock(below) }
}

describe("an invocation's clock", () => {
  it('tells the time of the clock below', () => {
    const { below, clock } = setUp()
    below.hand.advance(1234)

    expect(clock.now()).to.equal(1234)
  })

  it('holds the clock below from the start, once', () => {
    const { below, clock } = setUp()
    clock.hold()

    expect(below.holds).to.equal(1)
  })

  it('lets time jump while the driver sleeps, and holds it again when that is over', () => {
    const { below, clock } = setUp()
    const words: string[] = []
    clock.startTimer(500, () => words.push(`woken, ${below.holds} held`))
    expect(below.holds).to.equal(0)

    below.hand.advance(500)
    expect(words).to.deep.equal(['woken, 1 held'])
  })

  it('holds it again when the sleep is cancelled', () => {
    const { below, clock } = setUp()
    const timer = clock.startTimer(500, () => expect.fail('it was cancelled'))
    timer.cancel()
    below.hand.advance(1000)

    expect(below.holds).to.equal(1)
  })

  it('does not let time jump while a body runs, be there timers or not', () => {
    const { below, clock } = setUp()
    const done = clock.hold()
    const other = clock.hold()
    clock.startTimer(500, () => undefined)
    expect(below.holds).to.equal(1)

    done()
    done()
    expect(below.holds).to.equal(1)

    other()
    expect(below.holds).to.equal(0)
  })

  it('lets go of the clock below when the invocation ends, and of its timers', () => {
    const { below, clock } = setUp()
    clock.startTimer(500, () => expect.fail('the invocation is over'))
    clock.hold()
    clock.end()

    expect(below.holds).to.equal(0)
    expect(below.hand.pending).to.equal(0)
  })

  it('starts and holds nothing more once the invocation has ended', () => {
    const { below, clock } = setUp()
    clock.end()
    clock.startTimer(1, () => expect.fail('the invocation is over')).cancel()
    clock.startTimer(1, () => expect.fail('the invocation is over'))
    clock.hold()
    below.hand.advance(10)

    expect(below.holds).to.equal(0)
    expect(below.hand.pending).to.equal(0)
  })
})
