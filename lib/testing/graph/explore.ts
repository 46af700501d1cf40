import type { OpenOperation } from '../stepper/open-operation.ts'
import type { Stepper, StepperOutcome } from '../stepper/stepper.ts'
import type { Around } from '../stepper/encounters.ts'
import { StepperError } from '../stepper/misuse.ts'
import { firstOf, hasLeft } from './side-by-side.ts'
import { keyOf, optionsFor, type Choices, type Option } from './choices.ts'
import type { Edge, Node } from './mermaid.ts'

// Every way through a workflow, by giving each operation each answer in a run of its own.
//
//   X1. Operations that wait side by side are answered in turn; but where the first to end, or to fail,
//       decides, each of them is the first once.
//   X2. A run that comes to what another has come to before, the same records, ends there.
//   X4. When all that is done, runs are made in which one goes before its turn, then a second, as many
//       as are allowed: code may look at who came first. These end only where one has come that had
//       let the same go before the same.
//   X3. A way leads from an operation to what its answer has opened. Where it has opened nothing, as
//       others were still under way, it leads to what comes after them all.

export interface Bounds {
  /** How many runs are made at most. */
  readonly maxRuns: number
  /** How many answers one run has at most. */
  readonly maxAnswers: number
  /** How many runs are made at most in which operations do not take turns. */
  readonly maxOrders: number
}

export interface Explored {
  readonly nodes: Node[]
  readonly edges: Edge[]
  /** How the ways are told from each other, for whoever looks for one. */
  readonly options: ReadonlyMap<Edge, ReadonlySet<Option>>
  readonly runs: number
  readonly isComplete: boolean
  /** Whether there are no more orders than were gone through. */
  readonly hasAllOrders: boolean
}

/** So many answers a run, on average, are made where operations do not take turns: longer ones take their time. */
const usualAnswers = 20

type Open = OpenOperation<Stepper>

/** An operation that has been answered, and nothing after it has been seen yet. */
interface Loose {
  readonly node: Node
  readonly option: Option | undefined
  readonly contexts: readonly Around[]
}

interface Branch {
  readonly run: Stepper
  /** Ids of the operations that have been seen open. */
  readonly seen: ReadonlySet<string>
  readonly loose: readonly Loose[]
  /** Answers given to what is asked repeatedly, so that a loop is gone through once. */
  readonly repeated: ReadonlySet<string>
  /** Which operations have gone before which others whose turn it was (X4). */
  readonly early: readonly string[]
}

/** An operation that may go before its turn, at a point that its branch has been at. */
interface OutOfTurn {
  readonly branch: Branch
  readonly id: string
  readonly point: number
}

export function explore(start: Stepper, choices: Choices, bounds: Bounds): Explored {
  const nodes = new Map<string, Node>()
  const edges = new Map<string, Edge>()
  const options = new Map<Edge, Set<Option>>()
  const states = new Set<string>()
  /** By how many have gone before their turn: what may go before its turn then. */
  const disordered: OutOfTurn[][] = []
  let kept = 0
  let hasAllOrders = true
  let ended = 0
  let answers = 0
  let isComplete = true

  function place(made: Omit<Node, 'isVisited'>): Node {
    const known = nodes.get(made.key)
    if (known) return known
    const node = { ...made, isVisited: false }
    nodes.set(made.key, node)
    return node
  }

  function lead({ node: from, option }: Loose, to: Node): void {
    const key = JSON.stringify([from.key, to.key])
    const edge = edges.get(key) ?? { from, to, labels: new Set<string>(), isVisited: false }
    edges.set(key, edge)
    edge.labels.add(option?.label ?? '')
    const known = options.get(edge) ?? new Set()
    options.set(edge, known)
    if (option) known.add(option)
  }

  /** Leads from what came before to what is open now, and answers what is loose from then on. */
  function arrive(
    run: Stepper,
    from: Loose,
    before: Pick<Branch, 'seen' | 'loose'>,
  ): Pick<Branch, 'seen' | 'loose'> {
    const fresh = run.open.filter(({ id }) => !before.seen.has(id))
    const seen = new Set([...before.seen, ...fresh.map(({ id }) => id)])
    if (run.outcome.status !== 'running') {
      const end = place(endOf(run.outcome))
      for (const loose of [...before.loose, from]) lead(loose, end)
      return { seen, loose: [] }
    }
    for (const open of fresh) lead(from, place(nodeOf(open)))
    const first = fresh[0]
    if (first === undefined) return { seen, loose: [...before.loose, from] }
    const joined = before.loose.filter((loose) => hasLeft(loose.contexts, first))
    for (const loose of joined) lead(loose, place(nodeOf(first)))
    return { seen, loose: before.loose.filter((loose) => !joined.includes(loose)) }
  }

  function stop(run: Stepper, from: readonly Loose[]): void {
    isComplete = false
    const cut = place({ ...nowhere, key: 'cut', kind: 'cut', label: '...' })
    for (const loose of from) lead(loose, cut)
    for (const open of run.open) lead({ node: place(nodeOf(open)), ...nothing }, cut)
  }

  function step(branch: Branch, run: Stepper, open: Open, option: Option): Branch | undefined {
    const attempt = `${open.id} ${open.attempt} ${option.label}`
    if (!isGiven(option, run, open)) return undefined
    answers += 1
    const from = { node: place(nodeOf(open)), option, contexts: open.contexts }
    const repeated = new Set(branch.repeated)
    if (run.open.some(({ id }) => id === open.id)) {
      lead(from, from.node)
      const answer = attempt.replace(/ \d+ /, ' ')
      if (repeated.has(answer)) return undefined
      repeated.add(answer)
      return { ...branch, run, repeated }
    }
    return { ...branch, run, repeated, ...arrive(run, from, branch) }
  }

  /** What may be answered next, each with each of its answers; the only one is answered in the run itself. */
  function* next(branch: Branch, opens: readonly Open[]): Generator<Branch> {
    const ways = opens.flatMap((open) => {
      return optionsFor(open, choices).map((option) => ({ open, option }))
    })
    for (const { open, option } of ways) {
      const run = ways.length === 1 ? branch.run : branch.run.fork()
      const made = step(branch, run, open, option)
      if (made) yield made
      else ended += 1
    }
  }

  /** Follows branches, in which `turn` have gone before their turn, to their ends or to where another has been. */
  function follow(
    first: readonly Branch[],
    turn: number,
    mayGoOn: (branch: Branch, left: number) => boolean,
  ) {
    const stack = [...first]
    for (let branch = stack.pop(); branch !== undefined; branch = stack.pop()) {
      const { run } = branch
      const isOver = run.outcome.status !== 'running' || run.open.length === 0
      const state = isOver ? '' : stateOf(branch)
      if (isOver || states.has(state)) {
        ended += 1
        continue
      }
      if (!mayGoOn(branch, stack.length)) continue
      states.add(state)
      const inTurn = firstOf(run.open, choices)
      keepOthers(branch, turn, inTurn)
      stack.push(...[...next(branch, inTurn)].reverse())
    }
  }

  /** Notes what may go before its turn, for later. */
  function keepOthers(branch: Branch, turn: number, inTurn: readonly Open[]): void {
    const { run, early } = branch
    for (const [index, open] of run.open.entries()) {
      if (inTurn.some(({ id }) => id === open.id)) continue
      if (kept === bounds.maxOrders) return void (hasAllOrders = false)
      kept += 1
      const before = run.open.slice(0, index).map(({ id }) => `${open.id} before ${id}`)
      const pairs = [...new Set([...early, ...before])].sort()
      const outOfTurn = { branch: { ...branch, early: pairs }, id: open.id, point: run.point }
      ;(disordered[turn] ??= []).push(outOfTurn)
    }
  }

  const root = place({ ...nowhere, key: 'start', kind: 'start', label: 'start' })
  const bare = { run: start, seen: new Set<string>(), loose: [], repeated: new Set<string>() }
  const first = { ...bare, early: [], ...arrive(start, { node: root, ...nothing }, bare) }
  follow([first], 0, ({ run, loose }, left) => {
    if (ended + left < bounds.maxRuns && run.point < bounds.maxAnswers) return true
    ended += 1
    stop(run, loose)
    return false
  })
  const runs = ended

  answers = 0
  const mayGoOn = () => {
    const isAllowed = ended - runs < bounds.maxOrders && answers < bounds.maxOrders * usualAnswers
    hasAllOrders &&= isAllowed
    return isAllowed
  }
  for (const [index, level] of disordered.entries()) {
    for (const { branch, id, point } of level) {
      if (!mayGoOn()) break
      // The run has gone on since.
      const run = branch.run.fork().goTo(point)
      follow([...next({ ...branch, run }, [run.at({ id })])].reverse(), index + 1, mayGoOn)
    }
  }
  const drawn = { nodes: [...nodes.values()], edges: [...edges.values()], options }
  return { ...drawn, runs, isComplete, hasAllOrders }
}

/** Whether the answer could be given: a wait that is longer than another does not end before it. */
function isGiven({ give }: Option, run: Stepper, { id }: Open): boolean {
  try {
    give(run.at({ id }))
    return true
  } catch (error) {
    if (error instanceof StepperError && error.code === 'OVERTAKEN') return false
    throw error
  }
}

const nowhere = { id: undefined, name: undefined, choice: undefined, contexts: [] } as const
const nothing = { option: undefined, contexts: [] } as const

function nodeOf(open: Open): Omit<Node, 'isVisited'> {
  const { id, words, operation, contexts } = open
  const choice = keyOf(operation.kind, open.name, words)
  const { kind, name } = operation
  return { key: `${id} ${words}`, id, kind, name, choice, label: words, contexts }
}

/** All ends of a kind are one. */
function endOf(outcome: StepperOutcome): Omit<Node, 'isVisited'> {
  const label = endLabel(outcome)
  return { ...nowhere, key: `end ${label}`, kind: 'end', label }
}

export function endLabel(outcome: StepperOutcome): string {
  if (outcome.status === 'running' || outcome.status === 'returned') return outcome.status
  const { error } = outcome
  if (!(error instanceof Error)) return 'threw'
  return `${outcome.status} ${'code' in error ? String(error.code) : error.name}`
}

/** What the rest of a run depends on: all records but their times. */
function stateOf({ run, loose, early }: Branch): string {
  const records = run.records.map(({ StartTimestamp: _s, EndTimestamp: _e, ...rest }) => rest)
  const text = JSON.stringify(records, (key, value: unknown) =>
    key.endsWith('Timestamp') ? undefined : value,
  )
  const keys = loose.map(({ node, option }) => `${node.key} ${option?.label ?? ''}`)
  return JSON.stringify([text, keys.sort(), early])
}
