import type { OpenOperation } from '../stepper/open-operation.ts'
import type { Stepper, StepperOutcome } from '../stepper/stepper.ts'
import type { Around } from '../stepper/encounters.ts'
import { keyOf, optionsFor, type Choices, type Option } from './choices.ts'
import type { Edge, Node } from './mermaid.ts'

// Every way through a workflow, by giving each operation each answer in a run of its own.
//
//   X1. Operations that wait side by side are answered in turn, as their order changes nothing; but
//       where the first to end, or to fail, decides, each of them is the first once.
//   X2. A run that comes to what another has come to before, the same records, ends there.
//   X3. A way leads from an operation to what its answer has opened. Where it has opened nothing, as
//       others were still under way, it leads to what comes after them all.

export interface Bounds {
  /** How many runs are made at most. */
  readonly maxRuns: number
  /** How many answers one run has at most. */
  readonly maxAnswers: number
}

export interface Explored {
  readonly nodes: Node[]
  readonly edges: Edge[]
  /** How the ways are told from each other, for whoever looks for one. */
  readonly options: ReadonlyMap<Edge, ReadonlySet<Option>>
  readonly runs: number
  readonly isComplete: boolean
}

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
}

export function explore(start: Stepper, choices: Choices, bounds: Bounds): Explored {
  const nodes = new Map<string, Node>()
  const edges = new Map<string, Edge>()
  const options = new Map<Edge, Set<Option>>()
  const states = new Set<string>()
  let runs = 0
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
  function arrive(run: Stepper, from: Loose, before: Branch): Pick<Branch, 'seen' | 'loose'> {
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
    const joined = before.loose.filter((loose) => hasLeft(loose, first))
    for (const loose of joined) lead(loose, place(nodeOf(first)))
    return { seen, loose: before.loose.filter((loose) => !joined.includes(loose)) }
  }

  function stop(run: Stepper, from: readonly Loose[]): void {
    isComplete = false
    const cut = place({ ...nowhere, key: 'cut', kind: 'cut', label: '...' })
    for (const loose of from) lead(loose, cut)
    for (const open of run.open) lead({ node: place(nodeOf(open)), ...nothing }, cut)
  }

  function step(branch: Branch, open: Open, option: Option): Branch | undefined {
    const run = branch.run.fork()
    const attempt = `${open.id} ${open.attempt} ${option.label}`
    option.give(run.at({ id: open.id }))
    const from = { node: place(nodeOf(open)), option, contexts: open.contexts }
    const repeated = new Set(branch.repeated)
    if (run.open.some(({ id }) => id === open.id)) {
      lead(from, from.node)
      const answer = attempt.replace(/ \d+ /, ' ')
      if (repeated.has(answer)) return undefined
      repeated.add(answer)
      return { ...branch, run, repeated }
    }
    return { run, repeated, ...arrive(run, from, branch) }
  }

  const root = place({ ...nowhere, key: 'start', kind: 'start', label: 'start' })
  const bare = { run: start, seen: new Set<string>(), loose: [], repeated: new Set<string>() }
  const stack: Branch[] = [{ ...bare, ...arrive(start, { node: root, ...nothing }, bare) }]
  for (let branch = stack.pop(); branch !== undefined; branch = stack.pop()) {
    const { run, loose } = branch
    if (run.outcome.status !== 'running' || run.open.length === 0) {
      runs += 1
      continue
    }
    const state = stateOf(branch)
    if (states.has(state)) {
      runs += 1
      continue
    }
    states.add(state)
    if (runs + stack.length >= bounds.maxRuns || run.point >= bounds.maxAnswers) {
      runs += 1
      stop(run, loose)
      continue
    }
    const next: Branch[] = []
    for (const open of firstOf(run.open, choices)) {
      for (const option of optionsFor(open, choices)) {
        const made = step(branch, open, option)
        if (made) next.push(made)
        else runs += 1
      }
    }
    stack.push(...next.reverse())
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()], options, runs, isComplete }
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

/** Whether all that is in a context around the loose one is over, as far as the other one shows. */
function hasLeft({ contexts }: Loose, { contexts: around, operation }: Open): boolean {
  if (operation.kind === 'compensation') return true
  const isOutside = contexts.some(({ id }) => !around.some((one) => one.id === id))
  return isOutside && !besides(contexts, around)
}

/** Whether two stand in different branches of the same whole. */
function besides(some: readonly Around[], others: readonly Around[]): boolean {
  const at = some.findIndex(({ id }, index) => id !== others[index]?.id)
  const whole = some[at - 1]
  return at > 0 && others[at] !== undefined && whole?.operation !== undefined && isWide(whole)
}

const wide = new Set(['map', 'parallel', 'all', 'all-settled', 'any', 'race'])

function isWide({ operation }: Around): boolean {
  return operation !== undefined && wide.has(operation.kind)
}

/** The operation that is answered next, and those beside it that may be first where that decides. */
function firstOf(open: readonly Open[], choices: Choices): readonly Open[] {
  const [focus, ...others] = open
  if (focus === undefined) return []
  return [focus, ...others.filter((other) => compete(focus, other, choices))]
}

function compete(one: Open, other: Open, choices: Choices): boolean {
  const common = one.contexts.filter(({ id }) => other.contexts.some((around) => around.id === id))
  const mayFail = [one, other].some((open) => {
    return optionsFor(open, choices).some(({ status }) => status !== 'SUCCEEDED')
  })
  return common.some(({ operation }) => {
    if (operation === undefined) return false
    if (operation.kind === 'race' || operation.kind === 'any') return true
    const { options } = operation as { options?: { completion?: unknown } }
    // Of the others, the first failure may end the whole.
    return options?.completion !== undefined || (mayFail && wide.has(operation.kind))
  })
}

/** What the rest of a run depends on: all records but their times. */
function stateOf({ run, loose, repeated }: Branch): string {
  const records = run.records.map(({ StartTimestamp: _s, EndTimestamp: _e, ...rest }) => rest)
  const text = JSON.stringify(records, (key, value: unknown) =>
    key.endsWith('Timestamp') ? undefined : value,
  )
  const keys = loose.map(({ node, option }) => `${node.key} ${option?.label ?? ''}`)
  return JSON.stringify([text, keys.sort(), [...repeated].sort()])
}
