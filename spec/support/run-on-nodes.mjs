// Runs the suite on other Node releases: `node spec/support/run-on-nodes.mjs 22 24`. Each is fetched
// once, from the npm package `node`, and kept under node_modules/.cache.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const mocha = join(root, 'node_modules/mocha/bin/mocha.js')

const failed = process.argv.slice(2).filter((release) => {
  const node = fetchNode(release)
  console.log(`\nNode ${run(node, ['--version'], { stdio: 'pipe' }).stdout.toString().trim()}`)
  const env = { ...process.env, PATH: dirname(node) + delimiter + process.env.PATH }
  return run(node, [mocha], { env }).status !== 0
})

if (failed.length > 0) {
  console.error(`The suite fails on Node ${failed.join(' and ')}.`)
  process.exit(1)
}

function fetchNode(release) {
  const home = join(root, 'node_modules/.cache/nodes', release)
  const node = join(home, 'node_modules/node/bin/node')
  if (existsSync(node)) return node
  const flags = ['--no-save', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
  run('npm', ['install', `node@${release}`, '--prefix', home, ...flags])
  if (!existsSync(node)) throw new Error(`Expected Node ${release} in ${node}, but npm left none.`)
  return node
}

function run(command, args, options) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
}
