import { expect } from 'chai'
import { sleep, systemClock, type Timer } from '../../lib/kernel/clock.ts'

const longest = 2 ** 31 - 1

/** Stands in for the timers of Node: tells what was set, and fires when told to. */
function fakeTimers() {
  const { setTimeout: set, clearTimeout: clear } = globalThis
  const words: string[] = []
  let pending: (() => void) | undefined
  globalThis.setTimeout = ((fire: () => void, milliseconds: number) => {
    words.push(`set ${milliseconds}`)
    pending = fire
    return words.length
  }) as unknown as typeof set
  globalThis.clearTimeout = ((handle: number) => void words.push(`clear #${handle}`)) as never
  return {
    words,
    fire: () => pending?.(),
    restore: () => void Object.assign(globalThis, { setTimeout: set, clearTimeout: clear }),
  }
}

describe('the system clock', () => {
  it('tells the time of the system', () => {
    const before = Date.now()
    const told = systemClock.now()

    expect(told).to.be.within(before, Date.now())
  })

  it('lets a sleeper go on', async () => {
    const before = systemClock.now()
    await sleep(systemClock, 1)

    expect(systemClock.now()).to.be.at.least(before)
  })

  it('does not fire a timer that was cancelled', async () => {
    const fired: string[] = []
    const timer = systemClock.startTimer(0, () => void fired.push('cancelled'))
    timer.cancel()
    await sleep(systemClock, 2)

    expect(fired).to.deep.equal([])
  })
})

describe('a timer of the system clock', () => {
  let timers: ReturnType<typeof fakeTimers>
  beforeEach(() => {
    timers = fakeTimers()
  })
  afterEach(() => {
    timers.restore()
  })

  const start = (milliseconds: number): Timer =>
    systemClock.startTimer(milliseconds, () => void timers.words.push('fired'))

  const table: { milliseconds: number; words: string[] }[] = [
    { milliseconds: 5, words: ['set 5', 'fired'] },
    { milliseconds: longest, words: [`set ${longest}`, 'fired'] },
    { milliseconds: longest + 5, words: [`set ${longest}`, 'set 5', 'fired'] },
    {
      milliseconds: 2 * longest + 1,
      words: [`set ${longest}`, `set ${longest}`, 'set 1', 'fired'],
    },
  ]
  for (const { milliseconds, words } of table) {
    it(`of ${milliseconds} ms fires once, after: ${words.slice(0, -1).join(', ')}`, () => {
      start(milliseconds)
      for (let i = 1; i < words.length; i++) timers.fire()

      expect(timers.words).to.deep.equal(words)
    })
  }

  it('can be cancelled in the middle of a long time', () => {
    const timer = start(longest + 5)
    timers.fire()
    timer.cancel()

    expect(timers.words).to.deep.equal([`set ${longest}`, 'set 5', 'clear #2'])
  })
})
