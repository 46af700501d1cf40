import { expect } from 'chai'
import { all, step, wait } from '../../lib/index.ts'
import { nextTurn } from '../../lib/kernel/clock.ts'
import { VirtualClock } from '../../lib/testing/virtual-clock.ts'
import { Hosted } from '../support/hosted.ts'

/** Lets everything that is under way come to rest. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise<void>(nextTurn)
}

describe('a wait that falls due while another step runs', () => {
  it('is asked for by an empty call, and its branch goes on in the same invocation', async () => {
    const clock = new VirtualClock({ auto: false })
    let finish: (value: string) => void = () => undefined
    const hosted = new Hosted(
      function* () {
        return yield* all([
          step('slow', () => new Promise<string>((resolve) => void (finish = resolve))),
          function* () {
            yield* wait('5s')
            return yield* step('after', () => 'meanwhile')
          },
        ])
      },
      { clock },
    )
    const ended = hosted.run()
    await quiet()
    const first = [...hosted.calls]
    clock.advance(5_000)
    await quiet()
    const meanwhile = hosted.calls.slice(first.length)
    finish('late')

    expect(first).to.deep.equal(['START 1-1-1, START 1-2-1'])
    expect(meanwhile).to.deep.equal(['', 'START 1-2-2, SUCCEED 1-2-2'])
    expect(await ended).to.deep.equal({ Status: 'SUCCEEDED', Result: '["late","meanwhile"]' })
    expect(hosted.invocations).to.equal(1)
  })

  it('is not asked for where no body runs: the service calls again', async () => {
    const clock = new VirtualClock({ auto: false })
    const hosted = new Hosted(
      function* () {
        yield* all([wait('5s'), wait('9s')])
      },
      { clock },
    )
    const ended = hosted.run()
    await quiet()
    const told: unknown[] = [[...hosted.calls], hosted.invocations]
    for (const seconds of [5, 4]) {
      clock.advance(seconds * 1_000)
      await quiet()
    }
    await ended

    expect(told).to.deep.equal([['START 1-1-1, START 1-2-1'], 1])
    expect(hosted.calls).to.not.include('')
  })
})
