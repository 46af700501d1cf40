// @ts-check
import { strictEqual } from 'node:assert/strict'

// The process of one sample of a testing kit: imports the kit, runs what it is told, and prints what
// that took.

/**
 * What users of a testing kit write, in that kit's way. Each answers whether it went as it should.
 * @typedef {object} Kit
 * @property {() => Promise<boolean>} oneStep
 * @property {() => Promise<boolean>} waits a hundred, of an hour each
 * @property {() => Promise<() => Promise<boolean>>} [verify] made ready, 1,000 histories of 100 operations
 * @property {() => Promise<boolean>} [crashes] of 200 steps, at every point
 */

const [name, what] = process.argv.slice(2)

// As they are before a kit has replaced them.
const now = performance.now.bind(performance)
const cpuUsage = process.cpuUsage.bind(process)

/** @type {{ kit: Kit }} */
const { kit } = await import(`./kits/${name}.mjs`)

/** @type {Record<string, () => Promise<import('./entrant.mjs').Sample>>} */
const samples = {
  'one-step': async () => {
    const first = await taken(kit.oneStep)
    const next = await taken(kit.oneStep)
    return { first: first.ms, next: next.ms }
  },
  waits: async () => {
    const first = await taken(kit.waits)
    await taken(kit.waits)
    await taken(kit.waits)
    const fourth = await taken(kit.waits)
    return { first: first.ms, fourth: fourth.ms }
  },
  verify: async () => taken(await given(kit.verify)()),
  crashes: () => taken(given(kit.crashes)),
}

/** @param {() => Promise<boolean>} run */
async function taken(run) {
  const cpuBefore = cpuUsage()
  const began = now()
  const isRight = await run()
  const ms = now() - began
  const { user, system } = cpuUsage(cpuBefore)
  strictEqual(isRight, true, `${name}: ${what}`)
  return { ms, cpu: (user + system) / 1000 }
}

/** @template T @param {T | undefined} value @returns {T} */
function given(value) {
  if (value === undefined) throw new Error(`${name} has no ${what}.`)
  return value
}

const sample = await given(samples[what ?? ''])()
process.stdout.write(JSON.stringify(sample), () => process.exit())
