import { expect } from 'chai'
import { Signal } from '../../lib/driver/signal.ts'

const outcome = (promise: Promise<void>) =>
  promise.then(
    () => 'woken',
    (error: unknown) => String(error),
  )

describe('a signal', () => {
  it('wakes who waits', async () => {
    const signal = new Signal()
    const waiting = outcome(signal.next())
    signal.wake()

    expect(await waiting).to.equal('woken')
  })

  it('keeps a wake for who comes later, but only one', async () => {
    const signal = new Signal()
    signal.wake()
    signal.wake()
    const words: string[] = []
    await signal.next()
    words.push('first')
    const second = signal.next().then(() => void words.push('second'))
    await Promise.resolve()
    words.push('woken again')
    signal.wake()
    await second

    expect(words).to.deep.equal(['first', 'woken again', 'second'])
  })

  it('fails who waits, and everybody after a failure that nobody heard', async () => {
    const [heard, unheard] = [new Signal(), new Signal()]
    const waiting = outcome(heard.next())
    heard.fail('broken')
    unheard.fail('broken')

    expect([
      await waiting,
      await outcome(unheard.next()),
      await outcome(unheard.next()),
    ]).to.deep.equal(['broken', 'broken', 'broken'])
  })
})
