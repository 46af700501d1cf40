import type { ErrorRecord } from '../../kernel/error-record.ts'
import type { History, HistoryOperation } from './history.ts'
import { wordsOf } from './words.ts'

/** What is printed of a run beside its operations. */
export interface Printable {
  readonly status: string
  readonly payload: string | undefined
  readonly errorRecord: ErrorRecord | undefined
  readonly waitsFor: readonly string[]
  readonly invocations: readonly unknown[]
  readonly unused: object
}

const widestCell = 60

/** A run as text: how it ended, and its operations as a tree with a column for each fact. */
export function printed(run: Printable, history: History): string {
  const { status, invocations, payload, errorRecord } = run
  const began = history.events[0]?.EventTimestamp
  const ended = history.events.at(-1)?.EventTimestamp
  const head = [
    status,
    outcome(payload, errorRecord) || run.waitsFor.map((one) => `waits for ${one}`).join(', '),
    invocations.length === 1 ? '1 invocation' : `${invocations.length} invocations`,
    ...(began && ended ? [span(ended.getTime() - began.getTime())] : []),
  ]
  const rows = history.operations
    .filter(({ parent }) => parent === undefined)
    .flatMap((operation) => rowsOf(operation, began?.getTime() ?? 0, 1))
  return [head.filter((part) => part !== '').join('  '), ...aligned(rows), ...notes(run)].join('\n')
}

function rowsOf(operation: HistoryOperation, began: number, depth: number): string[][] {
  const { id, status, attempts, startedAt, endedAt, result, error, children } = operation
  const row = [
    `${'  '.repeat(depth)}${id} ${wordsOf(operation)}`,
    status,
    `at ${span(startedAt.getTime() - began)}`,
    endedAt ? `for ${span(endedAt.getTime() - startedAt.getTime())}` : '',
    attempts > 1 ? `${attempts} attempts` : '',
    outcome(result, error),
  ]
  return [row, ...children.flatMap((child) => rowsOf(child, began, depth + 1))]
}

function outcome(payload: string | undefined, error: ErrorRecord | undefined): string {
  if (error) return cut(`${error.ErrorType ?? 'Error'}: ${error.ErrorMessage ?? ''}`)
  return cut(payload ?? '')
}

function notes({ unused }: Printable): string[] {
  return Object.entries(unused).flatMap(([kind, names]: [string, readonly string[]]) =>
    names.map((name) => `No use was made of ${kind}: ${JSON.stringify(name)}.`),
  )
}

/** Columns of one width, those that are empty in every row left out. */
function aligned(rows: readonly string[][]): string[] {
  const columns = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? []
  return rows.map((row) =>
    row
      .flatMap((cell, i) => (columns[i] === 0 ? [] : [cell.padEnd(columns[i] ?? 0)]))
      .join('  ')
      .trimEnd(),
  )
}

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const

/** A span of time by its two largest units: `2d 4h`. */
function span(milliseconds: number): string {
  let seconds = Math.floor(milliseconds / 1000)
  const parts: string[] = []
  for (const [unit, size] of units) {
    const count = Math.floor(seconds / size)
    seconds -= count * size
    if (count > 0) parts.push(`${count}${unit}`)
  }
  return parts.slice(0, 2).join(' ') || '0s'
}

function cut(text: string): string {
  const line = text.replaceAll('\n', ' ')
  return line.length > widestCell ? `${line.slice(0, widestCell - 1)}…` : line
}
