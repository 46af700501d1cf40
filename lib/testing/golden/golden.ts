import { AssertionError } from 'node:assert'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { invalidOption } from '../../kernel/errors.ts'
import type { HistoryEvent } from '../../service/history.ts'
import { differences } from './differences.ts'
import { stable, type StableOptions } from './stable.ts'

export interface GoldenOptions extends StableOptions {
  /** The environment to look for `CI` and `PERDURE_UPDATE_GOLDEN` in; that of the process when left out. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * Compares the history of a run with the one kept in a file, ids, tokens, ARNs and times aside. Writes
 * the file where there is none, and anew under PERDURE_UPDATE_GOLDEN=1; in CI it only compares.
 */
export function expectGolden(
  result: { readonly events: readonly HistoryEvent[] },
  path: string | URL,
  { env = process.env, ...options }: GoldenOptions = {},
): void {
  const events = eventsOf(result)
  if (typeof path !== 'string' && !(path instanceof URL)) {
    throw invalidOption('path', 'the path or the URL of a file', path)
  }
  const file = path instanceof URL ? fileURLToPath(path) : resolve(path)
  const actual = textOf(stable(events, options))
  const isKept = existsSync(file)
  if (!isCi(env) && (!isKept || env['PERDURE_UPDATE_GOLDEN'] === '1')) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, actual)
    return
  }
  if (!isKept) {
    throw new Error(
      `There is no golden history ${file}, and none is written in CI.\n` +
        'Run the spec once where the variable CI is not set, look at the file, and commit it.',
    )
  }
  const expected = textOf(kept(file))
  if (expected === actual) return
  throw new AssertionError({
    message:
      `The history is not the golden one of ${file}:\n\n${differences(expected, actual)}\n\n` +
      'If it is meant to be so: PERDURE_UPDATE_GOLDEN=1, outside CI, writes it anew.',
    actual,
    expected,
    operator: 'expectGolden',
  })
}

function eventsOf(result: unknown): readonly HistoryEvent[] {
  const { events } = (result ?? {}) as { readonly events?: unknown }
  if (Array.isArray(events)) return events as readonly HistoryEvent[]
  throw invalidOption('result', 'what `await run(…)` answers', result)
}

/** The events in a file, however somebody has formatted them since. */
function kept(file: string): object[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as object[]
  } catch (cause) {
    throw new Error(`The golden history ${file} is no JSON: mend it, or have it written anew.`, { cause })
  }
}

/** One event a line, so that a difference shows as the lines of its events. */
function textOf(events: readonly object[]): string {
  return `[\n${events.map((event) => `  ${JSON.stringify(event)}`).join(',\n')}\n]\n`
}

function isCi({ CI = '' }: Readonly<Record<string, string | undefined>>): boolean {
  return CI !== '' && CI !== 'false' && CI !== '0'
}
