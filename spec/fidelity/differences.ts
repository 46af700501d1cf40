import type { NormalEvent } from './normal.ts'

/**
 * A difference between the histories of the two SDKs that is meant. It is allowed in the programs that
 * it names only, and each of them must show it.
 */
export interface Difference {
  readonly what: string
  readonly reason: string
  readonly programs: readonly string[]
  /** The history without what differs, applied to both sides. */
  readonly without: (events: readonly NormalEvent[]) => readonly NormalEvent[]
}

export const differences: readonly Difference[] = [
  {
    what: 'perdure writes ErrorData',
    reason: "an error of perdure's own is revived with its code, data and causes on every replay",
    programs: [
      'stepExhausted',
      'atMostOnceCrashed',
      'atMostOnceRetried',
      'conditionFailed',
      'conditionExhausted',
      'callbackFailed',
      'callbackTimedOut',
      'callbackSilent',
      'waitForCallbackFailed',
      'waitForCallbackTimedOut',
      'waitForCallbackNotSubmitted',
      'invokeFailed',
      'invokePlainFailed',
      'invokeMissing',
      'invokeTimedOut',
      'childFailed',
      'childThrew',
      'parallelThrown',
      'parallelInvalid',
      'allFailed',
      'tooLargeResult',
    ],
    without: (events) => events.map((event) => pruned(event, /^ErrorData$/)),
  },
  {
    what: 'the items of a batch: perdure tells names, and causes in ErrorData; the official SDK in Cause',
    reason: 'names are part of the result; causes are revived as they were, see above',
    programs: [
      'map',
      'mapWaiting',
      'mapFailed',
      'mapTolerant',
      'mapFlat',
      'parallel',
      'parallelEnough',
      'parallelThrown',
    ],
    without: (events) =>
      events.map((event) =>
        /^(?:Map|Parallel)$/.test(event.subType ?? '')
          ? pruned(event, /^(?:name|Cause|ErrorData)$/)
          : event,
      ),
  },
  {
    what: 'the words of an interruption',
    reason: 'ours name the attempt and the step',
    programs: ['atMostOnceCrashed', 'atMostOnceRetried'],
    without: (events) =>
      events.map((event) =>
        event.type === 'StepFailed' ? pruned(event, /^ErrorMessage$/) : event,
      ),
  },
  {
    what: 'what an execution ends with whose condition has failed',
    reason:
      'a failed condition is an error of its own, CONDITION_FAILED; the official SDK has StepError',
    programs: ['conditionFailed'],
    without: (events) => events.map((event) => atTheEnd(event, /^ErrorType$/)),
  },
  {
    what: 'the words and the type for a condition that was never met',
    reason:
      'it is an error of its own, CONDITION_EXHAUSTED; the official strategy throws a plain Error',
    programs: ['conditionExhausted'],
    without: (events) => events.map((event) => pruned(event, /^Error(?:Type|Message)$/)),
  },
  {
    what: 'the words and the type for an option that cannot be',
    reason: 'INVALID_OPTION says which option, what was found and what was expected',
    programs: ['parallelInvalid'],
    without: (events) => events.map((event) => atTheEnd(event, /^Error(?:Type|Message)$/)),
  },
  {
    what: 'what is written of a combinator',
    reason:
      'perdure writes one down only where a replay could not tell its outcome, and under a sub-type ' +
      'of its own; the official SDK always as a child context',
    programs: ['all', 'allFailed', 'allSettled', 'any', 'anyFailed', 'race'],
    without: (events) =>
      events.filter(({ subType = '' }) => !/^(?:RunInChildContext|All|Any|Race)$/.test(subType)),
  },
  {
    what: 'the error of a failed `all`',
    reason:
      'perdure throws what the member threw; the official SDK wraps it in PromiseCombinatorError',
    programs: ['allFailed'],
    without: (events) => events.map((event) => atTheEnd(event, /^ErrorType$/)),
  },
  {
    what: 'the order in which steps end that run at once',
    reason:
      'a body that throws at once is over a turn earlier in the official SDK than one that returns',
    programs: ['allFailed', 'allSettled'],
    without: (events) => sortedRuns(events, /^Step(?:Succeeded|Failed)$/),
  },
  {
    what: 'the loser of a race is cancelled',
    reason: 'nobody waits for it any more; the official SDK leaves it to run out',
    programs: ['race'],
    without: (events) => events.filter(({ type }) => type !== 'WaitCancelled'),
  },
  {
    what: 'a result that the service has no room for',
    reason:
      'perdure refuses it before it is sent; the official SDK waits for ever for the answer of the ' +
      'refused checkpoint, which the runtime reports as often as it is tried',
    programs: ['tooLargeResult'],
    without: (events) =>
      events
        .filter(({ type }) => type !== 'InvocationCompleted')
        .map((event) => atTheEnd(event, /^(?:ErrorType|ErrorMessage|StackTrace)$/)),
  },
]

/** Those differences that are needed, of those allowed; throws where some are not, or do not suffice. */
export function compare(
  program: string,
  official: readonly NormalEvent[],
  perdure: readonly NormalEvent[],
): readonly Difference[] {
  const allowed = differences.filter(({ programs }) => programs.includes(program))
  const found = firstDifference(official, perdure, allowed)
  if (found !== undefined) throw new Error(found)
  for (const one of allowed) {
    const others = allowed.filter((other) => other !== one)
    if (firstDifference(official, perdure, others) === undefined) {
      throw new Error(`The difference is allowed and does not occur any more: ${one.what}.`)
    }
  }
  return allowed
}

function firstDifference(
  official: readonly NormalEvent[],
  perdure: readonly NormalEvent[],
  allowed: readonly Difference[],
): string | undefined {
  const [one, other] = [official, perdure].map((events) =>
    allowed.reduce((left, { without }) => without(left), events).map(inOrder),
  ) as [string[], string[]]
  const at = one.findIndex((event, index) => event !== other[index])
  if (at < 0 && one.length === other.length) return undefined
  const position = at < 0 ? one.length : at
  const shown = (event = 'nothing') => event.slice(0, 600)
  return `event ${position + 1}: official ${shown(one[position])}, perdure ${shown(other[position])}`
}

/** As text that does not depend on the order of members. */
function inOrder(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}

/** Without members of such names in its details, however deep. */
function pruned(event: NormalEvent, names: RegExp): NormalEvent {
  if (!event.details) return event
  const details = without(event.details, names) as Record<string, unknown>
  return { ...event, details }
}

function atTheEnd(event: NormalEvent, names: RegExp): NormalEvent {
  return event.type === 'ExecutionFailed' ? pruned(event, names) : event
}

function without(value: unknown, names: RegExp): unknown {
  if (Array.isArray(value)) return value.map((item) => without(item, names))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key]) => !names.test(key))
  return Object.fromEntries(kept.map(([key, member]) => [key, without(member, names)]))
}

/** With events of such types that follow each other in the order of their names. */
function sortedRuns(events: readonly NormalEvent[], types: RegExp): NormalEvent[] {
  const sorted: NormalEvent[] = []
  let run: NormalEvent[] = []
  for (const event of [...events, undefined]) {
    if (event && types.test(event.type)) {
      run.push(event)
      continue
    }
    sorted.push(...run.sort((one, other) => ((one.name ?? '') < (other.name ?? '') ? -1 : 1)))
    if (event) sorted.push(event)
    run = []
  }
  return sorted
}
