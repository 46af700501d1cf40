import { difference, isObject, shown, textOf } from './match.ts'
import { pattern } from './pattern.ts'
import type { LogExpectation } from './requirement.ts'
import { type Bindings, substitute } from './variables.ts'

export type LogRecord = Record<string, unknown>

/** The records that an execution logged: those lines that are JSON objects and name its ARN. */
export function logRecords(lines: readonly string[], arn: string): LogRecord[] {
  return lines
    .map(parsed)
    .filter(isObject)
    .filter((record) => record['executionArn'] === arn || record['durableExecutionArn'] === arn)
}

/** The first expectation that the records do not meet, as a sentence. */
export function logsDifference(
  expected: readonly LogExpectation[],
  records: readonly LogRecord[],
  bindings: Bindings,
): string | undefined {
  for (const expectation of expected) {
    const found = expectationDifference(expectation, records, bindings)
    if (found !== undefined) {
      return `log ${shown(substitute(expectation.match, bindings))}: ${found}`
    }
  }
  return undefined
}

function expectationDifference(
  { match, count, minCount, before, after }: LogExpectation,
  records: readonly LogRecord[],
  bindings: Bindings,
): string | undefined {
  const positions = positionsOf(match, records, bindings)
  const found = `found ${positions.length} of ${records.length}`
  if (count !== undefined && positions.length !== count) {
    return `expected exactly ${count}, ${found}`
  }
  const least = minCount ?? (count === undefined ? 1 : 0)
  if (positions.length < least) return `expected at least ${least}, ${found}`

  for (const earlier of after) {
    const [start = Infinity] = positionsOf(earlier, records, bindings)
    if (positions.some((position) => position <= start)) {
      return `expected after ${shown(substitute(earlier, bindings))}, found before it or without it`
    }
  }
  for (const later of before) {
    const end = positionsOf(later, records, bindings).at(-1) ?? -Infinity
    if (positions.some((position) => position >= end)) {
      return `expected before ${shown(substitute(later, bindings))}, found after it or without it`
    }
  }
  return undefined
}

function positionsOf(
  match: Record<string, unknown>,
  records: readonly LogRecord[],
  bindings: Bindings,
): number[] {
  return records.flatMap((record, index) => (satisfies(record, match, bindings) ? [index] : []))
}

function satisfies(record: LogRecord, match: Record<string, unknown>, bindings: Bindings): boolean {
  return Object.entries(match).every(([field, expected]) => {
    const wanted = substitute(expected, bindings)
    const actual = record[field]
    if (actual === undefined) return false
    const source = typeof wanted === 'string' ? /^\/([^]*)\/$/.exec(wanted)?.[1] : undefined
    if (source !== undefined) return pattern(source).test(textOf(actual))
    // A copy: a record that matches by half must bind nothing.
    return difference(wanted, actual, new Map(bindings)) === undefined
  })
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
