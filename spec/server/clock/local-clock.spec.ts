import { expect } from 'chai'
import fc from 'fast-check'
import { TimerHeap, type Pending } from '../../../lib/server/clock/heap.ts'
import {
  LocalClock,
  type ClockMode,
  type LocalClockOptions,
} from '../../../lib/server/clock/local-clock.ts'
import type { ClockKeeper, ClockReading } from '../../../lib/server/clock/reading.ts'
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts'

const start = Date.UTC(2026, 0, 1)
const day = 86_400_000

/** A real clock under control, a place for the reading, and clocks that share both. */
function stage() {
  const outside = new VirtualClock({ start, auto: false })
  let skew = 0
  let kept: ClockReading | undefined
  const keeper: ClockKeeper = { read: () => kept, write: (reading) => void (kept = reading) }
  const real = {
    now: () => outside.now() + skew,
    startTimer: outside.startTimer.bind(outside),
  }
  const clock = (mode: ClockMode, options: LocalClockOptions = {}) =>
    new LocalClock({ mode, real, keeper, ...options })
  return { outside, clock, setBack: (milliseconds: number) => void (skew -= milliseconds) }
}

function writing(clock: LocalClock) {
  const words: string[] = []
  const say = (word: string, milliseconds: number) =>
    clock.startTimer(milliseconds, () => void words.push(`${word} at ${clock.now() - start}`))
  return { words, say }
}

describe('a real clock', () => {
  it('goes as the one outside, and fires its timers', () => {
    const { outside, clock } = stage()
    const local = clock({ kind: 'real' })
    const { words, say } = writing(local)
    say('b', 20)
    say('a', 10)
    say('never', 15).cancel()
    outside.advance(30)
    expect(words).to.deep.equal(['a at 10', 'b at 20'])
    expect(local.now()).to.equal(start + 30)
    expect(local.pending).to.equal(0)
  })

  it('fires nothing any more once it is closed, be it by a timer that has been due for long', () => {
    const { outside, clock } = stage()
    const local = clock({ kind: 'real' })
    const { words, say } = writing(local)
    const again = () => {
      words.push('again')
      local.startTimer(0, again)
    }
    local.startTimer(10, () => {
      local.close()
      again()
    })
    say('never', 10)

    outside.advance(30)
    expect(words).to.deep.equal(['again'])
  })

  it('goes on from where it was moved to', () => {
    const { outside, clock } = stage()
    const local = clock({ kind: 'real' })
    const { words, say } = writing(local)
    say('week', 7 * day)
    say('month', 30 * day)
    expect(local.move(10 * day)).to.equal(start + 10 * day)
    outside.advance(20 * day)
    expect(words).to.deep.equal([`week at ${7 * day}`, `month at ${30 * day}`])
  })

  it('takes timers that are longer than Node can wait', () => {
    const { outside, clock } = stage()
    const { words, say } = writing(clock({ kind: 'real' }))
    say('late', 2 ** 31 + 5)
    outside.advance(2 ** 31 + 4)
    expect(words).to.deep.equal([])
    outside.advance(1)
    expect(words).to.deep.equal([`late at ${2 ** 31 + 5}`])
  })

  it('stands when the one outside is set back, until that has caught up', () => {
    const { outside, clock, setBack } = stage()
    const local = clock({ kind: 'real' })
    outside.advance(1000)
    expect(local.now()).to.equal(start + 1000)
    setBack(500)
    const { words, say } = writing(local)
    say('a', 100)
    expect(local.now()).to.equal(start + 1000)
    outside.advance(599)
    expect(words).to.deep.equal([])
    outside.advance(1)
    expect(words).to.deep.equal(['a at 1100'])
  })
})

describe('a scaled clock', () => {
  it('goes so many times as fast', () => {
    const { outside, clock } = stage()
    const local = clock({ kind: 'scaled', factor: 1000 })
    const { words, say } = writing(local)
    say('day', day)
    say('odd', 1500)
    outside.advance(1)
    expect(words).to.deep.equal([])
    outside.advance(1)
    expect(words).to.deep.equal(['odd at 2000'])
    outside.advance(day / 1000)
    expect(words.slice(1)).to.deep.equal([`day at ${day}`])
  })

  it('refuses a factor that is none', () => {
    expect(() => stage().clock({ kind: 'scaled', factor: 0 })).to.throw(
      'Expected `factor` to be a number above 0, got 0 (number).',
    )
  })
})

describe('a clock moved by hand', () => {
  it('stands, whatever goes on outside', () => {
    const { outside, clock } = stage()
    const local = clock({ kind: 'hand' })
    local.startTimer(0, () => expect.fail('nobody moved the clock'))
    outside.advance(day)
    expect(local.now()).to.equal(start)
    expect(outside.pending).to.equal(0)
  })

  it('fires what falls due on the way in its order, each at its time', () => {
    const { clock } = stage()
    const local = clock({ kind: 'hand' })
    const { words, say } = writing(local)
    say('c', 20)
    say('d', 20)
    local.startTimer(10, () => {
      words.push(`a at ${local.now() - start}`)
      say('b', 5)
    })
    say('e', 51)
    expect(local.move(50)).to.equal(start + 50)
    expect(words).to.deep.equal(['a at 10', 'b at 15', 'c at 20', 'd at 20'])
    expect(local.now()).to.equal(start + 50)
  })

  it('moves to the next timer, and says that there is none', () => {
    const { clock } = stage()
    const local = clock({ kind: 'hand' })
    const { words, say } = writing(local)
    say('b', 30 * day)
    say('a', 5)
    say('c', 30 * day)
    expect([local.moveToNext(), local.moveToNext(), local.moveToNext()]).to.deep.equal([
      start + 5,
      start + 30 * day,
      undefined,
    ])
    expect(words).to.deep.equal(['a at 5', `b at ${30 * day}`, `c at ${30 * day}`])
  })

  it('gives every timer its turn, also after one that throws', () => {
    const { clock } = stage()
    const local = clock({ kind: 'hand' })
    const { words, say } = writing(local)
    local.startTimer(1, () => {
      throw new Error('broken')
    })
    say('a', 2)
    expect(() => local.move(5)).to.throw('broken')
    expect(words).to.deep.equal(['a at 2'])
    expect(local.now()).to.equal(start + 5)
  })

  it('refuses to go back', () => {
    const local = stage().clock({ kind: 'hand' })
    expect(() => local.move(-1)).to.throw('Expected `milliseconds` to be a number from 0 up')
  })
})

describe('a clock of a new process', () => {
  const table: { before: ClockMode; after: ClockMode; reads: number }[] = [
    { before: { kind: 'hand' }, after: { kind: 'hand' }, reads: day },
    { before: { kind: 'real' }, after: { kind: 'real' }, reads: day + 1000 },
    { before: { kind: 'real' }, after: { kind: 'hand' }, reads: day + 1000 },
    {
      before: { kind: 'scaled', factor: 10 },
      after: { kind: 'scaled', factor: 2 },
      reads: day + 10_000,
    },
  ]
  for (const { before, after, reads } of table) {
    it(`goes on from the old one: ${before.kind}, then ${after.kind}`, () => {
      const { outside, clock } = stage()
      clock(before).move(day)
      outside.advance(1000)
      expect(clock(after).now()).to.equal(start + reads)
    })
  }

  it('catches up with the one outside when it goes as that does', () => {
    const { outside, clock } = stage()
    clock({ kind: 'hand' }).move(5)
    outside.advance(day)
    expect(clock({ kind: 'real' }).now()).to.equal(start + day)
  })

  it('has its reading kept before anything happens by it', () => {
    const { clock } = stage()
    const local = clock({ kind: 'hand' })
    const read: number[] = []
    local.startTimer(10, () => read.push(clock({ kind: 'hand' }).now() - start))
    local.move(20)
    expect(read).to.deep.equal([20])
  })
})

describe('law: a heap of timers', () => {
  it('has the earliest first, whatever was added and taken out', () => {
    const aMove = fc.record({ due: fc.nat(20), taken: fc.option(fc.nat(30)) })
    fc.assert(
      fc.property(fc.array(aMove, { maxLength: 60 }), (moves) => {
        const heap = new TimerHeap()
        const timers: Pending[] = []
        moves.forEach(({ due, taken }, number) => {
          const timer = { due, number, fire() {}, place: -1 }
          timers.push(timer)
          heap.add(timer)
          const out = taken === null ? undefined : timers[taken]
          if (out) heap.delete(out)
        })
        const expected = timers
          .filter(({ place }) => place >= 0)
          .sort((one, other) => one.due - other.due || one.number - other.number)
        expect(heap.size).to.equal(expected.length)
        for (const timer of expected) {
          expect(heap.first).to.equal(timer)
          heap.delete(timer)
        }
      }),
    )
  })
})
