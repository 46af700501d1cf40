import { columns, count, moment, oneLine, painter, span, type Format, type Paint } from './text.ts'
import type { ErrorView, ExecutionView, OperationView } from './view.ts'

export interface ShowOptions {
  /** False when left out. */
  readonly isColoured?: boolean
  /** Whether invocations are listed, too. */
  readonly withInvocations?: boolean
  /** Operations side by side that are shown before the others are folded; 20 when left out. */
  readonly mostSiblings?: number
  /** Levels of the tree that are shown; 20 when left out. */
  readonly mostLevels?: number
  /** Whether everything is shown, however much it is. */
  readonly isWhole?: boolean
}

const longestName = 60
const longestPayload = 70

/** An execution for people: how it stands, and its operations as a tree with their times. */
export function formatShow(view: ExecutionView, options: ShowOptions = {}): string[] {
  const paint = painter(options.isColoured === true)
  const limits = {
    siblings: options.isWhole === true ? Infinity : (options.mostSiblings ?? 20),
    levels: options.isWhole === true ? Infinity : (options.mostLevels ?? 20),
  }
  const rows: string[][] = []
  addRows(view.operations, { view, paint, limits, rows, depth: 1 })
  return [
    ...heading(view, paint),
    ...(rows.length > 0 ? ['', ...columns(rows)] : []),
    ...(options.withInvocations === true ? invocations(view, paint) : []),
  ]
}

function heading({ execution, invocations, activity, totals }: ExecutionView, paint: Paint) {
  const { name, status, function: of, arn, startedAt, milliseconds, result, error } = execution
  const parts = [
    paint(['bold', statusColour(status)], status),
    paint('bold', oneLine(name ?? 'execution', longestName)),
    ...(of === undefined ? [] : [`of ${of}`]),
    ...(milliseconds === undefined
      ? []
      : [`${status === 'RUNNING' ? 'for' : 'took'} ${span(milliseconds)}`]),
    count(totals.operations, 'operation'),
    count(invocations.length + (activity?.kind === 'running' ? 1 : 0), 'invocation'),
  ]
  const facts = [
    ...(arn === undefined ? [] : [['arn', arn]]),
    ...(startedAt === undefined ? [] : [['started', moment(startedAt)]]),
    ...(execution.endedAt === undefined ? [] : [['ended', moment(execution.endedAt)]]),
    ...(execution.input === undefined ? [] : [['input', oneLine(execution.input, 100)]]),
    ...(result === undefined ? [] : [['result', oneLine(result, 100)]]),
    ...(error === undefined ? [] : [['error', paint('red', errorLine(error, 200))]]),
  ].map(([label = '', text = '']) => [`  ${paint('gray', label)}`, text])
  return [parts.join('  '), ...columns(facts)]
}

interface Ground {
  readonly view: ExecutionView
  readonly paint: Paint
  readonly limits: { readonly siblings: number; readonly levels: number }
  readonly rows: string[][]
  readonly depth: number
}

function addRows(operations: readonly OperationView[], ground: Ground): void {
  const { rows, depth, limits, paint } = ground
  const indent = '  '.repeat(depth)
  const shown = chosen(operations, limits.siblings)
  let folded: OperationView[] = []
  const fold = () => {
    if (folded.length > 0) rows.push([`${indent}${paint('gray', foldedLine(folded))}`])
    folded = []
  }
  for (const operation of operations) {
    if (!shown.has(operation)) {
      folded.push(operation)
      continue
    }
    fold()
    rows.push(rowOf(operation, indent, ground))
    if (operation.children.length === 0) continue
    if (depth < limits.levels) addRows(operation.children, { ...ground, depth: depth + 1 })
    else rows.push([`${indent}  ${paint('gray', `… ${deeper(operation)} further in`)}`])
  }
  fold()
}

/** All, or of too many the first half as many, and of the others those that did not simply succeed. */
function chosen(operations: readonly OperationView[], most: number): ReadonlySet<OperationView> {
  if (operations.length <= most) return new Set(operations)
  const first = Math.ceil(most / 2)
  const notable = operations
    .slice(first)
    .filter(({ status, standing }) => status !== 'SUCCEEDED' && standing !== 'left')
  return new Set([...operations.slice(0, first), ...notable.slice(0, most - first)])
}

function foldedLine(operations: readonly OperationView[]): string {
  const counts = new Map<string, number>()
  for (const operation of operations) {
    const { word } = standingOf(operation)
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const parts = [...counts].map(
    ([word, number]) => `${number.toLocaleString('en-US')} more ${word}`,
  )
  return `… ${parts.join(', ')}`
}

function deeper({ children }: OperationView): string {
  let found = 0
  const left = [...children]
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    found += 1
    for (const child of one.children) left.push(child)
  }
  return count(found, 'operation')
}

function rowOf(operation: OperationView, indent: string, { view, paint }: Ground): string[] {
  const { words, id, startedAt, milliseconds, standing, attempts } = operation
  const { word, format } = standingOf(operation)
  const began = view.execution.startedAt ?? startedAt
  const tries = attempts.length
  return [
    `${indent}${oneLine(words, longestName)} ${paint('gray', `(${id})`)}`,
    paint(format, word),
    `at ${span(Date.parse(startedAt) - Date.parse(began))}`,
    milliseconds === undefined
      ? ''
      : `${standing === 'open' ? 'for' : 'took'} ${span(milliseconds)}`,
    tries > 1 && !isPoll(operation)
      ? `attempt ${tries}`
      : isPoll(operation)
        ? count(tries, 'check')
        : '',
    paint(operation.error ? 'red' : 'gray', told(operation)),
  ]
}

/** What came of it, or what it waits for. */
function told(operation: OperationView): string {
  const { error, result, dueAt, callback, invoke, standing, status } = operation
  if (standing === 'open') {
    const before = error ? `, after ${errorLine(error, longestPayload)}` : ''
    if (status === 'PENDING' && dueAt !== undefined) return `next at ${moment(dueAt)}${before}`
    if (dueAt !== undefined) return `until ${moment(dueAt)}`
    if (callback) {
      const until = callback.timesOutAt === undefined ? '' : ` until ${moment(callback.timesOutAt)}`
      return `to be answered${until}`
    }
    if (invoke) return invoke.executionArn ?? `of ${invoke.functionName}`
  }
  if (error) return errorLine(error, longestPayload)
  return result === undefined ? '' : oneLine(result, longestPayload)
}

function isPoll({ subType }: OperationView): boolean {
  return subType === 'WaitForCondition'
}

function standingOf(operation: OperationView): { word: string; format: Format } {
  const { standing, status } = operation
  if (standing === 'left') return { word: 'left open', format: 'gray' }
  if (standing === 'over') return { word: wordOf(status), format: statusColour(status) }
  if (status === 'PENDING') return { word: 'to be retried', format: 'yellow' }
  if (status === 'READY') return { word: 'due', format: 'yellow' }
  return { word: 'open', format: 'cyan' }
}

function wordOf(status: string): string {
  return status.toLowerCase().replaceAll('_', ' ')
}

export function statusColour(status: string): 'green' | 'red' | 'cyan' | 'gray' {
  if (status === 'SUCCEEDED') return 'green'
  if (status === 'CANCELLED') return 'gray'
  return status === 'RUNNING' ? 'cyan' : 'red'
}

function errorLine({ type, message }: ErrorView, longest: number): string {
  return oneLine(type === undefined ? message : `${type}: ${message}`, longest)
}

function invocations({ invocations: all, execution, activity, asOf }: ExecutionView, paint: Paint) {
  const began = execution.startedAt ?? all[0]?.startedAt ?? asOf
  const rows = all.map(({ number, startedAt, milliseconds, requestId, error }) => [
    `  invocation ${number}`,
    error ? paint('red', 'failed') : 'completed',
    `at ${span(Date.parse(startedAt) - Date.parse(began))}`,
    `took ${span(milliseconds)}`,
    requestId ?? '',
    error ? paint('red', errorLine(error, longestPayload)) : '',
  ])
  if (activity?.kind === 'running') {
    const since = span(Date.parse(activity.since) - Date.parse(began))
    rows.push([`  invocation ${activity.invocation}`, paint('cyan', 'under way'), `at ${since}`])
  }
  return rows.length === 0 ? [] : ['', ...columns(rows)]
}
