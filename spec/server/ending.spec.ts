import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { removeTemporaryFiles, temporaryFile } from '../support/temporary-file.ts'

const program = fileURLToPath(new URL('ending-server.ts', import.meta.url))
const loader = ['--import=tsx', '--conditions=source']

/** Runs a server until it ends by itself; `before` is what the shell does before. */
async function ended(way: string, before = ':') {
  const command = `${before}; exec "$@"`
  const args = [process.execPath, ...loader, program, way, temporaryFile()]
  const child = spawn('/bin/sh', ['-c', command, 'sh', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (said[stream] += text))
  }
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...said }
}

describe('a server that ends', () => {
  before(function () {
    if (process.platform === 'win32') this.skip()
  })
  afterEach(removeTemporaryFiles)

  it('is gone when it is closed, whatever was under way', async () => {
    const { code, stdout, stderr } = await ended('close')

    expect(stderr).to.equal('')
    expect(code).to.equal(0)
    expect(stdout.split('\n').sort()).to.deep.equal(['', 'closed', 'cut off', 'cut off'])
  })

  it('says why, when its disk is full', async () => {
    // In blocks of 512 bytes; whoever ignores the signal gets an error.
    const { code, stderr } = await ended('fill', `trap '' XFSZ; ulimit -f 2000`)

    expect(stderr).to.match(/STORE_FAILED|could not be written/)
    expect(code).to.equal(1)
  })
})
