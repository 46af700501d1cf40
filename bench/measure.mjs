// @ts-check
import { performance } from 'node:perf_hooks'

/**
 * @typedef {import('./entrant.mjs').Sample} Sample
 * @typedef {import('./entrant.mjs').Entrant} Entrant
 * @typedef {{ runs: number, warmUps?: number }} Effort
 */

/**
 * Takes samples of several things in turn (a, b, a, b, …), so that a slow moment of the machine hits
 * all of them, and answers the medians of each.
 * @template {string} K
 * @param {Record<K, () => Promise<Sample>>} takers
 * @param {Effort} effort
 * @returns {Promise<Record<K, Sample>>}
 */
export async function medians(takers, { runs, warmUps = 0 }) {
  const names = /** @type {K[]} */ (Object.keys(takers))
  /** @type {Map<K, Sample[]>} */
  const taken = new Map(names.map((name) => [name, []]))
  for (let run = -warmUps; run < runs; run++) {
    for (const name of names) {
      const sample = await takers[name]()
      if (run >= 0) taken.get(name)?.push(sample)
    }
  }
  const entries = names.map((name) => [name, medianOf(taken.get(name) ?? [])])
  return Object.fromEntries(entries)
}

/**
 * The same of contenders, each in its own process.
 * @param {readonly Entrant[]} entrants
 * @param {string} figure
 * @param {object} question
 * @param {Effort} effort
 */
export function mediansOf(entrants, figure, question, effort) {
  const takers = entrants.map((entrant) => [entrant.name, () => entrant.ask(figure, question)])
  return medians(
    /** @type {Record<Entrant['name'], () => Promise<Sample>>} */ (Object.fromEntries(takers)),
    effort,
  )
}

/** Member by member. @param {readonly Sample[]} samples @returns {Sample} */
function medianOf(samples) {
  const members = Object.keys(samples[0] ?? {})
  return Object.fromEntries(
    members.map((member) => [member, median(samples.map((sample) => sample[member] ?? NaN))]),
  )
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}

/**
 * Milliseconds that `run` takes, by the clock and of CPU in all threads, and what it answered. Young garbage of earlier runs is gone before; a
 * full collection would also throw compiled code away, and the next run would pay for that.
 * @template T
 * @param {() => Promise<T>} run
 */
export async function timed(run) {
  collector()({ type: 'minor' })
  const cpuBefore = process.cpuUsage()
  const began = performance.now()
  const answer = await run()
  const ms = performance.now() - began
  const { user, system } = process.cpuUsage(cpuBefore)
  return { ms, cpu: (user + system) / 1000, answer }
}

/** Bytes in use once garbage is gone. */
export function heapInUse() {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

/** Of all ages, and with it goes the compiled code that garbage had kept valid. */
export function collectGarbage() {
  collector()()
}

function collector() {
  if (globalThis.gc === undefined) throw new Error('Run the bench with --expose-gc.')
  return globalThis.gc
}
