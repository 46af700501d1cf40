// @ts-check
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Entrant } from './entrant.mjs'
import { fanOutFigures } from './figures/fan-out.mjs'
import { freshFigures } from './figures/fresh.mjs'
import { importFigures } from './figures/import-time.mjs'
import { localServiceFigures } from './figures/local-service.mjs'
import { realStepFigures } from './figures/real-steps.mjs'
import { kitFigures } from './figures/kit.mjs'
import { replayFigures } from './figures/replay.mjs'
import { sizeFigures } from './figures/size.mjs'
import { suspensionFigures } from './figures/suspension.mjs'
import { table } from './table.mjs'

// Prints every figure of perdure beside the official SDK's, measured in this run. It is a report: a
// goal that is missed is shown and fails nothing, a wrong result ends it with exit code 1.

/**
 * Who is measured, and how thoroughly.
 * @typedef {object} Field
 * @property {Entrant} perdure
 * @property {Entrant} official
 * @property {Entrant} floor
 * @property {boolean} quick
 */

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
})

/** @type {Field} */
const field = {
  perdure: new Entrant('perdure'),
  official: new Entrant('official'),
  floor: new Entrant('floor'),
  quick: options.quick,
}

const parts = {
  'a suspension': suspensionFigures,
  'replayed steps': replayFigures,
  'fresh steps': freshFigures,
  'steps that take time': realStepFigures,
  'fan-outs': fanOutFigures,
  'bundle size': sizeFigures,
  'import time': importFigures,
  'the testing kit': kitFigures,
  'the local service': localServiceFigures,
}

/** @type {import('./table.mjs').Figure[]} */
const figures = []
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (options.only !== undefined && options.only !== name) continue
    console.error(`measuring ${name} …`)
    figures.push(...(await measure(field)))
  }
} finally {
  for (const entrant of [field.perdure, field.official, field.floor]) entrant.stop()
}

const effort = options.quick ? 'a quick run, few samples' : 'medians'
console.log(`
perdure beside @aws/durable-execution-sdk-js 2.4.0 and its testing kit 1.1.4, taken in turn, ${effort}; less is better

${table(figures)}

Node ${process.version}, ${availableParallelism()} CPUs. Machines are noisy: trust ratios more than times.
With its two scans over all operations mended, the official SDK is stated to replay 10,000 steps in
88 ms and to run them in 197 ms; that is quoted, not measured here.
`)
