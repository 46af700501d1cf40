import { expect } from 'chai'
import fc from 'fast-check'
import { openStore } from '../../../lib/server/store/open-store.ts'
import { MemoryStore } from '../../../lib/service/memory-store.ts'
import type { ExecutionChange, Store, StoredExecution } from '../../../lib/service/store.ts'
import { ByHand, rest } from '../../service/by-hand.ts'
import { aMove, Play } from '../../service/play.ts'
import { copyOfStore, removeTemporaryFiles, temporaryFile } from '../../support/temporary-file.ts'

/** Does everything in both stores, and reads from the first. */
class Twins implements Store {
  readonly first: Store
  readonly second: Store

  constructor(first: Store, second: Store) {
    this.first = first
    this.second = second
  }

  load(): Iterable<StoredExecution> {
    return this.first.load()
  }

  read(arn: string): StoredExecution | undefined {
    return this.first.read?.(arn)
  }

  save(changes: readonly ExecutionChange[]): void {
    this.first.save(changes)
    this.second.save(changes)
  }

  remove(arn: string): void {
    this.first.remove(arn)
    this.second.remove(arn)
  }
}

const plain = (store: Store): unknown => JSON.parse(JSON.stringify([...store.load()]))

describe('law: whatever happens in the service', () => {
  afterEach(removeTemporaryFiles)

  it('its store gives back what the store in memory does', async () => {
    let ended = 0
    await fc.assert(
      fc.asyncProperty(fc.array(aMove, { maxLength: 40 }), async (moves) => {
        const open = openStore({ file: ':memory:' })
        const play = new Play(new Twins(open.store, new MemoryStore()))
        const memory = play.store.second
        await play.begin()
        for (const move of moves) {
          await play.make(move)
          expect([...open.store.load()]).to.deep.equal([...memory.load()])
        }
        await play.check()
        if (play.stored()[0]?.progress.status !== 'RUNNING') ended += 1
        open.close()
      }),
      { numRuns: 60, seed: Number(process.env['PERDURE_SEED'] ?? 20_261_121) },
    )
    expect(ended).to.be.above(5)
  })

  it('a copy of the file, made at any commit, is a state to go on from', async () => {
    let copies = 0
    const aPlay = fc.array(fc.record({ move: aMove, isCopied: fc.boolean() }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(aPlay, async (moves) => {
        const file = temporaryFile()
        const open = openStore({ file })
        const play = new Play(open.store)
        await play.begin()
        for (const { move, isCopied } of moves) {
          await play.make(move)
          if (!isCopied) continue
          await open.durability.committed()
          const expected = plain(open.store)
          await goesOn(copyOfStore(file), expected, play)
          copies += 1
        }
        open.close()
        removeTemporaryFiles()
      }),
      { numRuns: 6, seed: Number(process.env['PERDURE_SEED'] ?? 20_261_121) },
    )
    expect(copies).to.be.above(5)
  })
})

/** Takes the copy up in a new service: it is what it was, and every execution comes to an end. */
async function goesOn(file: string, expected: unknown, play: Play): Promise<void> {
  const open = openStore({ file })
  expect(plain(open.store)).to.deep.equal(expected)
  const stage = new ByHand({ store: open.store })
  play.register(stage)
  stage.clock.advance(play.stage.clock.now() - stage.clock.now())
  stage.service.resume()
  await rest()
  await stage.pass(61) // longer than any of them may take
  const statuses = [...open.store.load()].map(({ progress }) => progress.status)
  expect(statuses).to.not.include('RUNNING')
  open.close()
}
