import { expect } from 'chai'
import type { Timer } from '../../../lib/kernel/clock.ts'
import type {
  Job,
  ProcessEvents,
  ProcessState,
} from '../../../lib/server/workers/function-process.ts'
import { Pool, type Pooled } from '../../../lib/server/workers/pool.ts'
import { InvocationFailure, type InvocationRequest } from '../../../lib/service/invoker.ts'

/** A process that does nothing by itself: the spec says what it does. */
class Puppet implements Pooled {
  state: ProcessState = 'starting'
  invocations = 0
  tenantId: string | undefined
  isLeaving = false
  #job: Job | undefined
  readonly #events: ProcessEvents

  constructor(events: ProcessEvents) {
    this.#events = events
  }

  get doing(): string | undefined {
    return this.#job?.request.requestId
  }

  run(job: Job): void {
    this.state = 'busy'
    this.invocations += 1
    this.tenantId = job.request.tenantId
    this.#job = job
  }

  answer(): void {
    this.#job?.resolve(`${this.#job.request.requestId} done`)
    this.#job = undefined
    this.state = 'answered'
  }

  ask(): void {
    if (this.isLeaving) return this.die()
    this.state = 'idle'
    this.#events.idle()
  }

  dawdle(): void {
    this.state = 'busy'
    this.#events.dawdles()
  }

  leave(): void {
    this.isLeaving = true
    if (this.state !== 'busy' && this.state !== 'answered') this.state = 'stopping'
  }

  abandon(): void {
    this.state = 'stopping'
    queueMicrotask(() => void this.die())
  }

  die(failure?: InvocationFailure): void {
    this.state = 'gone'
    this.#events.gone(failure)
  }
}

function poolOf(concurrency = 2, idleProcesses = 10) {
  const puppets: Puppet[] = []
  const timers: (() => void)[] = []
  const pool = new Pool({
    concurrency,
    idleProcesses,
    idleMilliseconds: 1000,
    clock: {
      now: () => 0,
      startTimer: (_milliseconds, fire): Timer => {
        timers.push(fire)
        return { cancel: () => void timers.splice(timers.indexOf(fire), 1) }
      },
    },
    start: (events) => {
      const puppet = new Puppet(events)
      puppets.push(puppet)
      return puppet
    },
  })
  const run = (requestId: string, tenantId?: string) =>
    pool.run({ requestId, ...(tenantId === undefined ? {} : { tenantId }) } as InvocationRequest)
  const doing = () => puppets.map((puppet) => puppet.doing ?? puppet.state)
  return { pool, puppets, timers, run, doing }
}

describe('a pool of processes', () => {
  it('starts one for each invocation, up to its limit, and queues the rest in order', async () => {
    const { puppets, run, doing, pool } = poolOf(2)
    const answers = ['a', 'b', 'c', 'd'].map((id) => run(id))
    expect(doing()).to.deep.equal(['starting', 'starting'])
    for (const puppet of puppets) puppet.ask()
    expect([doing(), pool.waiting]).to.deep.equal([['a', 'b'], 2])
    for (const puppet of [...puppets].reverse()) {
      puppet.answer()
      puppet.ask()
    }
    expect(doing()).to.deep.equal(['d', 'c'])
    for (const puppet of puppets) puppet.answer()
    expect(await Promise.all(answers)).to.deep.equal(['a done', 'b done', 'c done', 'd done'])
  })

  it('waits for one that has just answered instead of starting another', () => {
    const { puppets, run, doing } = poolOf()
    void run('a')
    puppets[0]?.ask()
    puppets[0]?.answer()
    void run('b')
    expect(doing()).to.deep.equal(['answered'])
    puppets[0]?.ask()
    expect(doing()).to.deep.equal(['b'])
  })

  it('starts another where one that has answered does not come back', () => {
    const { puppets, run, doing } = poolOf()
    void run('a')
    puppets[0]?.ask()
    puppets[0]?.answer()
    void run('b')
    puppets[0]?.dawdle()
    expect(doing()).to.deep.equal(['busy', 'starting'])
  })

  it('uses the one that was busy last, so that the others may be let go', () => {
    const { puppets, run, doing, timers } = poolOf()
    void run('a')
    void run('b')
    for (const puppet of puppets) puppet.ask()
    for (const puppet of puppets) puppet.answer()
    for (const puppet of puppets) puppet.ask()
    void run('c')
    expect(doing()).to.deep.equal(['idle', 'c'])
    expect(timers).to.have.lengthOf(1)
    timers[0]?.()
    expect(doing()).to.deep.equal(['stopping', 'c'])
  })

  it('keeps no more idle ones than it may', () => {
    const { puppets, run, doing } = poolOf(2, 1)
    void run('a')
    void run('b')
    for (const puppet of puppets) puppet.ask()
    for (const puppet of puppets) puppet.answer()
    for (const puppet of puppets) puppet.ask()
    expect(doing()).to.deep.equal(['stopping', 'idle'])
  })

  it('never lets two tenants share one', () => {
    const { puppets, run, doing } = poolOf(1)
    void run('a', 'blue')
    puppets[0]?.ask()
    puppets[0]?.answer()
    puppets[0]?.ask()
    void run('b', 'red')
    expect(doing()).to.deep.equal(['stopping', 'starting'])
    puppets[0]?.die()
    void run('c', 'red')
    puppets[1]?.ask()
    puppets[1]?.answer()
    puppets[1]?.ask()
    expect(doing()).to.deep.equal(['gone', 'c'])
  })

  it('fails the invocation that has waited for longest when a start fails, and tries again', async () => {
    const { puppets, run, doing } = poolOf(1)
    const first = run('a').catch((error: unknown) => error)
    void run('b')
    const failure = new InvocationFailure('Runtime.ImportModuleError', 'no x')
    puppets[0]?.die(failure)
    expect(await first).to.equal(failure)
    expect(doing()).to.deep.equal(['gone', 'starting'])
  })

  it('replaces idle ones at once when the code changes, and busy ones after their invocation', async () => {
    const { puppets, run, doing, pool } = poolOf(3)
    const answer = run('a')
    void run('b')
    for (const puppet of puppets) puppet.ask()
    puppets[1]?.answer()
    puppets[1]?.ask()
    expect(doing()).to.deep.equal(['a', 'idle'])
    pool.reload()
    expect(doing()).to.deep.equal(['a', 'stopping', 'starting'])
    puppets[0]?.answer()
    expect(await answer).to.equal('a done')
    puppets[0]?.ask()
    puppets[2]?.ask()
    void run('c')
    expect(doing()).to.deep.equal(['gone', 'stopping', 'c'])
  })

  it('gives no invocation to one that was starting when the code changed', () => {
    const { puppets, run, doing, pool } = poolOf(1)
    void run('a')
    pool.reload()
    expect(doing()).to.deep.equal(['stopping', 'starting'])
    puppets[1]?.ask()
    expect(doing()).to.deep.equal(['stopping', 'a'])
  })

  it('settles nothing any more once it is closed', async () => {
    const { puppets, run, pool } = poolOf(1)
    const settled: string[] = []
    for (const id of ['a', 'b']) {
      run(id).then(
        () => settled.push(id),
        () => settled.push(id),
      )
    }
    puppets[0]?.ask()
    await pool.close()
    expect([settled, puppets.length]).to.deep.equal([[], 1])
  })
})
