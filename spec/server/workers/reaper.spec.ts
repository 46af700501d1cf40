import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const program = fileURLToPath(new URL('reaped.ts', import.meta.url))

describe('processes whose server is killed', () => {
  it('are killed as well, and all before the reaper itself is gone', async function () {
    if (process.platform === 'win32') this.skip()
    const server = spawn(process.execPath, ['--import=tsx', program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const [said] = (await once(server.stdout, 'data')) as [Buffer]
    const [reaper = 0, ...others] = JSON.parse(said.toString()) as number[]

    server.kill('SIGKILL')
    while (isRunning(reaper)) await new Promise((resolve) => setImmediate(resolve))

    expect(others.length).to.equal(3)
    expect(others.filter(isRunning)).to.deep.equal([])
  })
})

/** Whether it may still do something: one that nobody has collected does not. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.startsWith('Z')
}
