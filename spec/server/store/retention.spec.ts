import { statSync } from 'node:fs'
import { expect } from 'chai'
import { openStore } from '../../../lib/server/store/open-store.ts'
import { LambdaService } from '../../../lib/service/service.ts'
import { ByHand } from '../../service/by-hand.ts'
import { endStep } from '../../service/updates.ts'
import { removeTemporaryFiles, temporaryFile } from '../../support/temporary-file.ts'

const daySeconds = 86_400
const arnsIn = (store: { load(): Iterable<{ facts: { arn: string } }> }) =>
  [...store.load()].map(({ facts }) => facts.arn)

async function ended(stage: ByHand, days: number, payload = '1'): Promise<string> {
  const first = await stage.start({
    name: `kept-${days}`,
    durable: { retentionPeriodInDays: days },
  })
  await first.update(endStep('1', payload))
  await first.succeed()
  return first.arn
}

describe('executions that ended long ago', () => {
  afterEach(removeTemporaryFiles)

  it('are removed as time passes, though nobody asks for them', async () => {
    const { store, close } = openStore({ file: ':memory:' })
    const stage = new ByHand({ store })
    const short = await ended(stage, 1)
    const long = await ended(stage, 30)
    const running = (await stage.start()).arn
    await stage.pass(daySeconds - 1)
    const late = await ended(stage, 1)
    expect(arnsIn(store)).to.deep.equal([short, long, running, late])
    await stage.pass(1)
    const newest = (await stage.start()).arn
    expect(arnsIn(store)).to.deep.equal([long, running, late, newest])
    close()
  })

  it('are removed when the service starts', async () => {
    const { store, close } = openStore({ file: ':memory:' })
    const before = new ByHand({ store })
    const short = await ended(before, 1)
    const long = await ended(before, 30)
    expect(arnsIn(store)).to.deep.equal([short, long])
    const clock = {
      now: () => before.clock.now() + daySeconds * 1000,
      startTimer: () => ({ cancel() {} }),
    }
    new LambdaService({ clock, invoker: { invoke: () => Promise.reject(new Error()) }, store })
    expect(arnsIn(store)).to.deep.equal([long])
    close()
  })

  it('leave no hole in the file', async () => {
    const file = temporaryFile()
    const open = openStore({ file })
    const stage = new ByHand({ store: open.store })
    for (let i = 0; i < 40; i += 1) await ended(stage, 1, JSON.stringify('x'.repeat(250_000)))
    await stage.pass(daySeconds)
    await stage.start()
    open.close()
    expect(statSync(file).size).to.be.within(1, 5 * 1024 * 1024)
  })
})

describe('an execution that has ended', () => {
  it('is read again when it is asked for', async () => {
    const { store, close } = openStore({ file: ':memory:' })
    let reads = 0
    const counted = {
      load: () => store.load(),
      save: (changes: Parameters<typeof store.save>[0]) => store.save(changes),
      remove: (arn: string) => store.remove(arn),
      read: (arn: string) => {
        reads += 1
        return store.read(arn)
      },
    }
    const stage = new ByHand({ store: counted })
    const arn = await ended(stage, 1)
    expect(await stage.status(arn)).to.equal('SUCCEEDED')
    expect(reads).to.equal(0)
    expect(await stage.history(arn)).to.deep.equal([
      '1 ExecutionStarted',
      '2 StepSucceeded 1',
      '3 InvocationCompleted',
      '4 ExecutionSucceeded',
    ])
    expect(reads).to.equal(1)
    close()
  })
})
