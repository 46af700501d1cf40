import type { Difference, Row } from './differences.ts'
import type { GateReport, GateVersion } from './gates.ts'
import type { Verification, VerifiedHistory } from './verify.ts'

/** A verification as lines of text: what is wrong first, both sides next to each other. */
export function formatVerification({ histories, gates, counts }: Verification): string[] {
  const wrong = histories.filter(({ verdict }) => !harmless.has(verdict))
  const others = histories.filter(({ verdict }) => harmless.has(verdict))
  const total = Object.entries(counts).filter(([, count]) => count > 0)
  return [
    ...wrong.flatMap((one) => [...formatHistory(one), '']),
    ...others.flatMap(formatHistory),
    ...(others.length > 0 ? [''] : []),
    ...formatGates(gates),
    total.map(([verdict, count]) => `${count} ${verdict}`).join(', ') || 'no histories',
  ]
}

/** The same as a page in Markdown. */
export function formatPage(verification: Verification): string {
  const { histories, isSafe } = verification
  const verdict = isSafe
    ? 'All of them may go on with this code.'
    : 'Not all of them may go on with this code.'
  const count = histories.length === 1 ? '1 history' : `${histories.length} histories`
  const text = formatVerification(verification).join('\n')
  return `# Recorded executions against the code\n\n${count}. ${verdict}\n\n\`\`\`text\n${text}\n\`\`\`\n`
}

const harmless: ReadonlySet<string> = new Set(['identical', 'compatible'])

function formatHistory(history: VerifiedHistory): string[] {
  const { name, verdict, operations, end, differences, fresh, notes } = history
  const [first, ...more] = differences
  const state = verdict === 'unreadable' ? '' : ` (${operations} operations, ${stateOf(end)})`
  const asks = fresh.length > 0 && verdict === 'compatible' ? [`  goes on with ${list(fresh)}`] : []
  return [
    `${verdict.padEnd(14)} ${name}${state}`,
    ...(first ? formatDifference(first) : []),
    ...more.map(
      (one) => `  also: ${headOf(one)}, ${one.journal} on record, ${one.code} in the code`,
    ),
    ...asks,
    ...notes.map((note) => `  ${note}`),
  ]
}

function stateOf(end: VerifiedHistory['end']): string {
  return end === undefined ? 'running' : end.status
}

/** One difference: what it is, then journal and code side by side. */
export function formatDifference(difference: Difference): string[] {
  const { kind, journal, code, around, line, notes } = difference
  const isShownInRows = kind === 'operation' && around.length > 0
  return [
    `  ${headOf(difference)} differs`,
    ...(isShownInRows ? [] : [`    journal: ${journal}`, `    code:    ${code}`]),
    ...(around.length > 0 ? formatRows(around) : []),
    ...(line === undefined
      ? []
      : [`  ${kind === 'end' ? 'after the operation' : 'code'} at ${line}`]),
    ...notes.flatMap((note) => note.split('\n').map((text) => `  ${text}`)),
  ]
}

function headOf({ id, what, kind, around }: Difference): string {
  if (id === undefined)
    return kind === 'end' && what === 'the end' ? what : `the ${what} of the execution`
  const words = around.find(({ isHere }) => isHere)?.code
  if (kind === 'operation') return `operation ${id}: ${what}`
  return `operation ${id}${words === undefined ? '' : ` ${words}`}: ${what}`
}

function formatRows(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(({ id, journal }) => `${id} ${journal}`.length), 7)
  const line = (mark: string, journal: string, code: string) =>
    `  ${mark} ${journal.padEnd(width)}   ${code}`.trimEnd()
  return [
    line(' ', 'journal', 'code'),
    ...rows.map(({ id, journal, code, isHere }) => {
      return line(isHere ? '>' : ' ', `${id} ${journal || 'nothing'}`, code || 'nothing')
    }),
  ]
}

function formatGates(gates: readonly GateReport[]): string[] {
  if (gates.length === 0) return []
  return ['version gates', ...gates.flatMap(formatGate), '']
}

function formatGate({ id, range, versions }: GateReport): string[] {
  const code = range ? `${range.min} to ${range.max} in the code` : 'not in the code any more'
  return [
    `  ${JSON.stringify(id)}: ${code}`,
    ...versions.map((one) => `    version ${one.version}: ${needs(one)}`),
    ...(range ? removable(range, versions) : []),
  ]
}

function needs({ histories, running }: GateVersion): string {
  const all = histories.length === 1 ? '1 history' : `${histories.length} histories`
  return running.length === 0 ? `${all}, all ended` : `${all}, still running: ${list(running)}`
}

/** The oldest versions that nothing here that runs has need of. */
function removable(
  { min, max }: { readonly min: number; readonly max: number },
  versions: readonly GateVersion[],
): string[] {
  const needed = versions.filter(({ running }) => running.length > 0).map(({ version }) => version)
  const oldest = Math.min(max, ...needed)
  if (oldest <= min) return []
  const gone = oldest - 1 === min ? `version ${min}` : `versions ${min} to ${oldest - 1}`
  return [`    of these histories none that runs needs ${gone}`]
}

const mostListed = 5

function list(names: readonly string[]): string {
  const shown = names.slice(0, mostListed).join(', ')
  return names.length > mostListed ? `${shown} and ${names.length - mostListed} more` : shown
}
