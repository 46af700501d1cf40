// @ts-check
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { medians } from '../measure.mjs'
import { figure, unrivalled } from '../table.mjs'

const run = promisify(execFile)
const rig = fileURLToPath(new URL('../kit-rig.mjs', import.meta.url))

/**
 * What tests cost: runs of a workflow on the emulated service, and what else the testing kit does. Each
 * sample has a process of its own, for the first run after the import is one of the figures, and the
 * official runner puts fake timers in place of the process's.
 * @param {import('../bench.mjs').Field} field
 */
export async function kitFigures({ quick }) {
  const ofOneStep = await samplesOf('one-step', { runs: quick ? 3 : 15 })
  const ofWaits = await samplesOf('waits', { runs: quick ? 1 : 5 })
  const effort = { runs: quick ? 1 : 5 }
  const ofVerify = await medians({ perdure: () => sampleOf('perdure', 'verify') }, effort)
  const ofCrashes = await medians({ perdure: () => sampleOf('perdure', 'crashes') }, effort)
  return [
    figure('test run of one step, after import', 'ms', ofOneStep, 'first', { under: 20 }),
    figure('  the next', 'ms', ofOneStep, 'next', { under: 1 }),
    figure('test run of 100 waits of an hour', 'ms', ofWaits, 'first'),
    figure('  the fourth', 'ms', ofWaits, 'fourth', { under: 25 }),
    unrivalled('verify 1,000 histories of 100, CPU', 'ms', ofVerify, 'cpu', { under: 3000 }),
    unrivalled('crash 200 steps everywhere, CPU', 'ms', ofCrashes, 'cpu', { under: 2000 }),
  ]
}

/** @param {string} what @param {import('../measure.mjs').Effort} effort */
function samplesOf(what, effort) {
  const takers = {
    perdure: () => sampleOf('perdure', what),
    official: () => sampleOf('official', what),
  }
  return medians(takers, effort)
}

/** @param {'perdure' | 'official'} name @param {string} what @returns {Promise<import('../entrant.mjs').Sample>} */
async function sampleOf(name, what) {
  const { stdout } = await run(process.execPath, [rig, name, what])
  return JSON.parse(stdout)
}
