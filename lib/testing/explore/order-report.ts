import { Finding, inOneLine } from './finding.ts'
import type { Choice } from './one-order.ts'
import type { Outcome } from './run.ts'
import type { Unused } from '../runner/result.ts'

/** An outcome, and in how many orders it came about. */
export interface OutcomeOfOrders {
  readonly outcome: Outcome
  readonly orders: number
  /** The first of these orders, as words: what was heard, one after the other. */
  readonly order: readonly string[]
}

/** Two orders that come out differently, and where they part. */
export interface OrderFailure {
  readonly left: OutcomeOfOrders
  readonly right: OutcomeOfOrders
  /** How many ends both have heard in the same order. */
  readonly common: number
  /** What is heard first where they part, in each of the two. */
  readonly parting: readonly [PartingPlace, PartingPlace]
  /** What `check` had to say, where one was given. */
  readonly complaint?: string
}

export interface PartingPlace {
  readonly id: string
  readonly words: string
  readonly line: string | undefined
}

export interface OrderReport {
  readonly ok: boolean
  /** How many orders were run. */
  readonly orders: number
  /** Whether these are all that there are; a seeded sample otherwise. */
  readonly isExhaustive: boolean
  /** What came of them; more than one is no mistake where a race has decided. */
  readonly outcomes: readonly OutcomeOfOrders[]
  readonly failure: OrderFailure | undefined
  /** Names among the options that nothing came of in any order: a typing slip, as a rule. */
  readonly unused: Omit<Unused, 'crashes'>
}

/** Thrown where the order of ends makes a difference that is not on record. */
export class OrderMatters extends Finding<OrderReport, Outcome> {
  override readonly name = 'OrderMatters'

  constructor(report: OrderReport) {
    const { left, right } = report.failure ?? {}
    super(report, formatOrderReport(report), {
      ...(left && { expected: left.outcome }),
      ...(right && { actual: right.outcome }),
    })
  }
}

const advice =
  'What differs is decided by arrival and stands on no record, so a replay may see the other one. ' +
  'Take it from what `all` or `map` answers, which keeps the order of its members, or have `race` decide.'

/** The report as text for people: the two orders side by side. */
export function formatOrderReport({
  failure,
  orders,
  isExhaustive,
  outcomes,
}: OrderReport): string {
  const tried = `${orders} orders${isExhaustive ? ', which are all' : ' (a sample)'}`
  if (!failure) {
    return `No difference that is not on record in ${tried}; outcomes: ${outcomes.length}.`
  }
  const { left, right, parting, common, complaint } = failure
  const lines = new Set(parting.flatMap(({ line }) => (line === undefined ? [] : [line])))
  const [one, other] = parting
  return [
    `The outcome depends on the order: ${one.words} or ${other.words} first` +
      (lines.size === 0 ? '' : `, yielded at ${[...lines].join(' and ')}`),
    ...sideBySide(left, right, common),
    ...(complaint === undefined ? [] : [`  complaint: ${complaint}`]),
    `Of ${tried}. ${advice}`,
  ].join('\n')
}

function sideBySide(left: OutcomeOfOrders, right: OutcomeOfOrders, common: number): string[] {
  const rows = Array.from(
    { length: Math.max(left.order.length, right.order.length) },
    (_, turn): [string, string] => [left.order[turn] ?? '', right.order[turn] ?? ''],
  )
  rows.push([shown(left.outcome), shown(right.outcome)])
  const width = Math.max(...rows.map(([text]) => text.length))
  return rows.map(([one, other], turn) => {
    const mark = turn === common ? '>' : turn === rows.length - 1 ? '=' : ' '
    return `${mark} ${one.padEnd(width)}  ${other}`.trimEnd()
  })
}

function shown({ status, result, error }: Outcome): string {
  const ended = status === 'SUCCEEDED' ? result : (error?.ErrorMessage ?? '')
  return `${status} ${inOneLine(ended)}`
}

export function wordsOf(choices: readonly Choice[]): string[] {
  return choices.map(({ chosen: { id, words } }) => (id === '' ? words : `${id} ${words}`))
}
