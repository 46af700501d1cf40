import type { Pace } from '../pace.ts'
import type { CallbackAnswer } from '../plan.ts'
import { taskPlaceOf } from './order-of-places.ts'

// Trees of concurrent operations as plain data.
//
// A place in one is a path. In a body, operations stand at `.0`, `.1`, …; below an operation, its
// members' bodies at `/0`, `/1`, …; and a task that a body has forked at `~0`, `~0_1`, …, for it
// belongs to the body and not to the operation that made it. So `p.0/1.2` is the third operation of the second
// member of what the workflow does first. Each operation has its place as its name.

export interface Tree {
  readonly nodes: readonly Node[]
  /** How the workflow itself ends, when all of its nodes are through. */
  readonly ends: 'returns' | 'throws' | 'waits and throws'
  /** Whether bodies, once cancelled, ask for a step that they have no hope of getting. */
  readonly asksInVain: boolean
}

export type Node = Leaf | Group

export type Leaf =
  StepNode | WaitNode | CallbackNode | SubmitNode | InvokeNode | ConditionNode | AsideNode

export type Group = ContextNode | Gathering | ForkNode

/** What runs its members side by side. */
export type Gathering = CombinatorNode | FanOutNode

export interface StepNode {
  readonly kind: 'step'
  readonly pace: Pace
  readonly semantics: 'at-least-once' | 'at-most-once'
  /** How many attempts fail; as many as there are tries, and the step does. */
  readonly fails: number
  readonly tries: number
  readonly undo: Undo | undefined
}

/** What undoing a step is like: it works, at the second attempt, or never. */
export type Undo = 'works' | 'works late' | 'fails'

export interface WaitNode {
  readonly kind: 'wait'
  readonly seconds: number
}

/** A callback made, something done, and its result waited for. */
export interface CallbackNode {
  readonly kind: 'callback'
  readonly answer: CallbackAnswer
  readonly between: readonly Leaf[]
}

export interface SubmitNode {
  readonly kind: 'waitForCallback'
  readonly answer: CallbackAnswer
  readonly pace: Pace
  readonly fails: number
  readonly tries: number
}

export interface InvokeNode {
  readonly kind: 'invoke'
  readonly callee: 'echo' | 'durable-echo' | 'refuse' | 'durable-refuse'
}

export interface ConditionNode {
  readonly kind: 'condition'
  readonly checks: number
  readonly ends: 'met' | 'thrown'
  readonly pace: Pace
}

/** What takes no number. */
export interface AsideNode {
  readonly kind: 'now' | 'uuid' | 'version' | 'status'
}

export interface ContextNode {
  readonly kind: 'context' | 'saga'
  readonly nodes: readonly Node[]
  readonly virtual: boolean
}

export interface CombinatorNode {
  readonly kind: 'all' | 'allSettled' | 'any' | 'race'
  readonly nodes: readonly Node[]
  readonly members: Members
}

/** In what form members are handed over; those that are no single operation are bodies all the same. */
export interface Members {
  readonly as: 'bodies' | 'generators' | 'operations'
  /** As an object in place of an array. */
  readonly keyed: boolean
}

export interface FanOutNode {
  readonly kind: 'map' | 'parallel'
  readonly nodes: readonly Node[]
  readonly members: Members
  readonly maxConcurrency: number | undefined
  readonly nesting: 'nested' | 'flat'
  readonly completion: CompletionChoice
  /** Whether a map puts two items into one iteration. */
  readonly inPairs: boolean
}

export type CompletionChoice =
  | { readonly by: 'default' | 'all' }
  | { readonly by: 'successes' | 'failures'; readonly count: number }
  /** A function that decides when so many have ended. */
  | { readonly by: 'decision'; readonly count: number; readonly says: 'succeed' | 'fail' }

/** Its first node is a task; when the others are through, it is joined, cancelled or left. */
export interface ForkNode {
  readonly kind: 'fork'
  readonly nodes: readonly Node[]
  readonly ends: 'join' | 'cancel' | 'leave'
}

function isGroup(node: Node): node is Group {
  return 'nodes' in node
}

/** Whether what a tree comes to, or what of it is recorded, depends on what ends first. */
export function isTimed(node: Node): boolean {
  if (!isGroup(node)) return false
  if (node.nodes.some(isTimed)) return true
  switch (node.kind) {
    case 'fork':
      return node.ends !== 'join'
    case 'map':
    case 'parallel':
      return (
        node.completion.by === 'successes' ||
        node.completion.by === 'decision' ||
        (node.completion.by !== 'all' && node.nodes.some(canFail))
      )
    case 'all':
      return node.nodes.some(canFail)
    case 'any':
    case 'race':
      return true
    default:
      return false
  }
}

function canFail(node: Node): boolean {
  switch (node.kind) {
    case 'step':
    case 'waitForCallback':
      return node.fails >= node.tries || ('answer' in node && node.answer.how !== 'succeed')
    case 'callback':
      return node.answer.how !== 'succeed'
    case 'invoke':
      return node.callee === 'refuse' || node.callee === 'durable-refuse'
    case 'condition':
      return node.ends === 'thrown'
    default:
      return isGroup(node) && node.nodes.some(canFail)
  }
}

/** All nodes of a tree with their places. */
export function* placesOf(tree: Tree): Generator<readonly [place: string, node: Node]> {
  yield* placesIn(tree.nodes, 'p', '')
}

function* placesIn(
  nodes: readonly Node[],
  body: string,
  path: string,
): Generator<readonly [place: string, node: Node]> {
  for (const [i, node] of nodes.entries()) {
    const at = `${path}.${i}`
    const place = `${body}${at}`
    yield [place, node]
    if (node.kind === 'callback') yield* placesIn(node.between, body, at)
    if (node.kind === 'fork') {
      yield* placesIn(node.nodes.slice(0, 1), taskPlaceOf({ body, path: at }), '')
      yield* placesIn(node.nodes.slice(1), body, at)
    } else if (isGroup(node) && !('members' in node)) {
      yield* placesIn(node.nodes, `${place}/0`, '')
    } else if (isGroup(node)) {
      for (const [k, member] of node.nodes.entries()) {
        if (isBare(node, member)) yield [`${place}/${k}`, member]
        else yield* placesIn([member], `${place}/${k}`, '')
      }
    }
  }
}

/** Whether a member is handed over as the operation that it is. */
export function isBare({ members }: Gathering, member: Node): member is Single {
  return members.as === 'operations' && isSingle(member)
}

/** What is one operation. */
export type Single = StepNode | WaitNode | SubmitNode | InvokeNode | ConditionNode

export function isSingle(node: Node): node is Single {
  return ['step', 'wait', 'waitForCallback', 'invoke', 'condition'].includes(node.kind)
}
