import { expect } from 'chai'
import fc from 'fast-check'
import { sleep } from '../../lib/kernel/clock.ts'
import { VirtualClock } from '../../lib/testing/virtual-clock.ts'

const start = Date.UTC(2026, 0, 1)
const day = 86_400_000

/** A clock moved by hand, and the words that its timers write down. */
function byHand() {
  const clock = new VirtualClock({ auto: false })
  const words: string[] = []
  const say = (word: string, milliseconds: number) =>
    clock.startTimer(milliseconds, () => words.push(`${word} at ${clock.now() - start}`))
  return { clock, words, say }
}

describe('a virtual clock moved by hand', () => {
  it('starts where it is told, and stands', async () => {
    expect(new VirtualClock({ auto: false }).now()).to.equal(start)
    const clock = new VirtualClock({ start: 7, auto: false })
    clock.startTimer(0, () => expect.fail('nobody moved the clock'))
    await turns(20)
    expect(clock.now()).to.equal(7)
  })

  it('fires what falls due, in the order of due time and then of starting', () => {
    const { clock, words, say } = byHand()
    say('b', 20)
    say('c', 20)
    say('a', 10)
    say('d', 31)
    clock.advance(30)
    expect(words).to.deep.equal(['a at 10', 'b at 20', 'c at 20'])
    expect(clock.now()).to.equal(start + 30)
    expect(clock.pending).to.equal(1)
  })

  it('fires what a timer starts, if that falls due as well', () => {
    const { clock, words, say } = byHand()
    clock.startTimer(10, () => void say('inner', 5))
    clock.startTimer(12, () => void say('same moment', 0))
    clock.advance(15)
    expect(words).to.deep.equal(['same moment at 12', 'inner at 15'])
  })

  it('forgets a timer that is cancelled, even by one of the same moment', () => {
    const { clock, words, say } = byHand()
    const first = say('first', 5)
    clock.startTimer(10, () => second.cancel())
    const second = say('second', 10)
    const third = say('third', 10)
    first.cancel()
    first.cancel()
    clock.advance(10)
    expect(words).to.deep.equal(['third at 10'])
    third.cancel()
    expect(clock.pending).to.equal(0)
  })

  it('does so in a jump, too', () => {
    const { clock, words, say } = byHand()
    clock.startTimer(10, () => second.cancel())
    const second = say('second', 10)
    say('third', 10)
    clock.next()
    expect(words).to.deep.equal(['third at 10'])
  })

  it('jumps to the next due moment, and stays there without one', () => {
    const { clock, words, say } = byHand()
    say('a', 10)
    say('b', 10)
    say('c', day)
    expect(clock.next()).to.equal(start + 10)
    expect(words).to.deep.equal(['a at 10', 'b at 10'])
    expect(clock.next()).to.equal(start + day)
    expect(clock.next()).to.equal(undefined)
    expect(clock.now()).to.equal(start + day)
  })

  it('leaves for the next jump what a jump has started', () => {
    const { clock, words, say } = byHand()
    clock.startTimer(10, () => void say('later', 0))
    clock.next()
    expect(words).to.deep.equal([])
    clock.next()
    expect(words).to.deep.equal(['later at 10'])
  })

  it('takes no notice of holds', async () => {
    const { clock } = byHand()
    const release = clock.hold()
    clock.startTimer(1, () => expect.fail('nobody moved the clock'))
    await realMilliseconds(10)
    release()
    await turns(20)
    expect(clock.now()).to.equal(start)
  })

  it('fires any timers like a sorted list would', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ delay: fc.nat(50), cancelled: fc.boolean() }), { maxLength: 40 }),
        fc.nat(60),
        (timers, milliseconds) => {
          const clock = new VirtualClock({ auto: false })
          const fired: number[] = []
          const started = timers.map(({ delay }, index) =>
            clock.startTimer(delay, () => fired.push(index)),
          )
          timers.forEach(({ cancelled }, index) => cancelled && started[index]?.cancel())
          clock.advance(milliseconds)
          const expected = timers
            .map(({ delay, cancelled }, index) => ({ delay, cancelled, index }))
            .filter(({ delay, cancelled }) => !cancelled && delay <= milliseconds)
            .sort((a, b) => a.delay - b.delay || a.index - b.index)
          expect(fired).to.deep.equal(expected.map(({ index }) => index))
          expect(clock.pending).to.equal(
            timers.filter(({ cancelled }) => !cancelled).length - fired.length,
          )
        },
      ),
    )
  })
})

describe('a virtual clock left to itself', () => {
  it('skips a year of waiting', async () => {
    const clock = new VirtualClock()
    const before = process.hrtime.bigint()
    for (let month = 0; month < 12; month += 1) await sleep(clock, 30 * day)
    expect(clock.now()).to.equal(start + 360 * day)
    expect(Number(process.hrtime.bigint() - before) / 1e6).to.be.below(1000)
  })

  it('lets promises and other work of the event loop come first', async () => {
    const clock = new VirtualClock()
    const words: string[] = []
    const tick = sleep(clock, 10).then(() => words.push('timer'))
    const work = (async () => {
      await Promise.resolve().then(() => Promise.resolve())
      await turns(1)
      words.push(`work at ${clock.now() - start}`)
      await turns(1)
      words.push(`more at ${clock.now() - start}`)
    })()
    await Promise.all([tick, work])
    expect(words).to.deep.equal(['work at 0', 'more at 0', 'timer'])
  })

  it('goes one due moment at a time', async () => {
    const clock = new VirtualClock()
    const words: string[] = []
    const say = (word: string) => () => words.push(`${word} at ${clock.now() - start}`)
    clock.startTimer(10, () => {
      say('first')()
      void Promise.resolve().then(() => clock.startTimer(5, say('between')))
    })
    clock.startTimer(20, say('second'))
    await sleep(clock, 30)
    expect(words).to.deep.equal(['first at 10', 'between at 15', 'second at 20'])
  })

  it('goes on after a timer that throws', async () => {
    const clock = new VirtualClock()
    const thrown = new Promise((resolve) => {
      const listeners = process.listeners('uncaughtException')
      process.removeAllListeners('uncaughtException')
      process.once('uncaughtException', (error) => {
        for (const listener of listeners) process.on('uncaughtException', listener)
        resolve(error)
      })
    })
    const broken = new Error('it broke')
    clock.startTimer(1, () => {
      throw broken
    })
    await sleep(clock, 2)
    expect(await thrown).to.equal(broken)
    expect(clock.now()).to.equal(start + 2)
  })

  it('does nothing where nothing waits', async () => {
    const clock = new VirtualClock()
    clock.startTimer(5, () => {}).cancel()
    await turns(20)
    expect(clock.now()).to.equal(start)
  })

  it('is one of many', async () => {
    const clocks = [1, 2, 3].map((n) => new VirtualClock({ start: n }))
    await Promise.all(clocks.map((clock, index) => sleep(clock, index * day)))
    expect(clocks.map((clock) => clock.now())).to.deep.equal([1, day + 2, 2 * day + 3])
  })
})

describe('a virtual clock that is paused', () => {
  it('stands, held or not, until everybody lets it go on', async () => {
    const clock = new VirtualClock()
    clock.startTimer(day, () => undefined)
    const resume = [clock.pause(), clock.pause()]
    await turns(20)
    resume[0]?.()
    resume[0]?.()
    await turns(20)
    expect(clock.now()).to.equal(start)
    resume[1]?.()
    await turns(20)
    expect(clock.now()).to.equal(start + day)
  })

  it('jumps after as many quiet turns as it is told', async () => {
    const jumpsWithin = async (quietTurns: number) => {
      const clock = new VirtualClock({ quietTurns })
      clock.startTimer(day, () => undefined)
      await turns(4)
      return clock.now() > start
    }

    expect([await jumpsWithin(1), await jumpsWithin(20)]).to.deep.equal([true, false])
  })
})

describe('a virtual clock that is held', () => {
  it('takes no time for what is done within a turn of the event loop', () => {
    const clock = new VirtualClock()
    const release = clock.hold()
    const before = process.hrtime.bigint()
    while (process.hrtime.bigint() - before < 3_000_000n);
    release()

    expect(clock.now()).to.equal(start)
  })

  it('does not jump until everybody has let go', async () => {
    const clock = new VirtualClock()
    let fired = false
    clock.startTimer(day, () => (fired = true))
    const first = clock.hold()
    const second = clock.hold()
    first()
    first()
    const then = clock.now()
    await realMilliseconds(5)
    expect(fired).to.equal(false)
    expect(clock.now()).to.be.above(then)
    second()
    await turns(20)
    expect(fired).to.equal(true)
  })

  it('runs at the speed of real time, so that a timer fires beside real work', async () => {
    const clock = new VirtualClock()
    const release = clock.hold()
    await sleep(clock, 30)
    const passed = clock.now() - start
    release()
    expect(passed).to.be.within(30, 2000)
    const stood = clock.now()
    await realMilliseconds(5)
    expect(clock.now()).to.equal(stood)
  })

  it('fires in real time what is started or cancelled meanwhile', async () => {
    const clock = new VirtualClock()
    const release = clock.hold()
    const words: string[] = []
    const slow = clock.startTimer(40, () => words.push('slow'))
    clock.startTimer(20, () => words.push('quick'))
    clock.startTimer(5, () => slow.cancel())
    await realMilliseconds(60)
    release()
    expect(words).to.deep.equal(['quick'])
  })

  it('can be moved by hand all the same', () => {
    const clock = new VirtualClock()
    const release = clock.hold()
    let fired = 0
    clock.startTimer(day, () => (fired = clock.now()))
    clock.advance(2 * day)
    expect(fired - start).to.be.within(day, day + 1000)
    expect(clock.now() - start).to.be.within(2 * day, 2 * day + 1000)
    release()
  })
})

function turns(count: number): Promise<void> {
  return new Promise((resolve) => {
    const next = (left: number) => (left === 0 ? resolve() : setImmediate(next, left - 1))
    next(count)
  })
}

/** Real time, for the one port that is about it. */
function realMilliseconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count))
}
