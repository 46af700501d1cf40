import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fixture, isAlive, Stand } from './stand.ts'

interface Told {
  readonly pid: number
}

describe('a function out of bounds', () => {
  const stand = new Stand({ limits: { weighMilliseconds: 20 } })
  after(() => stand.close())

  it('is killed when its time is over, and the next invocation has a new process', async () => {
    stand.host('loop', { timeoutSeconds: 1, concurrency: 1 })
    const { pid } = (await stand.invoke('loop', { do: 'tell' })) as Told
    const requestId = 'c0ffee00-0000-4000-8000-000000000001'
    const [type, message] = await stand.failure('loop', { do: 'loop' }, { requestId })
    expect([type, isAlive(pid)]).to.deep.equal(['Sandbox.Timedout', false])
    expect(message).to.match(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z c0ffee00-0000-4000-8000-000000000001 Task timed out after 1\.00 seconds$/,
    )
    expect(stand.written(requestId)).to.include('stdout round and round')
    const report = stand.lines.find(({ text }) => text.startsWith(`REPORT RequestId: ${requestId}`))
    expect(report?.text).to.match(/\tStatus: timeout$/)
    expect(((await stand.invoke('loop', { do: 'tell' })) as Told).pid).to.not.equal(pid)
  })

  it('is killed when it takes too much memory', async () => {
    stand.host('hog', { memoryMegabytes: 160, concurrency: 1 })
    const [type, message] = await stand.failure('hog', { do: 'hog' })
    expect([type, message.replace(/^RequestId: \S+ /, '')]).to.deep.equal([
      'Runtime.ExitError',
      'Error: Runtime exited with error: signal: killed',
    ])
    const said = stand.lines.map(({ text }) => text).find((text) => text.includes('exceeded'))
    expect(said).to.match(/^Memory Size: 160 MB exceeded/)
  })

  it('harms no other', async () => {
    stand.host('busy', { timeoutSeconds: 1, concurrency: 2 })
    stand.host('calm', { concurrency: 1 })
    await stand.invoke('calm', { do: 'tell' })
    const wild = ['loop', 'flood'].map((act) => stand.failure('busy', { do: act, megabytes: 10 }))
    for (let count = 0; count < 20; count += 1) {
      expect(await stand.invoke('calm', { do: 'nothing' })).to.equal(null)
    }
    expect((await Promise.all(wild)).map(([type]) => type)).to.deep.equal([
      'Sandbox.Timedout',
      'none',
    ])
  })
})

describe('the end of the server', () => {
  it('is the end of every process, in good order', async () => {
    const stand = new Stand()
    stand.host('acts', { concurrency: 2 })
    const busy = stand.invoke('acts', { do: 'gate', name: 'gate' })
    const { pid } = (await stand.invoke('acts', { do: 'tell' })) as Told
    await stand.waitingAt('gate')
    const pids = stand.workers.processes().map((one) => one.pid ?? 0)
    expect(pids).to.include(pid)
    await stand.close()
    expect(pids.map(isAlive)).to.deep.equal([false, false])
    const outcome = await Promise.race([busy, new Promise((resolve) => setImmediate(resolve))])
    expect(outcome).to.equal(undefined)
  })

  it('kills also what it cannot end in good order: a server killed, a function that loops', async () => {
    const server = spawn(
      process.execPath,
      ['--import=tsx', '--conditions=source', fixture('doomed-server.mts')],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const said: string[] = []
    for await (const line of createInterface({ input: server.stdout })) {
      said.push(line)
      if (said.length === 2) break
    }
    const pids = said.map(Number)
    expect(pids.map(isAlive)).to.deep.equal([true, true])
    server.kill('SIGKILL')
    await once(server, 'exit')
    const patience = AbortSignal.timeout(10_000)
    while (pids.some(isAlive) && !patience.aborted) await pause(5)
    const left = pids.filter(isAlive)
    for (const pid of left) process.kill(pid, 'SIGKILL')
    expect(left).to.deep.equal([])
  })
})
