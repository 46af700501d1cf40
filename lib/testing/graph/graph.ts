import type { Workflow } from '../../operations/workflow.ts'
import {
  isExecution,
  recorded,
  recordsOf,
  type RecordedHistory,
  type StepThroughOptions,
} from '../stepper/setting.ts'
import { stepThrough } from '../stepper/stepper.ts'
import { checkChoices, type Choices } from './choices.ts'
import { endLabel, explore } from './explore.ts'
import { toMermaid } from './mermaid.ts'
import { overlay } from './overlay.ts'

export interface GraphOptions<I> extends Omit<StepThroughOptions<I>, 'submitters'> {
  /** By name, how operations may answer; those not named succeed with `undefined`, and waits pass. */
  readonly choices?: Choices | undefined
  /** How many runs are made at most; 1,000 when left out. */
  readonly maxRuns?: number | undefined
  /** How many answers one run has at most; 200 when left out. */
  readonly maxAnswers?: number | undefined
  /** How many further runs are made at most in which operations do not take turns; 100 when left out. */
  readonly maxOrders?: number | undefined
}

export interface Graph {
  /** The text of a mermaid flowchart. */
  readonly mermaid: string
  /** Whether every run came to an end within the bounds. */
  readonly isComplete: boolean
  readonly runs: number
  /** Whether no more orders are possible, of operations side by side, than were gone through. */
  readonly hasAllOrders: boolean
  /** Names that `choices` has and no operation had. */
  readonly unused: readonly string[]
  /** Operations of the history that no run came to, as `id name`. */
  readonly missing: readonly string[]
}

/**
 * The operations that a workflow can reach, as a flowchart: it is run with every answer that `choices`
 * declares. With a `history`, what that execution has gone through is marked.
 */
export function graph<I, O>(workflow: Workflow<I, O>, options: GraphOptions<I> = {}): Graph {
  const {
    choices = {},
    maxRuns = 1000,
    maxAnswers = 200,
    maxOrders = 100,
    history,
    ...rest
  } = options
  checkChoices(choices)
  const endOf = (recorded: RecordedHistory) => {
    const replayed = stepThrough(workflow, { ...rest, history: recorded })
    while (replayed.answered === 'record') replayed.next()
    return endLabel(replayed.outcome)
  }
  const input = inputOf(history)
  const start = stepThrough(workflow, { ...(input && { history: input }), ...rest })
  const explored = explore(start, choices, { maxRuns, maxAnswers, maxOrders })
  const { nodes, edges, runs, isComplete, hasAllOrders } = explored
  const missing = history === undefined ? [] : overlay(explored, recordsOf(history), endOf(history))
  const named = new Set(nodes.map(({ choice }) => choice))
  const unused = Object.keys(choices).filter((name) => !named.has(name))
  const remarks = [
    ...(isComplete
      ? []
      : [`Cut: ${runs} runs of at most ${maxAnswers} answers were made, and there are more.`]),
    ...(hasAllOrders
      ? []
      : [
          'Not every order of what waits side by side was tried: there are more than `maxOrders` allows.',
        ]),
    ...(missing.length > 0 ? [`Not reached by these choices: ${missing.join(', ')}`] : []),
  ]
  return {
    mermaid: toMermaid({ nodes, edges, remarks }),
    isComplete,
    hasAllOrders,
    runs,
    unused,
    missing,
  }
}

/** Of the history, the exploration takes over no more than what it began with. */
function inputOf(history: StepThroughOptions<unknown>['history']) {
  return history && recorded(history).records.filter(isExecution)
}
