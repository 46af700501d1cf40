import { writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { Api } from './api.ts'
import { Crowd } from './crowd.ts'
import { Host } from './host.ts'
import { finalsOf, judge } from './judge.ts'
import { LedgerReader, type Line } from './ledger.ts'
import { Chance } from './workload.ts'

// A server is killed again and again under load, each time at another moment, and started again on the
// same store and port. At the end everything has to be as if it had never been killed.

export interface SoakOptions {
  readonly seed: number
  readonly kills: number
  /** Executions that are open at once. */
  readonly load: number
  /** A path in a folder that is free to be written to. */
  readonly store: string
  readonly tell?: (text: string) => void
}

export interface SoakReport {
  readonly breaches: readonly string[]
  readonly moments: Readonly<Record<string, number>>
  readonly executions: number
  readonly callbacks: number
  readonly bodies: number
  readonly acknowledged: number
  readonly milliseconds: number
}

/** When a server is killed: at a moment of its start, of its work, or at something it just did. */
const moments = {
  'while it starts': (chance: Chance) => ({ after: 'spawn', milliseconds: chance.between(0, 900) }),
  'as it resumes': (chance: Chance) => ({
    after: 'listening',
    milliseconds: chance.between(0, 60),
  }),
  early: (chance: Chance) => ({ after: 'listening', milliseconds: chance.between(60, 900) }),
  'at work': (chance: Chance) => ({ after: 'listening', milliseconds: chance.between(900, 3000) }),
  'with a request on its way': (chance: Chance) => ({
    after: 'sent',
    milliseconds: chance.between(200, 1500),
  }),
  'with an answer just given': (chance: Chance) => ({
    after: 'answered',
    milliseconds: chance.between(200, 1500),
  }),
} as const

const momentNames = Object.keys(moments) as (keyof typeof moments)[]
const turnMilliseconds = 150
const drainMilliseconds = 90_000
const straySeconds = 5

export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { seed, kills, load, store, tell = () => {} } = options
  const began = performance.now()
  const ledger = join(dirname(store), 'ledger')
  writeFileSync(ledger, '')
  const port = await freePort()
  const host = new Host({ store, ledger, port })
  const api = new Api(port)
  const chance = new Chance(seed)
  const crowd = new Crowd(api, new Chance(seed + 1), new LedgerReader(ledger), load)
  const breaches: string[] = []
  const counts: Record<string, number> = {}

  const over = new AbortController()
  const crowding = (async () => {
    while (!over.signal.aborted) {
      await crowd.turn()
      await pause(turnMilliseconds)
    }
  })()
  try {
    for (let kill = 1; kill <= kills; kill += 1) {
      const name = chance.of(momentNames)
      counts[name] = (counts[name] ?? 0) + 1
      const { after, milliseconds } = moments[name](chance)
      const { listening } = host.start()
      if (after === 'spawn') await pause(milliseconds)
      else if (await listening) {
        breaches.push(...(await strangers(host)))
        await pause(milliseconds)
        if (after === 'sent' || after === 'answered') await happening(api, after)
      }
      if (!host.isAlive) {
        breaches.push(`server ${host.servers} ended by itself: ${host.said}`)
        if (breaches.length > 20) break
      }
      await host.kill()
      tell(`kill ${kill} of ${kills} ${name}; ${crowd.known.size} executions, ${crowd.open} open`)
    }
    await host.start().listening
    crowd.isTakingMore = false
    const deadline = performance.now() + drainMilliseconds
    while (crowd.open > 0 && performance.now() < deadline) await pause(turnMilliseconds)
    if (crowd.open > 0) breaches.push(`${crowd.open} executions have not ended`)
    over.abort()
    await crowding
    const lists = [await finalsOf(api, 'soak-main'), await finalsOf(api, 'soak-callee')]
    const finals = new Map(lists.flat().map((final) => [final.arn, final]))
    const lines = new LedgerReader(ledger).next()
    breaches.push(...judge({ crowd, finals, ledger: lines }))
    const code = await host.stop()
    if (code !== 0) breaches.push(`the last server ended with ${code ?? 'a signal'}: ${host.said}`)
    breaches.push(...(await strangers(host)))
    return {
      breaches,
      moments: counts,
      executions: finals.size,
      callbacks: crowd.callbacks.size,
      bodies: countOf(lines, 'body'),
      acknowledged: countOf(lines, 'acknowledged'),
      milliseconds: Math.round(performance.now() - began),
    }
  } finally {
    over.abort()
    await host.kill()
    api.close()
  }
}

/**
 * A process that had just been started when its server was killed, and was not told of to the reaper,
 * ends when it finds nobody to ask for work.
 */
async function strangers(host: Host): Promise<string[]> {
  const deadline = performance.now() + straySeconds * 1000
  while (host.strays().length > 0 && performance.now() < deadline) await pause(50)
  return host
    .strays()
    .map(
      ({ pid, server }) => `process ${pid} of server ${server} is left at server ${host.servers}`,
    )
}

/** Resolves in the very moment in which a request has gone, or an answer has come; or soon. */
function happening(api: Api, what: 'sent' | 'answered'): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, 1000)
    function done(): void {
      clearTimeout(timer)
      api[what] = undefined
      resolve()
    }
    api[what] = done
  })
}

function countOf(lines: readonly Line[], what: Line['what']): number {
  return lines.filter((line) => line.what === what).length
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
