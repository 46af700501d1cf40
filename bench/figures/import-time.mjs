// @ts-check
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { bundled, doors } from '../doors.mjs'
import { medians } from '../measure.mjs'
import { figure } from '../table.mjs'

const run = promisify(execFile)

/**
 * What importing each front door adds to a cold start, in a fresh process: file by file as installed,
 * and as the one file of a bundle. Neither loads the AWS client before its first call.
 * @param {import('../bench.mjs').Field} field
 */
export async function importFigures({ quick }) {
  const effort = { runs: quick ? 3 : 15, warmUps: 1 }
  const folder = await mkdtemp(join(tmpdir(), 'perdure-bench-'))
  try {
    const bundles = {
      perdure: await bundleIn(folder, 'perdure'),
      official: await bundleIn(folder, 'official'),
    }
    return [
      figure('import, as installed', 'ms', await timesOf(doors, effort), 'ms'),
      figure('import, bundled', 'ms', await timesOf(bundles, effort), 'ms'),
    ]
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** @param {typeof doors} files @param {import('../measure.mjs').Effort} effort */
function timesOf({ perdure, official }, effort) {
  return medians({ perdure: () => importing(perdure), official: () => importing(official) }, effort)
}

/** A module made of CommonJS parts asks for `require`. */
const banner = `
  import { createRequire } from 'node:module'
  const require = createRequire(import.meta.url)
`

/** @param {string} folder @param {keyof typeof doors} name */
async function bundleIn(folder, name) {
  const file = join(folder, `${name}.mjs`)
  await writeFile(file, await bundled(doors[name], banner))
  return file
}

/** @param {string} file */
async function importing(file) {
  const code = `
    const began = performance.now()
    await import(${JSON.stringify(pathToFileURL(file).href)})
    process.stdout.write(String(performance.now() - began))
  `
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code])
  const ms = Number(stdout)
  if (!(ms > 0)) throw new Error(`Importing ${file} printed ${JSON.stringify(stdout)}.`)
  return { ms }
}
