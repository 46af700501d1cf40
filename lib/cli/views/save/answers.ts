import {
  callbackName,
  isOpen,
  type History,
  type HistoryOperation,
} from '../../../testing/runner/history.ts'
import type { AttemptDraft } from '../attempts.ts'
import { keyOf, parse, quoted, thrownOf, valueOf } from './literals.ts'

// The world in which an execution took place, as members of the options of a `run`: each is a list of
// lines `name: answer,`.

export interface Recorded {
  readonly history: History
  readonly attempts: ReadonlyMap<string, readonly AttemptDraft[]>
}

/** What bodies of steps, submitters and checks came to. */
export function stepsOf(recorded: Recorded): string[] {
  const groups = new Map<string, HistoryOperation[]>()
  for (const operation of recorded.history.operations) {
    const key = bodyKey(operation)
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), operation])
  }
  return [...groups].map(([name, operations]) => `${keyOf(name)}: ${bodyOf(operations, recorded)},`)
}

/** What undoing steps came to. */
export function compensationsOf(recorded: Recorded): string[] {
  const groups = new Map<string, HistoryOperation[]>()
  for (const operation of recorded.history.operations) {
    const { subType, name } = operation
    if (subType !== 'Compensation' || name === undefined) continue
    groups.set(name, [...(groups.get(name) ?? []), operation])
  }
  return [...groups].map(([name, operations]) => `${keyOf(name)}: ${bodyOf(operations, recorded)},`)
}

/** By which a run knows the body: the operation's name or id; a submitter's is that of what it is in. */
function bodyKey({ id, type, name, subType, parent }: HistoryOperation): string | undefined {
  if (type !== 'STEP' || subType === 'Compensation') return undefined
  if (parent?.subType === 'WaitForCallback') return parent.name ?? parent.id
  return name ?? id
}

function bodyOf(operations: readonly HistoryOperation[], { attempts }: Recorded): string {
  const [first, ...others] = operations
  const tries = attempts.get(first?.id ?? '') ?? []
  const [only] = tries
  if (others.length === 0 && tries.length === 1 && only) {
    if (only.status === 'SUCCEEDED') return `() => ${inArrow(valueOf(only.result))}`
    if (only.status === 'STARTED') return 'never'
  }
  const lines = operations.map(({ id }) => {
    const answers = (attempts.get(id) ?? []).map(attemptOf)
    return `  ${quoted(id)}: [${answers.join(', ')}],`
  })
  return `byId({\n${lines.join('\n')}\n})`
}

function attemptOf({ status, result, error }: AttemptDraft): string {
  if (status === 'STARTED') return 'never'
  return status === 'FAILED' ? `throws(${thrownOf(error)})` : `() => ${inArrow(valueOf(result))}`
}

/** An object after an arrow would be a block. */
function inArrow(expression: string): string {
  return expression.startsWith('{') ? `(${expression})` : expression
}

/** What callbacks were answered, by name, in the order in which they were made. */
export function callbacksOf({ history }: Recorded): string[] {
  const groups = new Map<string, string[]>()
  for (const operation of history.operations) {
    if (operation.type !== 'CALLBACK') continue
    const name = callbackName(operation)
    groups.set(name, [...(groups.get(name) ?? []), answerOf(operation)])
  }
  return [...groups].map(([name, answers]) => {
    const isSame = answers.every((answer) => answer === answers[0])
    return `${keyOf(name)}: ${isSame ? (answers[0] ?? '') : `[\n  ${answers.join(',\n  ')},\n]`},`
  })
}

function answerOf(operation: HistoryOperation): string {
  const { status, startedAt, endedAt, result, error, details } = operation
  if (isOpen(operation) || status === 'TIMED_OUT' || endedAt === undefined) return `'timeout'`
  const seconds = Math.max(1, Math.round((endedAt.getTime() - startedAt.getTime()) / 1000))
  const { heartbeatSeconds: beat = 0 } = details
  const times = [
    `after: '${seconds}s'`,
    // Signs of life leave no event: without them it could not have come so late.
    ...(beat > 0 && seconds >= beat ? [`heartbeat: '${Math.max(1, beat - 1)}s'`] : []),
  ].join(', ')
  if (status === 'FAILED') {
    const { ErrorType: type, ErrorMessage: message = '' } = error ?? {}
    const typed = type === undefined ? '' : `type: ${quoted(type)}, `
    return `{ ${times}, fail: { ${typed}message: ${quoted(message)} } }`
  }
  const isJson = result === undefined || JSON.stringify(parse(result)) === result
  const sent = isJson ? valueOf(result) : `${quoted(result)}, serdes: asSent`
  return `{ ${times}, succeed: ${sent} }`
}

/** What the functions answered that it invoked, by name, in the order of the calls. */
export function functionsOf({ history }: Recorded): string[] {
  const groups = new Map<string, string[]>()
  for (const { type, name, id, details, status, result, error } of history.operations) {
    if (type !== 'CHAINED_INVOKE') continue
    const key = details.functionName ?? name ?? id
    const answer =
      status === 'SUCCEEDED'
        ? `() => ${inArrow(valueOf(result))}`
        : status === 'FAILED'
          ? `throws(${thrownOf(error)})`
          : 'never'
    groups.set(key, [...(groups.get(key) ?? []), answer])
  }
  return [...groups].map(([name, answers]) => {
    const [first = 'never'] = answers
    const plain = answers.length === 1 ? first : `inTurn([${answers.join(', ')}])`
    return `${keyOf(name)}: { plain: ${plain} },`
  })
}
