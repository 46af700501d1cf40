import type { Outcome, Report } from './conformance.ts'

/** The reports as a table: one line a requirement, the first difference last, for it may be long. */
export function table(reports: readonly Report[]): string {
  const rows = reports.map(({ requirement, outcome, difference }) => [
    requirement.id,
    cut(requirement.title, 44),
    requirement.suite,
    outcome,
    difference ?? '',
  ])
  const lines = [['id', 'title', 'suite', 'outcome', 'first difference'], ...rows]
  const widths = [0, 1, 2, 3].map((column) => {
    return Math.max(...lines.map((cells) => (cells[column] ?? '').length))
  })
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** How many requirements came to which outcome. */
export function closingCount(reports: readonly Report[]): string {
  const counts = outcomes
    .map(([outcome, word]) => [count(reports, outcome), word] as const)
    .filter(([number, word]) => number > 0 || word === 'passed' || word === 'failed')
    .map(([number, word]) => `${number} ${word}`)
  return `${reports.length} ${reports.length === 1 ? 'requirement' : 'requirements'}: ${counts.join(', ')}`
}

/** What became of one case, for whoever has to mend it: its history and what it has written. */
export function details({ requirement, performance }: Report): string {
  if (performance === undefined) return `${requirement.id} was not played\n`
  return [
    `${requirement.id} (${requirement.file})`,
    `  standing  ${JSON.stringify(performance.standing)}`,
    ...performance.events.map(
      ({ EventTimestamp: _, ...event }) => `  event     ${JSON.stringify(event)}`,
    ),
    ...performance.output.map((line) => `  output    ${line}`),
    '',
  ].join('\n')
}

/**
 * 0 where all passed, 1 where something failed, 3 where nothing failed but something was not covered.
 * What is optional never counts. (2 is for runs that could not begin.)
 */
export function exitCode(reports: readonly Report[], allowUncovered: boolean): 0 | 1 | 3 {
  if (count(reports, 'FAILED') > 0) return 1
  const missing = reports.some(
    ({ outcome, requirement }) => outcome === 'UNCOVERED' && !requirement.optional,
  )
  return missing && !allowUncovered ? 3 : 0
}

const outcomes = [
  ['PASSED', 'passed'],
  ['FAILED', 'failed'],
  ['OPTIONAL_FAILED', 'optional failed'],
  ['UNCOVERED', 'uncovered'],
] as const satisfies readonly (readonly [Outcome, string])[]

function count(reports: readonly Report[], outcome: Outcome): number {
  return reports.filter((report) => report.outcome === outcome).length
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text
}
