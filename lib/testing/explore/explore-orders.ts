import { isDeepStrictEqual } from 'node:util'
import { invalidOption } from '../../kernel/errors.ts'
import type { Workflow } from '../../operations/workflow.ts'
import type { Handler } from '../in-process-invocation.ts'
import { drawer } from './counted-random.ts'
import { complaintOf, type ExploreOptions } from './finding.ts'
import { keep } from './kept-world.ts'
import { lineOf, linesOf } from './lines.ts'
import { runInOrder, type Choice, type OneOrder } from './one-order.ts'
import {
  OrderMatters,
  wordsOf,
  type OrderFailure,
  type OrderReport,
  type OutcomeOfOrders,
  type PartingPlace,
} from './order-report.ts'
import type { Outcome } from './run.ts'
import { subjectOf, type Subject } from './subject.ts'

export interface OrderOptions extends ExploreOptions {
  /** Orders beyond so many are left to chance; 500 when left out. */
  readonly bound?: number | undefined
  /** Judges each outcome in place of the comparison: by throwing, or by answering `false`. */
  readonly check?: ((outcome: Outcome) => unknown) | undefined
}

/**
 * Runs a workflow in every order in which what is open side by side may end, or in a sample of them.
 * Throws an `OrderMatters` where two orders come out differently though races have decided alike.
 */
export async function exploreOrders<I>(
  code: Workflow<I> | Handler,
  input: I,
  options: OrderOptions = {},
): Promise<OrderReport> {
  const { bound = 500, seed = 1, throws = true } = options
  if (!Number.isInteger(bound) || bound < 1) {
    throw invalidOption('bound', 'an integer from 1 up', bound)
  }
  const subject = subjectOf(code, input, options)
  const world = keep(options.world)
  const runOnce = (choose: (of: number, turn: number) => number) => {
    world.reset()
    return runInOrder(subject, choose)
  }
  const all = await everyOrder(runOnce, bound)
  const runs = all ?? (await someOrders(runOnce, bound, seed))
  const found = options.check ? rejected(runs, options.check) : differing(runs)
  world.reset()
  const failure = found && (await explain(found, subject, runs))
  world.reset()
  const report: OrderReport = {
    ok: found === undefined,
    orders: runs.length,
    isExhaustive: all !== undefined,
    outcomes: groupsOf(runs),
    failure,
    unused: { ...notCalled(runs), ...subject.unused() },
  }
  if (failure && throws) throw new OrderMatters(report)
  return report
}

type RunOnce = (choose: (of: number, turn: number) => number) => Promise<OneOrder>

/** All orders, the first to be ready first; nothing where there are more than `bound`. */
async function everyOrder(runOnce: RunOnce, bound: number): Promise<OneOrder[] | undefined> {
  const runs: OneOrder[] = []
  for (let path: number[] | undefined = []; path !== undefined;) {
    if (runs.length === bound) return undefined
    const taken: readonly number[] = path
    const run = await runOnce((_of, turn) => taken[turn] ?? 0)
    runs.push(run)
    path = pathAfter(run.choices)
  }
  return runs
}

/** The last choice that had an alternative left takes the next one. */
function pathAfter(choices: readonly Choice[]): number[] | undefined {
  const last = choices.findLastIndex(({ index, of }) => index + 1 < of)
  if (last < 0) return undefined
  const path = choices.slice(0, last + 1).map(({ index }) => index)
  path[last] = (path[last] ?? 0) + 1
  return path
}

async function someOrders(runOnce: RunOnce, bound: number, seed: number): Promise<OneOrder[]> {
  const draw = drawer(seed)
  const runs = new Map<string, OneOrder>()
  for (let i = 0; i < bound; i++) {
    const run = await runOnce((of) => draw(of))
    runs.set(run.choices.map(({ index }) => index).join(), run)
  }
  return [...runs.values()]
}

interface Found {
  readonly left: OneOrder
  readonly right: OneOrder
  readonly complaint?: string
}

/** Of two orders that differ though races have decided alike, those that part latest. */
function differing(runs: readonly OneOrder[]): Found | undefined {
  let best: Found | undefined
  let most = -1
  for (const [at, right] of runs.entries()) {
    for (const left of runs.slice(0, at)) {
      if (left.decided !== right.decided) continue
      const common = commonOf(left, right)
      if (common <= most || isDeepStrictEqual(left.outcome, right.outcome)) continue
      most = common
      best = { left, right }
    }
  }
  return best
}

function rejected(
  runs: readonly OneOrder[],
  check: (outcome: Outcome) => unknown,
): Found | undefined {
  const judged = runs.map((run) => ({ run, complaint: complaintOf(() => check(run.outcome)) }))
  const good = judged.filter(({ complaint }) => complaint === undefined)
  const bad = judged.find(({ complaint }) => complaint !== undefined)
  if (bad?.complaint === undefined) return undefined
  const [left] = good
    .map(({ run }) => run)
    .sort((one, other) => commonOf(other, bad.run) - commonOf(one, bad.run))
  return { left: left ?? bad.run, right: bad.run, complaint: bad.complaint }
}

function commonOf({ choices: left }: OneOrder, { choices: right }: OneOrder): number {
  const parting = left.findIndex(
    ({ chosen: { id, words } }, turn) =>
      id !== right[turn]?.chosen.id || words !== right[turn].chosen.words,
  )
  return parting < 0 ? left.length : parting
}

async function explain(
  { left, right, complaint }: Found,
  subject: Subject,
  runs: readonly OneOrder[],
): Promise<OrderFailure> {
  const common = commonOf(left, right)
  const lines = await linesOf(subject)
  const place = ({ choices }: OneOrder): PartingPlace => {
    const { id = '', words = 'the end' } = choices[common]?.chosen ?? {}
    return { id, words, line: lineOf(lines, id) }
  }
  return {
    left: told(left, runs),
    right: told(right, runs),
    common,
    parting: [place(left), place(right)],
    ...(complaint === undefined ? {} : { complaint }),
  }
}

/** Callbacks and functions that were not called in any order. */
function notCalled(runs: readonly OneOrder[]): OneOrder['unused'] {
  const inAll = (of: keyof OneOrder['unused']) =>
    (runs[0]?.unused[of] ?? []).filter((name) => runs.every((run) => run.unused[of].includes(name)))
  return { callbacks: inAll('callbacks'), functions: inAll('functions') }
}

function told(one: OneOrder, runs: readonly OneOrder[]): OutcomeOfOrders {
  const { outcome, choices } = one
  const orders = runs.filter((run) => isDeepStrictEqual(run.outcome, outcome)).length
  return { outcome, orders, order: wordsOf(choices) }
}

function groupsOf(runs: readonly OneOrder[]): OutcomeOfOrders[] {
  const groups: OutcomeOfOrders[] = []
  for (const run of runs) {
    if (groups.some(({ outcome }) => isDeepStrictEqual(outcome, run.outcome))) continue
    groups.push(told(run, runs))
  }
  return groups
}
