import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** On the source as on the build, a child resolves the doors as this process does. */
const flags = createRequire(import.meta.url)
  .resolve('perdure')
  .endsWith('.ts')
  ? ['--import=tsx', '--conditions=source']
  : []

/** Runs a script in a process of its own and answers what it printed, as JSON. */
export function printedBy(
  format: 'module' | 'commonjs',
  script: string,
  env: NodeJS.ProcessEnv = {},
): unknown {
  const args = [...flags, `--input-type=${format}`, '--eval', script]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, DEBUG: '', ...env },
  })
  if (status !== 0) throw new Error(`The script ended with ${status ?? 'a signal'}: ${stderr}`)
  return JSON.parse(stdout)
}

/** The files that importing a door loads into a fresh process, as paths from the package's root. */
export function loadedBy(door: string, env: NodeJS.ProcessEnv = {}): string[] {
  // The debugger hears of every script, however it came in: ES module, CommonJS or transformed.
  const urls = printedBy(
    'module',
    `import { Session } from 'node:inspector'
     const session = new Session()
     const urls = []
     session.connect()
     session.on('Debugger.scriptParsed', ({ params }) => urls.push(params.url))
     session.post('Debugger.enable')
     urls.length = 0 // what was there before
     await import('${door}')
     // When all is done: a door may import more behind its back.
     process.once('beforeExit', () => console.log(JSON.stringify(urls)))`,
    env,
  ) as string[]
  const home = new URL('../..', import.meta.url).href
  return urls
    .filter((url) => url.startsWith('file:') || url.startsWith('/'))
    .map((url) => (url.startsWith('/') ? `file://${url}` : url).replace(home, ''))
    .filter((file) => !file.includes('node_modules/tsx/')) // how the source is read
}

/** The packages among files, without what `debug` takes up only where it happens to be installed. */
export function packagesIn(files: readonly string[]): Set<string> {
  const names = files.flatMap((file) => /node_modules\/((@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [])
  return new Set(names.filter((name) => !['supports-color', 'has-flag'].includes(name)))
}

/** The layers among files: folders of `lib`, built or not. */
export function layersIn(files: readonly string[]): Set<string> {
  return new Set(files.flatMap((file) => /^(?:lib|dist)\/(\w+)\//.exec(file)?.[1] ?? []))
}
