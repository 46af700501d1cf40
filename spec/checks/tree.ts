import { execFile } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** File contents by path. */
export type Files = Readonly<Record<string, string>>

/** What a command answered. */
export interface Answer {
  readonly status: number
  readonly output: string
  readonly errors: string
}

/** A throw-away checkout: some files of its own, under the project's real configuration. */
export interface Tree {
  readonly path: string
  /** Runs a script of package.json, as a developer would. */
  npm(script: string, ...args: string[]): Promise<Answer>
  remove(): void
}

const root = join(import.meta.dirname, '../..')

const configuration = [
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'eslint.config.js',
  '.dependency-cruiser.cjs',
  'knip.json',
  '.prettierrc.json',
  '.prettierignore',
  '.mocharc.json',
  '.mocharc.build.json',
  '.size-limit.js',
  'spec/support/reporter.ts',
]

/** Files given here stand in for the project's own, configuration included. */
export function plant(files: Files): Tree {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'perdure-')))
  for (const name of configuration) cpSync(join(root, name), join(path, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), text)
  }
  return {
    path,
    npm: (script, ...args) => run(path, ['run', '--silent', script, '--', ...args]),
    remove: () => rmSync(path, { recursive: true }),
  }
}

function run(cwd: string, args: readonly string[]): Promise<Answer> {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined }
  return new Promise((resolve) => {
    execFile('npm', args, { cwd, env, maxBuffer: 2 ** 26 }, (error, output, errors) => {
      resolve({ status: error ? Number(error.code ?? 1) : 0, output, errors })
    })
  })
}
