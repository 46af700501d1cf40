import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Launch } from '../ports.ts'

export interface CommandLine {
  readonly file: string
  readonly args: readonly string[]
  readonly shell: boolean
  /** Whether TypeScript is compiled in the process. */
  readonly usesLoader: boolean
}

/** Whether perdure itself runs from its TypeScript source. */
const fromSource = import.meta.filename.endsWith('.ts')

/**
 * How a function's process is started. A module runs under the Node that runs the server; TypeScript
 * through the tsx that perdure depends on, wherever the module lies.
 */
export function commandLine(launch: Launch, memoryMegabytes: number): CommandLine {
  if (launch.kind === 'command') {
    return { file: launch.command, args: [], shell: true, usesLoader: false }
  }
  const { file, exportName } = launch
  return {
    file: process.execPath,
    args: [`--max-old-space-size=${memoryMegabytes}`, ...nodeArguments('main', [file, exportName])],
    shell: false,
    usesLoader: needsLoader(file),
  }
}

/** What Node is given to run a program of the bootstrap on a module. */
export function nodeArguments(
  program: 'main' | 'inspect',
  [file, ...more]: readonly [string, ...string[]],
): string[] {
  return [
    ...(needsLoader(file) ? [`--import=${loader()}`] : []),
    // So that the module's `perdure` is this one.
    ...(fromSource ? ['--conditions=source'] : []),
    join(import.meta.dirname, 'bootstrap', `${program}.${fromSource ? 'ts' : 'js'}`),
    file,
    ...more,
  ]
}

function needsLoader(file: string): boolean {
  return fromSource || /\.[cm]?tsx?$/.test(file)
}

function loader(): string {
  return pathToFileURL(createRequire(import.meta.filename).resolve('tsx')).href
}
