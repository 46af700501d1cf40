import { mkdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseEnv } from 'node:util'
import { toSeconds, type Duration } from '../../kernel/duration.ts'
import { isPerdureError } from '../../kernel/errors.ts'
import type { ClockMode } from '../../server/clock/local-clock.ts'
import { UsageError } from '../usage-error.ts'

// What is said on the command line of `perdure dev`, in the words of the local service.

/** Reads `real`, `x60` and `hand`. */
export function clockOption(text: string): ClockMode {
  if (text === 'real' || text === 'hand') return { kind: text }
  const [, digits] = /^x(\d+(?:\.\d+)?)$/.exec(text) ?? []
  const factor = Number(digits)
  if (factor > 0) return { kind: 'scaled', factor }
  throw new UsageError(
    `--clock takes real, hand, or a speed such as x60, at which a minute takes a second; got ${text}.`,
  )
}

/** Seconds, or a duration such as 15m. */
export function secondsOption(option: string, text: string): number {
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text)
  try {
    return toSeconds(text as Duration, option)
  } catch (error) {
    if (!isPerdureError(error)) throw error
    throw new UsageError(`${option} takes seconds, or a duration such as 15m; got ${text}.`)
  }
}

export function portOption(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new UsageError(
    `--port takes a number from 0, which is any free one, to 65535; got ${text}.`,
  )
}

/** `NAME=VALUE` texts over the contents of files. */
export function environmentOption(
  pairs: readonly string[],
  files: readonly string[],
): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const file of files) Object.assign(environment, parsed(file))
  for (const pair of pairs) {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(pair) ?? []
    if (name === undefined || value === undefined) {
      throw new UsageError(`--env takes NAME=VALUE, got ${pair}.`)
    }
    environment[name] = value
  }
  return environment
}

function parsed(file: string): Record<string, string> {
  try {
    return parseEnv(readFileSync(file, 'utf8')) as Record<string, string>
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`)
  }
}

export const defaultStore = join('.perdure', 'state.db')

/** The folder of the default store is made if need be, and kept out of version control. */
export function prepareStore(file: string): void {
  if (file !== defaultStore) return
  const folder = dirname(file)
  const ignored = join(folder, '.gitignore')
  try {
    mkdirSync(folder, { recursive: true })
    if (!existsSync(ignored)) writeFileSync(ignored, '*\n')
  } catch (error) {
    throw new UsageError(
      `${folder} cannot be made: ${(error as Error).message}. Name another place: --store FILE.`,
    )
  }
}
