import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'chai'
import { nextTurn } from '../../lib/kernel/clock.ts'
import { LocalService } from '../../lib/server/local-service.ts'
import { openStore } from '../../lib/server/store/open-store.ts'
import { reaperName } from '../../lib/server/workers/reaper.ts'
import { removeTemporaryFiles, temporaryFile } from '../support/temporary-file.ts'

/** The store of a server that was killed, and whose reaper has that process id. */
function storeOf(reaper: number): string {
  const file = temporaryFile()
  const open = openStore({ file })
  open.reaper.write(reaper)
  open.close()
  return file
}

function startWith(store: string) {
  const local = new LocalService({ functions: [], store })
  const words: string[] = []
  const started = local.start().then(() => void words.push('started'))
  return { local, started, words }
}

describe('a server on the store of one that was killed', () => {
  afterEach(removeTemporaryFiles)

  it('begins only when the processes of that one are killed', async function () {
    if (process.platform === 'win32') this.skip()
    const reaper = spawn('/bin/sh', ['-c', 'read word', reaperName])
    const { local, started, words } = startWith(storeOf(reaper.pid ?? 0))
    for (let turn = 0; turn < 1000; turn += 1) await new Promise<void>((next) => nextTurn(next))
    const before = [...words]

    reaper.on('exit', () => words.push('killed'))
    reaper.stdin.end()
    await started
    await local.close()

    expect(before).to.deep.equal([])
    expect(words).to.deep.equal(['killed', 'started'])
  })

  it('begins at once when another process has got the id of its reaper', async function () {
    if (process.platform !== 'linux') this.skip()
    const other = spawn('/bin/sh', ['-c', 'read word'])
    const { local, started, words } = startWith(storeOf(other.pid ?? 0))

    await started
    const isThere = other.exitCode === null
    await local.close()
    const ended = once(other, 'exit')
    other.stdin.end()
    await ended

    expect({ isThere, words }).to.deep.equal({ isThere: true, words: ['started'] })
  })

  it('leaves nothing behind when it is closed before it could begin', async function () {
    if (process.platform === 'win32') this.skip()
    const reaper = spawn('/bin/sh', ['-c', 'read word', reaperName])
    const { local, started } = startWith(storeOf(reaper.pid ?? 0))

    await local.close()
    reaper.stdin.end()
    await started

    expect(() => local.url).to.throw('a service that was started')
  })
})
