import { Finding, inOneLine } from './finding.ts'
import { advice, type CrashMistake } from './mistakes.ts'
import { describePoint, type Point } from './points.ts'
import type { Counts } from './disturbed.ts'
import type { Outcome } from './run.ts'
import type { Unused } from '../runner/result.ts'

/** What is compared. */
export interface CrashFindings extends Outcome {
  /** A snapshot of the world when all was over. */
  readonly world: unknown
}

export interface CrashFailure {
  /** Where the run was disturbed, in order. */
  readonly points: readonly Point[]
  readonly mistake: CrashMistake
  /** The operation that it is about, in words and with its id. */
  readonly operation: { readonly id: string; readonly words: string } | undefined
  /** Where that operation was yielded. */
  readonly line: string | undefined
  readonly expected: CrashFindings
  readonly found: CrashFindings
  /** What `check` had to say, where one was given. */
  readonly complaint?: string
}

export interface CrashReport {
  readonly ok: boolean
  /** How many points, and pairs of points, were tried. */
  readonly tried: { readonly points: number; readonly pairs: number }
  /** How many executions that took: points that leave the same behind share one. */
  readonly runs: number
  /** Whether every point was tried, and, where pairs were asked for, every pair. */
  readonly isExhaustive: boolean
  /** What there was of each in the undisturbed run. */
  readonly places: Counts
  readonly undisturbed: CrashFindings
  /** Names among the options that nothing came of: a typing slip, as a rule. */
  readonly unused: Omit<Unused, 'crashes'>
  /** How many of those tried came out differently. */
  readonly failures: number
  /** The smallest: that of the fewest disturbances, and the earliest of these. */
  readonly failure: CrashFailure | undefined
}

/** Thrown where crashes make a difference. */
export class CrashesMatter extends Finding<CrashReport, CrashFindings> {
  override readonly name = 'CrashesMatter'

  constructor(report: CrashReport) {
    const { expected, found } = report.failure ?? {}
    super(report, formatCrashReport(report), {
      ...(expected && { expected }),
      ...(found && { actual: found }),
    })
  }
}

/** The report as text for people. */
export function formatCrashReport({ failure, failures, tried, isExhaustive }: CrashReport): string {
  const { points, pairs } = tried
  const all = `${points} points${pairs === 0 ? '' : ` and ${pairs} pairs`}`
  const sample = isExhaustive ? '' : ' (a sample of the pairs)'
  if (!failure) return `No difference at ${all}${sample}.`
  const { operation, line, expected, found, mistake, complaint } = failure
  const others = failures > 1 ? ` So do ${failures - 1} more of ${all}${sample}.` : ''
  const place = [
    ...(operation ? [`${operation.words} (operation ${operation.id})`] : []),
    ...(line === undefined ? [] : [`yielded at ${line}`]),
  ]
  return [
    `${capital(mistake)}: ${place.join(', ')}`,
    failure.points.length === 0
      ? 'It takes no disturbance.'
      : `It takes this: ${failure.points.map(describePoint).join('; then ')}.${others}`,
    ...differences(expected, found),
    ...(complaint === undefined ? [] : [`  complaint: ${complaint}`]),
    advice[mistake],
  ].join('\n')
}

function differences(expected: CrashFindings, found: CrashFindings): string[] {
  return (['status', 'result', 'error', 'world'] as const).flatMap((member) => {
    const [before, after] = [inOneLine(expected[member]), inOneLine(found[member])]
    return before === after ? [] : [`  ${member}: expected ${before}, found ${after}`]
  })
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
